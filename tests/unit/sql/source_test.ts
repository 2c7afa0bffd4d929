import { assertEquals } from "@std/assert";
import { parseScript } from "../../../src/sql/script.ts";
import { LineCounter, locate, locateInStatement, offsetOfPosition } from "../../../src/sql/source.ts";

Deno.test("locate() counts lines by CR LF, LF and CR, and columns in code points", () => {
  const text = "a\r\nb😀é;c\rd\n\n e";
  const place = (part: string) => {
    const { line, column, excerpt } = locate(text, text.indexOf(part), "up.sql");
    return [line, column, excerpt];
  };
  assertEquals(place("a"), [1, 1, "a"]);
  assertEquals(place("c"), [2, 5, "b😀é;c"]);
  assertEquals(place("d"), [3, 1, "d"]);
  assertEquals(place("e"), [5, 2, " e"]);
});

Deno.test("locate() finds the end of the text, and the beginning of an empty one", () => {
  assertEquals(locate("ab\n", 3, "up.sql"), { path: "up.sql", line: 2, column: 1, excerpt: "" });
  assertEquals(locate("ab", 2, "up.sql"), { path: "up.sql", line: 1, column: 3, excerpt: "ab" });
  assertEquals(locate("", 0, "up.sql", 1), { path: "up.sql", line: 1, column: 1, excerpt: "", length: 1 });
});

Deno.test("locate() takes a line break for a part of its line", () => {
  const text = "ab\r\ncd";
  assertEquals([2, 3].map((offset) => locate(text, offset, "up.sql").line), [1, 1]);
});

Deno.test("locate() underlines no further than the line", () => {
  assertEquals(locate("ab cd\nef", 3, "up.sql", 5).length, 2);
});

Deno.test("locate() keeps a long line, and leaves out one of more than a million characters", () => {
  const long = "x".repeat(500_000) + "é";
  assertEquals(locate(long, 500_000, "up.sql").excerpt, long);
  const { line, column, excerpt } = locate("a\n" + "x".repeat(1_000_001), 1_000_000, "up.sql");
  assertEquals([line, column, excerpt], [2, 999_999, undefined]);
});

Deno.test("LineCounter counts as locate() does", () => {
  const text = "a\r\n\rb\n\n\r\nc\r";
  const counter = new LineCounter(text);
  for (let offset = 0; offset < text.length; offset++) {
    assertEquals(counter.lineOf(offset), locate(text, offset, "up.sql").line, String(offset));
  }
});

Deno.test("offsetOfPosition() counts code points from 1, carriage returns included", () => {
  const text = "é\r\n😀x";
  assertEquals([1, 2, 3, 4, 5, 6, 99].map((at) => offsetOfPosition(text, at)), [0, 1, 2, 3, 5, 6, 6]);
});

/** Where the server's error at a part of the second statement is shown, and what is underlined. */
function shown(statement: string, part: string): string {
  const script = parseScript(`-- 😀\r\nselect 1;\r\n  ${statement};\nselect 3`, "up.sql");
  const position = [...statement.slice(0, statement.indexOf(part))].length + 1;
  const { path, line, column, excerpt, length } = locateInStatement(
    script,
    script.statements[1]!,
    position,
    "up.sql",
  );
  return `${path}:${line}:${column} ${[...excerpt!].slice(column! - 1, column! - 1 + length!).join("")}`;
}

Deno.test("locateInStatement() shows the token which the server names", () => {
  assertEquals(shown("select '😀', nosuch", "nosuch"), "up.sql:3:15 nosuch");
  assertEquals(shown("select 1,\r\n\t'é' \"no such\" x", '"no'), 'up.sql:4:6 "no such"');
  assertEquals(shown("select 1 <-> 2", "<->"), "up.sql:3:12 <->");
  assertEquals(shown("select 1 +-- c\n 2", "+"), "up.sql:3:12 +");
  assertEquals(shown("select 1 */* c */ 2", "*/*"), "up.sql:3:12 *");
  assertEquals(shown("select a::nosuch", "::"), "up.sql:3:11 ::");
  assertEquals(shown("select (1", "("), "up.sql:3:10 (");
  assertEquals(shown("select 12.5e x", "12.5e"), "up.sql:3:10 12.5e");
});

Deno.test("locateInStatement() underlines the first line of a token of several", () => {
  assertEquals(shown("select 'a\nb'", "'a"), "up.sql:3:10 'a");
});

Deno.test("locateInStatement() shows the end of a statement that ends too early", () => {
  const script = parseScript("select 1;\n select 2 + ;\n", "up.sql");
  const statement = script.statements[1]!;
  const { line, column, length } = locateInStatement(script, statement, statement.text.length + 1, "up.sql");
  assertEquals([line, column, length], [2, 12, 1]);
});

Deno.test("locateInStatement() shows the first line of a statement where the server names no place", () => {
  const script = parseScript("select 1;\n insert into t\n values (1)", "up.sql");
  assertEquals(locateInStatement(script, script.statements[1]!, null, "up.sql"), {
    path: "up.sql",
    line: 2,
    column: 2,
    excerpt: " insert into t",
  });
});

Deno.test("locateInStatement() stands a position inside a quote that nothing closes", () => {
  const script = parseScript("select 'it''s'", "up.sql");
  assertEquals(locateInStatement(script, script.statements[0]!, 14, "up.sql").column, 14);
});
