import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { MigError } from "../../../src/error.ts";
import { fillIn } from "../../../src/sql/fill_in.ts";
import { parseScript } from "../../../src/sql/script.ts";
import { locateInStatement } from "../../../src/sql/source.ts";
import { faultOf } from "./faults.ts";

const fill = (text: string, values: Record<string, string>) =>
  fillIn(parseScript(`-- mig: env ${Object.keys(values).join(" ")}\n${text}`, "up.sql"), "up.sql", values);
const one = (text: string, value: string) =>
  fill(text, { V: value }).statements.map(({ text }) => text).join("; ");

for (
  const [text, value, filled] of [
    ["create table ${V}_log (id int)", "app", "create table app_log (id int)"],
    ["create role ${V}${V}", "a", "create role aa"],
    ["select '${V}'", "it's -- ; \\ $$", "select 'it''s -- ; \\ $$'"],
    ["select '${V}'", "", "select ''"],
    ["select E'${V}', e'\\'${V}'", "a\\'", "select E'a\\\\''', e'\\'a\\\\'''"],
    ["select N'${V}'", "'", "select N''''"],
    ['create role "${V}"', 'a"b;', 'create role "a""b;"'],
    ["select $$it's ${V}$$", "a'b", "select $$it's a'b$$"],
    ["select $$${V}$$", "", "select $$$$"],
    ["select $x$${V}$x$", "$$", "select $x$$$$x$"],
    ["do $$ begin perform '${V}', \"${V}\", ${V}; end $$", "x", "do $$ begin perform 'x', \"x\", x; end $$"],
    ["do $$ begin perform '${V}'; end $$", "a'; drop", "do $$ begin perform 'a''; drop'; end $$"],
    [
      "do $$ begin execute $q$select '${V}'$q$; end $$",
      "a'b",
      "do $$ begin execute $q$select 'a'b'$q$; end $$",
    ],
    [
      "create or replace function f() returns text return '${V}'",
      "'",
      "create or replace function f() returns text return ''''",
    ],
    ["do $$ begin execute 'x ''${V}'''; end $$", "plain", "do $$ begin execute 'x ''plain'''; end $$"],
    ["do language plpython3u $$ f('${V}') $$", "plain", "do language plpython3u $$ f('plain') $$"],
    [
      "select '${V}' /* ${V} */ , 1 -- ${V}\n, '${OTHER}', $1",
      "x",
      "select 'x' /* ${V} */ , 1 -- ${V}\n, '${OTHER}', $1",
    ],
    ["copy ${V} from stdin;\n${V}\n\\.\n", "t", "copy t from stdin"],
    ["select ${V}", "1; select 2' ".slice(0, 1), "select 1"],
  ] as const
) {
  Deno.test(`fillIn() writes ${JSON.stringify(value)} into ${JSON.stringify(text)}`, () => {
    assertEquals(one(text, value), filled);
  });
}

for (
  const [text, value, why] of [
    ["select ${V}", "1; drop table users", "no whole piece of SQL"],
    ["select ${V}", "1 --", "no whole piece of SQL"],
    ["select ${V} /* */", "/*", "no whole piece of SQL"],
    ["select 1 -${V}", "-1", "no whole piece of SQL"],
    ["select 1 ${V}- 2", "-", "no whole piece of SQL"],
    ["select 1 ${V}* 2*/ 1", "/", "no whole piece of SQL"],
    ["select ${V}", "'a", "no whole piece of SQL"],
    ["select ${V}", "$$", "no whole piece of SQL"],
    ["select ${V}", "\\! id", "no whole piece of SQL"],
    ["select ${V}", "", "is empty"],
    ['select "${V}"', "", "is empty"],
    ["select $$${V}$$", "a$$b", "would end the quote $$"],
    ["select $a$x$${V}$y$a$", "a", "would end the quote $a$"],
    ["select $ab$x$a${V}$y$ab$", "b", "would end the quote $ab$"],
    ["select ${V}'a\\' || 'b'", "E", "would make something else"],
    ["copy t from ${V}", "stdin", "would make something else"],
    ["do $$ begin execute 'x ''${V}'''; end $$", "a'b", "a string within a string"],
    ["do language plpython3u $$ f('${V}') $$", "a'b", "the body of a function"],
    ["select U&'${V}'", "a\\b", "a U& quote"],
    ["select '${V}'", "a\0b", "NUL"],
  ] as const
) {
  Deno.test(`fillIn() refuses ${JSON.stringify(value)} in ${JSON.stringify(text)}`, () => {
    const error = faultOf(() => one(text, value));
    assertEquals([error.code, error.locations[0]!.line], ["variable-invalid", 2]);
    assertStringIncludes(error.message, why);
    if (value.length > 3) {
      assert(!JSON.stringify({ ...error, cause: null }).includes(JSON.stringify(value).slice(1, -1)));
    }
  });
}

Deno.test("fillIn() shows where each variable is used that is not set", () => {
  const script = parseScript("-- mig: env A B C\nselect '${A}';\n  select '${B}', '${A}', ${C}", "m/up.sql");
  const error = assertThrows(() => fillIn(script, "m/up.sql", { C: "c" }), MigError);
  assertEquals(
    error.errors.map((
      { code, message, locations: [at] },
    ) => [code, message, at!.line, at!.column, at!.length]),
    [
      ["variable-missing", "the environment variable A is not set", 2, 9, 4],
      ["variable-missing", "the environment variable B is not set", 3, 11, 4],
    ],
  );
});

Deno.test("fillIn() takes no value from Object.prototype", () => {
  const script = parseScript("-- mig: env constructor\nselect '${constructor}'", "up.sql");
  assertEquals(faultOf(() => fillIn(script, "up.sql", {})).code, "variable-missing");
});

Deno.test("an error's place is that of the file as it is written, in a value that of ${NAME}", () => {
  const script = fill("select 'ü${V}', ${W} +\n  ${V} oops", { V: "a longer 😀 value", W: "1" });
  const statement = script.statements[0]!;
  const place = (token: string) => {
    const position = [...statement.text.slice(0, statement.text.indexOf(token))].length + 1;
    const { line, column, length } = locateInStatement(script, statement, position, "up.sql");
    return [line, column, length];
  };
  assertEquals(place("'ü"), [2, 8, 1]);
  assertEquals(place("longer"), [2, 10, 4]);
  assertEquals(place("1 +"), [2, 17, 4]);
  assertEquals(place("+\n"), [2, 22, 1]);
  assertEquals(place("oops"), [3, 8, 4]);
  assertEquals(script.text.split("\n")[1], "select 'ü${V}', ${W} +");
});
