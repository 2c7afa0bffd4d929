import { assertEquals } from "@std/assert";
import { canOpen, formatMarker, parseMarker, PGLITE_VERSION } from "../../../src/embedded/version.ts";

Deno.test("PGLITE_VERSION is the version that deno.json pins", async () => {
  const path = new URL("../../../deno.json", import.meta.url);
  const { imports } = JSON.parse(await Deno.readTextFile(path)) as { imports: Record<string, string> };
  assertEquals(imports["@electric-sql/pglite"], `npm:@electric-sql/pglite@${PGLITE_VERSION}`);
});

Deno.test("parseMarker() reads what formatMarker() writes", () => {
  assertEquals(parseMarker(formatMarker()), { pglite: PGLITE_VERSION });
});

Deno.test("parseMarker() gives null for what is not a marker", () => {
  for (const text of ["", "{", "null", "[]", "{}", '{"pglite": 5}', '{"pglite": "new"}']) {
    assertEquals(parseMarker(text), null, text);
  }
});

Deno.test("canOpen() asks for the same minor version", () => {
  const [major, minor] = PGLITE_VERSION.split(".");
  assertEquals(canOpen({ pglite: `${major}.${minor}.0` }), true);
  assertEquals(canOpen({ pglite: `${major}.${minor}.999` }), true);
  assertEquals(canOpen({ pglite: `${major}.${Number(minor) - 1}.16` }), false);
  assertEquals(canOpen({ pglite: `${major}.${minor}1.0` }), false);
  assertEquals(canOpen({ pglite: "1.5.0" }), false);
});
