import { assertEquals, assertStringIncludes } from "@std/assert";
import { parseScript } from "../../../src/sql/script.ts";
import { faultOf, placeOf } from "./faults.ts";

const split = (text: string) => parseScript(text, "up.sql").statements;
const texts = (text: string) => split(text).map((statement) => statement.text);

Deno.test("parseScript() gives each statement from its first token to its last", () => {
  const text =
    "\n-- about\n  create table t (a int) /* kept */ with (fillfactor = 70) /* not */ ; -- not\n\nselect 1";
  const [create, select] = split(text);
  assertEquals(create!.text, "create table t (a int) /* kept */ with (fillfactor = 70)");
  assertEquals([create!.line, create!.start, create!.end], [3, 12, 12 + create!.text.length]);
  assertEquals([select!.text, select!.line], ["select 1", 5]);
  for (const { text: part, start, end } of [create!, select!]) assertEquals(text.slice(start, end), part);
});

Deno.test("parseScript() goes on with an E string only behind a line end", () => {
  assertEquals(texts("select E'a' '\\'; select 2"), ["select E'a' '\\'", "select 2"]);
});

Deno.test("parseScript() counts CR LF, LF and CR as one line end each", () => {
  assertEquals(split("a;\r\nb;\rc;\n\r\nd;\f\ve").map(({ line }) => line), [1, 2, 3, 5, 5]);
});

Deno.test("parseScript() keeps what is unbalanced for the server to refuse", () => {
  assertEquals(texts("select (1; select 2;"), ["select (1; select 2;"]);
  assertEquals(texts("select 1); select 2;"), ["select 1)", "select 2"]);
  assertEquals(texts("select ) (1; 2); select 3"), ["select ) (1; 2)", "select 3"]);
  assertEquals(texts("select a[1; select 2;"), ["select a[1", "select 2"]);
});

Deno.test("parseScript() gives the lines of a COPY, each with its ending, and goes on behind them", () => {
  const [copy, select] = split("copy t from stdin;\n1\tit's\n2\t\\N\n\\.\nselect 1;");
  assertEquals(copy!.text, "copy t from stdin");
  assertEquals(copy!.copyData, "1\tit's\n2\t\\N\n");
  assertEquals([select!.text, select!.line, "copyData" in select!], ["select 1", 5, false]);
});

Deno.test("parseScript() keeps CR LF in the data of a COPY", () => {
  const [copy, select] = split("copy t from stdin; \r\n1\r\n\\.\r\nselect 1;");
  assertEquals([copy!.copyData, select!.line], ["1\r\n", 4]);
});

Deno.test("parseScript() closes the data of a COPY at the file's end without a line ending", () => {
  assertEquals(split("copy t from stdin;\n1\n\\.")[0]!.copyData, "1\n");
  assertEquals(split("copy t from stdin;\r\n1\r\n\\.\r")[0]!.copyData, "1\r\n");
  assertEquals(split("copy t from stdin;\n\\.")[0]!.copyData, "");
});

for (
  const [what, text, place] of [
    ["string", "select 1;\nselect 'a; b;\n", "2:8"],
    ["string", "select E'a\\'; b;\n", "1:8"],
    ["string", "select U&'a; b;\n", "1:8"],
    ["quoted identifier", 'select "a; b;\n', "1:8"],
    ["quoted identifier", 'select u&"a; b;\n', "1:8"],
    ["dollar-quoted string $x$", "do\n $x$ begin; $$", "2:2"],
    ["comment", "select /* a /* b */ c;", "1:8"],
    [
      "BEGIN ATOMIC",
      "create function f() returns int\nbegin atomic select 1; select 2 end;\nselect 3",
      "2:1",
    ],
    ["data of the COPY", "select 1;\ncopy t from stdin;\n1\n\\.x\n", "2:1"],
    ["data of the COPY", "copy t from stdin;", "1:1"],
    ["COPY", "select 1;\n copy t from stdin", "2:2"],
  ] as const
) {
  Deno.test(`parseScript() shows where a ${what} begins that does not end: ${JSON.stringify(text)}`, () => {
    const error = faultOf(() => parseScript(text, "m/up.sql"));
    assertEquals(error.code, "sql-unreadable");
    assertEquals(error.message, `the ${what} that begins here does not end`);
    assertEquals(placeOf(error), place);
    assertEquals(error.locations[0]!.path, "m/up.sql");
    assertEquals(error.hints.length, 1);
  });
}

Deno.test("parseScript() refuses what stands between the semicolon of a COPY and its data", () => {
  const error = faultOf(() => split("copy t from stdin; select 1;\n1\n\\.\n"));
  assertEquals([error.code, placeOf(error)], ["sql-unreadable", "1:20"]);
  assertStringIncludes(error.hints[0]!, "below the data's closing line");
  assertEquals(placeOf(faultOf(() => split("copy t from stdin; /* a\n b */\n1\n\\.\n"))), "1:20");
});

Deno.test("parseScript() refuses the data of a COPY whose lines end with CR alone", () => {
  const error = faultOf(() => split("copy t from stdin;\r1\r\\.\r"));
  assertEquals([error.code, placeOf(error)], ["sql-unreadable", "2:1"]);
  assertStringIncludes(error.message, "CR alone");
});
