import { assertEquals, assertStringIncludes } from "@std/assert";
import { fieldsOf } from "../../../src/revision/placeholders.ts";
import { readTemplates } from "../../../src/storage/templates.ts";
import { faultOf, TestFolder } from "./folders.ts";

const FIELDS = fieldsOf(
  { id: "a1", message: "add tags", parents: [], dependsOn: [], labels: [] },
  new Date("2026-11-22T22:05:09Z"),
);

Deno.test("readTemplates() gives mig's own texts where the default folder is not there", () => {
  const templates = readTemplates({ path: "not/here", required: false });
  assertStringIncludes(templates("up", FIELDS), "-- Write here the SQL that makes the change");
  assertStringIncludes(templates("down", FIELDS), "delete this file");
});

Deno.test("readTemplates() takes a file of the named template, else the project's, else mig's", () => {
  using folder = new TestFolder().write({
    "up.sql": "\uFEFF-- {{message}}\r\n",
    "data/down.sql": "-- no way back from {{id}}\n",
  });
  const at = { path: folder.path, required: true };
  assertEquals(readTemplates(at)("up", FIELDS), "-- add tags\r\n");
  assertStringIncludes(readTemplates(at)("down", FIELDS), "-- Write here");
  const named = readTemplates(at, "data");
  assertEquals([named("up", FIELDS), named("down", FIELDS)], ["-- add tags\r\n", "-- no way back from a1\n"]);
});

Deno.test("readTemplates() tells every placeholder that is unknown, with its line and column", async () => {
  using folder = new TestFolder().write({
    "up.sql": "-- {{id}}\n-- ü {{titel}}\n",
    "down.sql": "{{x}}",
  });
  const error = await faultOf(() => readTemplates({ path: folder.path, required: false }));
  assertEquals(error.code, "template-invalid");
  assertEquals(
    error.locations.map(({ path, line, column }) => `${folder.short(path)}:${line}:${column}`),
    ["$/up.sql:2:6", "$/down.sql:1:1"],
  );
});

Deno.test("readTemplates() refuses a folder or a name that is not there", async () => {
  using folder = new TestFolder().write({ "data/up.sql": "", "index/up.sql": "" });
  const missing = await faultOf(() => readTemplates({ path: `${folder.path}/none`, required: true }));
  assertEquals(missing.code, "folder-missing");
  const unknown = await faultOf(() => readTemplates({ path: folder.path, required: true }, "indx"));
  assertEquals([unknown.message, folder.short(unknown.hints.join("; "))], [
    'there is no template "indx"',
    'did you mean "index"?; the templates in $ are data, index',
  ]);
  assertEquals(
    (await faultOf(() => readTemplates({ path: folder.path, required: true }, ".."))).code,
    "usage",
  );
});
