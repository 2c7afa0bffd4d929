import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { duplicates, placeOf, placesOf } from "../../../src/cli/config/places.ts";
import { rejected, told } from "../postgres/literals.ts";
import { project } from "./project.ts";

/** Each fault of a mig.json as `line:column message`. */
async function faults(text: string): Promise<string[]> {
  await using dir = await project({ "mig.json": text });
  const error = await rejected(dir.load());
  assertEquals(error.code, "config-invalid");
  return (error.errors.length > 0 ? error.errors : [error]).map(({ message, locations: [place] }) =>
    `${place?.line}:${place?.column} ${message}`
  );
}

Deno.test("loadConfig() tells every fault of mig.json at once, each with its line and column", async () => {
  assertEquals(
    await faults(`{
  "databse": "postgres://h/d",
  "lock_wait": "soon",
  "table": 7,
  "environments": {
    "live": { "migratoins": "x", "lock_timeout": "5 parsecs" },
    "dev": []
  }
}
`),
    [
      '2:3 the key "databse" is unknown',
      '3:16 "lock_wait" is no length of time: "soon"',
      '4:12 "table" is not a string',
      '6:15 the key "migratoins" is unknown',
      '6:50 "lock_timeout" is no length of time: "5 parsecs"',
      '7:12 the environment "dev" is not an object',
    ],
  );
});

Deno.test("loadConfig() suggests the key that was meant", async () => {
  await using dir = await project({ "mig.json": '{"databse": "x", "lock_waits": "1s", "zzz": 1}' });
  const error = await rejected(dir.load());
  assertEquals(error.hints.slice(0, 2), ['did you mean "database"?', 'did you mean "lock_wait"?']);
  assertStringIncludes(error.hints[2]!, "the keys are database, migrations");
});

Deno.test("loadConfig() finds keys that are written twice", async () => {
  assertEquals(await faults('{"table": "a",\n "table": "b",\n "environments": {"a": {}, "a": {}}}'), [
    '2:2 the key "table" stands in its object a second time',
    '3:28 the key "a" stands in its object a second time',
  ]);
});

Deno.test("loadConfig() accepts comments and trailing commas, and still knows the lines", async () => {
  await using dir = await project({
    "mig.json": '\uFEFF// the project\r\n{\r\n  /* "table": "x", */\r\n  "table": "y", // z\r\n}\r\n',
  });
  const { table } = await dir.load();
  assertEquals(table, { value: "y", origin: { kind: "file", path: "mig.json", line: 4, keys: ["table"] } });
});

Deno.test("loadConfig() says what keeps mig.json from being JSON", async () => {
  assertEquals(await faults('{\n  "table": "a"\n  "migrations": "b"\n}'), [
    "3:3 JSON wants a comma before this",
  ]);
  assertEquals(await faults("{\n  \"table\": 'a'\n}"), [
    "2:12 this is no value of JSON; strings stand in double quotes",
  ]);
  assertEquals(await faults(""), ["1:1 mig.json is empty"]);
  assertEquals(await faults("[]"), ["1:1 mig.json is not an object"]);
  assertEquals(await faults("// nothing\n"), ["2:1 JSON wants a value here"]);
  assertEquals(await faults("[".repeat(200_000)), ["1:1 mig.json is not JSON"]);
});

Deno.test("loadConfig() says how to mend a file in UTF-16", async () => {
  await using dir = await project({ "mig.json": new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0]) });
  const error = await rejected(dir.load());
  assertEquals(error.message, "mig.json is UTF-16");
  await using dotenv = await project({ ".env": new Uint8Array([0x41, 0x3d, 0xff]) });
  assertEquals((await rejected(dotenv.load())).message, ".env is not UTF-8");
});

Deno.test("loadConfig() names the flag or the variable that has a wrong value", async () => {
  await using dir = await project({ ".env": "\nMIG_LOCK_TIMEOUT=never" });
  const flag = await rejected(dir.load({ env: { MIG_LOCK_TIMEOUT: "1s" }, flags: { "lock-wait": "x" } }));
  assertEquals([flag.code, flag.message], ["usage", '--lock-wait is no length of time: "x"']);
  const variable = await rejected(dir.load());
  assertEquals([variable.code, variable.message], [
    "config-invalid",
    'MIG_LOCK_TIMEOUT is no length of time: "never"',
  ]);
  assertEquals(variable.locations, [{ path: ".env", line: 2, note: "MIG_LOCK_TIMEOUT" }]);
});

Deno.test("loadConfig() shows the line of a fault, but no line that may hold a password", async () => {
  await using dir = await project({
    "mig.json": `{
  "lock_wait": "soon",
  "databse": "postgres://u:TOKEN@h/d",
  "pasword": "TOKEN",
  "table": "a b", "x": "postgres://u:TOKEN@h/d"
}`,
  });
  const error = await rejected(dir.load());
  assertEquals(error.locations.map(({ line, excerpt }) => [line, excerpt]), [
    [2, '  "lock_wait": "soon",'],
    [3, '  "databse": …'],
    [4, '  "pasword": …'],
    [5, undefined],
    [5, undefined],
  ]);
  assert(!told(error).includes("TOKEN"));
});

Deno.test("placesOf() finds keys and values through nesting, arrays, comments and escapes", () => {
  const text = '{"a": [1, {"b": 2}, {"b": 3}], // "no": 1\n "c\\n": {"d": "}"}, "e": -1.5e3}';
  const places = placesOf(text);
  const value = (...keys: string[]) => {
    const span = placeOf(places, keys)?.value;
    return span && text.slice(span.offset, span.offset + span.length);
  };
  assertEquals(value("a"), '[1, {"b": 2}, {"b": 3}]');
  assertEquals(value("c\n"), '{"d": "}"}');
  assertEquals(value("c\n", "d"), '"}"');
  assertEquals(value("e"), "-1.5e3");
  assertEquals(value("no"), undefined);
  assertEquals(duplicates(places), []);
});
