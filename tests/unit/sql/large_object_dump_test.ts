import { assertEquals, assertThrows } from "@std/assert";
import { MigError } from "../../../src/error.ts";
import { checkScript } from "../../../src/sql/classify.ts";
import { psqlText } from "../../../src/sql/psql_text.ts";
import { parseScript } from "../../../src/sql/script.ts";
import { checkLargeScript } from "../../../src/sql/stream/script.ts";
import { fileOf } from "./stream/file_of.ts";

const DUMP = `SELECT pg_catalog.lo_create('1');
-- the data
BEGIN;

SELECT pg_catalog.lo_open('1', 131072);
SELECT pg_catalog.lowrite(0, '\\x00');
SELECT pg_catalog.lo_close(0);

SELECT pg_catalog.lo_open('2', 131072);
SELECT pg_catalog.lo_close(0);

COMMIT;
select 1;
`;

const read = (text: string) => {
  const script = parseScript(text, "up.sql");
  checkScript(script, "up.sql", "up");
  return script.statements.map((statement) => statement.text.split("(")[0]);
};

Deno.test("the transaction in which pg_dump puts the data of large objects is passed over", () => {
  const statements = read(DUMP);
  assertEquals(statements.length, 7);
  assertEquals(statements.filter((text) => /begin|commit/i.test(text!)), []);
  assertEquals(checkLargeScript(fileOf(DUMP, [7]), "up.sql", "up").count, 7);
});

Deno.test("a script for psql does not have it either", () => {
  const { statements, rest } = psqlText(parseScript(DUMP, "up.sql"));
  assertEquals(/BEGIN|COMMIT/.test(statements.join("") + rest), false);
});

Deno.test("any other BEGIN and COMMIT is refused as ever", () => {
  for (
    const text of [
      "begin;\nselect lo_open(1, 2);",
      "begin;\nselect 1;",
      "begin",
      "begin;\nbegin;\nselect pg_catalog.lo_open('1', 131072);",
      "select pg_catalog.lo_close(0);\nselect 1;\ncommit;",
      "start transaction;\nselect pg_catalog.lo_open('1', 131072);",
      "select pg_catalog.lo_close(0);\ncommit;\ncommit;",
    ]
  ) {
    assertThrows(() => read(text), MigError);
    assertThrows(() => checkLargeScript(fileOf(text, [3]), "up.sql", "up"), MigError);
  }
});
