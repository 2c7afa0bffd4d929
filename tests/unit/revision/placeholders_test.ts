import { assertEquals } from "@std/assert";
import { fieldsOf, fillIn, placeholderFault, placeholdersOf } from "../../../src/revision/placeholders.ts";

const NOW = new Date("2026-11-22T22:05:09.999Z");
const MERGE = {
  id: "3f9a1c2b",
  message: "join\n drop table users;",
  parents: ["a1", "b2"],
  dependsOn: ["c3"],
  labels: ["billing"],
};

Deno.test("fillIn() gives what each placeholder stands for", () => {
  const text = "-- {{id}} {{slug}} {{ parents }} {{labels}} {{depends_on}} {{date}} {{hour}}:{{minute}}";
  assertEquals(
    fillIn(text, fieldsOf(MERGE, NOW)),
    "-- 3f9a1c2b join_drop_table_users a1, b2 billing c3 2026-11-22 22:05",
  );
  assertEquals(fillIn("{{parents}}", fieldsOf({ ...MERGE, parents: [] }, NOW)), "base");
});

Deno.test("fillIn() keeps a message in its line, so that nothing of it leaves its comment", () => {
  assertEquals(fillIn("-- {{message}}", fieldsOf(MERGE, NOW)), "-- join drop table users;");
});

Deno.test("fillIn() does not fill in what it filled in", () => {
  assertEquals(fillIn("{{message}}", fieldsOf({ ...MERGE, message: "{{id}} $& $1" }, NOW)), "{{id}} $& $1");
});

Deno.test("placeholdersOf() passes over arrays of PostgreSQL and what a backslash keeps", () => {
  const text = String.raw`select '{{1,2},{3,4}}', '{{a,b},{c,d}}', '{{"a"}}', '{{}}', \{{id}};`;
  assertEquals(placeholdersOf(text), []);
  assertEquals(fillIn(text, {}), text.replace("\\", ""));
});

Deno.test("placeholdersOf() finds names that are none, so that they can be told", () => {
  const found = placeholdersOf("{{id}} {{ create_date }} {{message | upper}}");
  assertEquals(found.map(({ name, offset }) => `${name}@${offset}`), [
    "id@0",
    "create_date@7",
    "message | upper@25",
  ]);
  assertEquals(placeholderFault(found[0]!, ["id", "date"]), null);
  assertEquals(placeholderFault(placeholdersOf("{{dat}}")[0]!, ["id", "date"]), {
    message: "there is no placeholder {{dat}}",
    hint: "did you mean {{date}}? The placeholders are {{id}} {{date}}",
  });
});
