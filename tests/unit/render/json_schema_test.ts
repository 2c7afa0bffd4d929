import { assert, assertEquals } from "@std/assert";
import { REGISTRY } from "../../../src/commands/registry.ts";
import { EXIT_CODES, MigError } from "../../../src/error.ts";
import { JSON_VERSION, renderJsonError } from "../../../src/render/json.ts";
import { faultsOf, SCHEMAS } from "../../support/schemas.ts";

Deno.test("every registered command has a schema, and no other has one", () => {
  const shared = ["envelope", "values"];
  const commands = REGISTRY.map(({ name }) => name);
  assertEquals(
    [...SCHEMAS.keys()].sort(),
    [...commands, ...shared].sort(),
    "write docs/schemas/<command>.json",
  );
});

Deno.test("each schema has the $id of its file, names its command, and says what it is", () => {
  for (const [name, schema] of SCHEMAS) {
    assertEquals(schema.$schema, "https://json-schema.org/draft/2020-12/schema", name);
    assert(schema.$id.endsWith(`/docs/schemas/${name}.json`), schema.$id);
    assert(schema.title.length > 0 && schema.description.length > 0, name);
    if (name === "envelope" || name === "values") continue;
    assertEquals([schema.$ref, schema.properties.command.const], ["envelope.json", name]);
  }
});

Deno.test("every object in the schemas is closed, but for the facts of an error", () => {
  const open: string[] = [];
  const look = (value: unknown, path: string) => {
    if (typeof value !== "object" || value === null) return;
    const { type, properties, additionalProperties, $ref } = value as Record<string, unknown>;
    if (
      type === "object" && properties !== undefined && $ref === undefined && additionalProperties !== false
    ) {
      open.push(path);
    }
    for (const [key, inner] of Object.entries(value)) look(inner, `${path}/${key}`);
  };
  for (const [name, schema] of SCHEMAS) look(schema, name);
  assertEquals(open, []);
});

Deno.test("the envelope has the version of the contract and every error code", () => {
  const { properties, $defs } = SCHEMAS.get("envelope")!;
  assertEquals(properties.version.const, JSON_VERSION);
  assertEquals($defs.error.properties.code.enum.toSorted(), Object.keys(EXIT_CODES).sort());
  for (const code of Object.keys(EXIT_CODES) as (keyof typeof EXIT_CODES)[]) {
    const error = JSON.parse(renderJsonError("up", new MigError(code, "it failed")));
    assertEquals(faultsOf("up", error), [], code);
  }
});
