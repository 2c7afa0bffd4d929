/** A SQL file as psql has to be given it, so that it sends what mig would send. The text stays as it is wherever it can. */

import { Lexer } from "./lexer.ts";
import { cutScript } from "./pieces.ts";
import type { SqlScript } from "./statement.ts";

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
export function psqlText(script: SqlScript): PsqlText {
  const { pieces, rest } = cutScript(script);
  return {
    statements: pieces.map(({ before, statement, tail }) => before + withoutVariables(statement.text) + tail),
    rest,
  };
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

/** What begins a variable behind a colon (psql's psqlscan.l): `:name`, `:'name'`, `:"name"`, `:{?name}`. */
const VARIABLE = /[A-Za-z0-9_\u0080-\uffff'"{]/;
