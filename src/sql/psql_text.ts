/** A SQL file as psql has to be given it, so that it sends what mig would send. The text stays as it is wherever it can. */

import { Lexer } from "./lexer.ts";
import type { SqlScript, SqlStatement } from "./statement.ts";

/** A file in pieces, which put together are the file. */
export interface PsqlText {
  /** Each statement with the comments before it, its semicolon, and its COPY data. */
  readonly statements: readonly string[];
  /** What stands behind the last one: comments. */
  readonly rest: string;
}

/**
 * Writes a file for psql: what are psql's commands goes (`\restrict`), a colon before a word gets a space, since psql would put
 * a variable there, and the last statement gets its semicolon.
 */
export function psqlText({ text, statements }: SqlScript): PsqlText {
  let at = 0;
  const pieces = statements.map((statement) => {
    const before = withoutCommands(text.slice(at, statement.start));
    const { tail, end } = tailOf(text, statement);
    at = end;
    return before + withoutVariables(statement.text) + tail;
  });
  return { statements: pieces, rest: withoutCommands(text.slice(at)) };
}

/** What follows a statement and belongs to it, and where that ends in the file. */
function tailOf(text: string, { end, copyData }: SqlStatement): { tail: string; end: number } {
  const lexer = new Lexer(text, end);
  if (!lexer.nextSignificant()) return { tail: ";", end };
  const tail = text.slice(end, lexer.end);
  if (copyData === undefined) return { tail, end: lexer.end };
  const data = text.indexOf("\n", lexer.end) + 1;
  const closing = data + copyData.length;
  const lineEnd = text.indexOf("\n", closing);
  // The closing line is sent too, and has to end as the data's lines do.
  const newLine = copyData.endsWith("\r\n") ? "\r\n" : "\n";
  return {
    tail: `${text.slice(end, data)}${copyData}\\.${newLine}`,
    end: lineEnd < 0 ? text.length : lineEnd + 1,
  };
}

/** Between statements there are only comments, spare semicolons, and the commands of psql that mig passes over. */
function withoutCommands(gap: string): string {
  const lexer = new Lexer(gap);
  let kept = "";
  while (lexer.next()) {
    if (lexer.kind === "symbol" && gap[lexer.start] === "\\") {
      LINE.lastIndex = lexer.start;
      LINE.test(gap);
      lexer.end = LINE.lastIndex;
    } else kept += lexer.token;
  }
  return kept;
}

/** A slice such as `a[1:n]` is the one place where SQL has a lone colon; `a[1: n]` is the same. */
function withoutVariables(statement: string): string {
  const lexer = new Lexer(statement);
  let kept = "";
  let from = 0;
  while (lexer.next()) {
    if (lexer.kind !== "symbol" || statement[lexer.start] !== ":") continue;
    const next = statement[lexer.end] ?? "";
    if (next === ":" || next === "=") lexer.end++;
    else if (VARIABLE.test(next)) {
      kept += `${statement.slice(from, lexer.end)} `;
      from = lexer.end;
    }
  }
  return kept + statement.slice(from);
}

const LINE = /[^\r\n]*/y;
/** What begins a variable behind a colon (psql's psqlscan.l): `:name`, `:'name'`, `:"name"`, `:{?name}`. */
const VARIABLE = /[A-Za-z0-9_\u0080-\uffff'"{]/;
