import { assert, assertEquals } from "@std/assert";
import { loadModule, parseSync } from "npm:libpg-query@18.1.5";
import { Lexer } from "../../../src/sql/lexer.ts";
import { splitText } from "../../../src/sql/splitter.ts";
import type { SqlStatement } from "../../../src/sql/statement.ts";
import { type CorpusCase, corpusCases } from "./corpus.ts";

const split = ({ text, name }: CorpusCase) => splitText(text, name).statements;

/** Where PostgreSQL's own parser begins and ends each statement, in UTF-16 units. */
function parsed(text: string): { start: number; end: number }[] {
  const bytes = new TextEncoder().encode(text);
  const units = (end: number) => new TextDecoder().decode(bytes.subarray(0, end)).length;
  return (parseSync(text).stmts ?? []).map(({ stmt_location: from = 0, stmt_len: length = 0 }) => ({
    start: units(from),
    end: units(length === 0 ? bytes.length : from + length),
  }));
}

/** Whether nothing but space and comments stands in a part of a text. */
function isGap(text: string, from: number, to: number): boolean {
  const lexer = new Lexer(text.slice(from, to));
  return !lexer.nextSignificant();
}

/**
 * The parser in libpg-query keeps comments as tokens, and so does not go on with a string behind one. PostgreSQL 14 to 18
 * do: `select E'a' -- c`, and on the next line `'b\'c'`, is one string.
 */
const PARSER_DIFFERS = "quotes.sql: an E string goes on behind a line comment";

const comparable = (lineEnding?: "\n" | "\r\n" | "\r") =>
  corpusCases(lineEnding).filter(({ name }) => name !== PARSER_DIFFERS);

/** PostgreSQL's parser does not know data lines and commands of psql. */
function isPlainSql(statements: readonly SqlStatement[], text: string): boolean {
  return statements.every(({ copyData }) => copyData === undefined) && !text.includes("\\restrict");
}

Deno.test("the corpus holds a hundred cases", () => {
  assert(corpusCases().length >= 100, String(corpusCases().length));
});

Deno.test("splitText() finds as many statements in each case of the corpus as it has", () => {
  for (const item of corpusCases()) assertEquals(split(item).length, item.statements, item.name);
});

Deno.test("splitText() finds the same with CR LF, each text as it is in the file", () => {
  const dos = corpusCases("\r\n");
  for (const [at, item] of corpusCases().entries()) {
    const texts = split(item).map(({ text, copyData }) => [text, copyData]);
    const inDos = split(dos[at]!).map(({ text, copyData }) => [text, copyData]);
    assertEquals(
      inDos,
      texts.map((pair) => pair.map((text) => text?.replaceAll("\n", "\r\n"))),
      item.name,
    );
  }
});

Deno.test("splitText() finds the same with CR alone, where there is no data", () => {
  const mac = corpusCases("\r");
  for (const [at, item] of corpusCases().entries()) {
    const statements = split(item);
    if (!isPlainSql(statements, item.text)) continue;
    const inMac = split(mac[at]!).map(({ text, line }) => [text.replaceAll("\r", "\n"), line]);
    assertEquals(inMac, statements.map(({ text, line }) => [text, line]), item.name);
  }
});

Deno.test("splitText() begins and ends each statement where PostgreSQL's parser does", async () => {
  await loadModule();
  let compared = 0;
  for (const lineEnding of ["\n", "\r\n", "\r"] as const) {
    for (const item of comparable(lineEnding)) {
      if (lineEnding === "\r" && /stdin|stdout|restrict/i.test(item.text)) continue;
      const statements = split(item);
      if (!isPlainSql(statements, item.text)) continue;
      const expected = parsed(item.text);
      assertEquals(statements.map(({ start }) => start), expected.map(({ start }) => start), item.name);
      for (const [at, { end }] of statements.entries()) {
        assert(end <= expected[at]!.end && isGap(item.text, end, expected[at]!.end), item.name);
      }
      compared += statements.length;
    }
  }
  assert(compared > 400, String(compared));
});

Deno.test("splitText() makes of each file statements that are one to PostgreSQL's parser", async () => {
  await loadModule();
  for (const item of comparable()) {
    for (const { text } of split(item)) {
      assertEquals(parsed(text).length, 1, `${item.name}: ${text}`);
    }
  }
});
