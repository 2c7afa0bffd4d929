import { assertEquals, assertStringIncludes } from "@std/assert";
import { parseScript } from "../../../src/sql/script.ts";
import { faultOf, placeOf } from "./faults.ts";

const refusal = (text: string) => faultOf(() => parseScript(text, "up.sql"));

Deno.test("parseScript() passes over the lines by which pg_dump guards psql", () => {
  const { statements } = parseScript("\\restrict aB3'\nselect 1;\n\\unrestrict aB3'\n", "up.sql");
  assertEquals(statements.map(({ text }) => text), ["select 1"]);
});

for (
  const [text, place, what, instead] of [
    ["\\i other.sql\n", "1:1 \\i", "\\i is a command of psql", "put the other file's SQL here"],
    ["\\ir other.sql", "1:1 \\ir", "\\ir is", "put the other file's SQL here"],
    ["select 1;\n  \\set a 1", "2:3 \\set", "\\set is", "write the value where it is used"],
    ["\\set ON_ERROR_STOP on", "1:1 \\set", "\\set is", "mig stops at the first error"],
    ["\\connect db", "1:1 \\connect", "\\connect is", "--database"],
    ["\\c db", "1:1 \\c", "\\c is", "--database"],
    ["\\copy t from 'a.csv' csv", "1:1 \\copy", "\\copy is", "COPY … FROM stdin"],
    ["select 1 as a \\gset", "1:15 \\gset", "\\gset is", "DO block"],
    ["select 1 \\gexec\n", "1:10 \\gexec", "\\gexec is", "EXECUTE"],
    ["select 1 \\g", "1:10 \\g", "\\g is", "semicolon"],
    ["\\echo it's done", "1:1 \\echo", "\\echo is", "raise notice"],
    ["\\if :x", "1:1 \\if", "\\if is", "in SQL"],
    ["select 1 \\; select 2;", "1:10 \\;", "\\; is", "plain semicolon"],
    ["\\! rm x", "1:1 \\!", "\\! is", "outside of mig"],
    ["\\unheardof", "1:1 \\unheardof", "\\unheardof is", "as SQL"],
    ["\\constructor", "1:1 \\constructor", "\\constructor is", "as SQL"],
    ["\\😀", "1:1 \\😀", "\\😀 is", "as SQL"],
    ["select 1 \\", "1:10 \\", "a backslash outside of quotes", "as SQL"],
    ["select 1\n\\restrict x\n", "2:1 \\restrict", "\\restrict is", "with a semicolon"],
    ["1\t2\n\\.\n", "2:1 \\.", "`\\.` closes the data of a COPY", "FROM stdin"],
    ["copy t from stdin\n1\t2\n\\.\n", "3:1 \\.", "`\\.` closes the data of a COPY", "lacks its semicolon"],
  ] as const
) {
  Deno.test(`parseScript() refuses ${JSON.stringify(text)}, and says what to do instead`, () => {
    const [error] = [refusal(text)].flatMap((all) => all.errors.length > 0 ? all.errors : [all]);
    assertEquals(error!.code, "sql-refused");
    assertEquals(placeOf(error!), place);
    assertStringIncludes(error!.message, what);
    assertStringIncludes(error!.hints.join(), instead);
  });
}

Deno.test("parseScript() reports every command of psql at once, and at most twenty", () => {
  const error = refusal("\\set a 1\nselect 1;\n\\echo it's\n\\i x\n");
  assertEquals(error.message, "mig cannot read up.sql: 3 faults");
  assertEquals(error.errors.map(placeOf), ["1:1 \\set", "3:1 \\echo", "4:1 \\i"]);
  const many = refusal("\\N\n".repeat(50_000));
  assertEquals(many.message, "mig cannot read up.sql: 50000 faults; the first 20 are");
  assertEquals(many.errors.length, 20);
});

Deno.test("parseScript() reports a command of psql and the string that does not end behind it", () => {
  const error = refusal("\\set a 1\nselect 'a");
  assertEquals(error.errors.map(({ code }) => code), ["sql-refused", "sql-unreadable"]);
});

Deno.test("parseScript() leaves backslashes in quotes, comments and data, and psql's variables, alone", () => {
  const text = "select '\\i', \"\\i\", $$\n\\i x\n$$, :a; -- \\i\n/*\n\\i\n*/ copy t from stdin;\n\\i\n\\.\n";
  assertEquals(parseScript(text, "up.sql").statements.length, 2);
});
