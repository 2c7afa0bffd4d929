/** A SQL file in pieces which, put together again, are the file: for those who write it anew with a few things changed. */

import { Lexer } from "./lexer.ts";
import type { SqlScript, SqlStatement } from "./statement.ts";

/** A statement and what belongs to it. */
export interface Piece {
  readonly statement: SqlStatement;
  /** The space and comments before it. What mig passes over (`\restrict`, the BEGIN of a large object's data) is left out. */
  readonly before: string;
  /** What follows it: its semicolon, and its COPY data. */
  readonly tail: string;
}

/** Cuts a file. */
export function cutScript(
  { text, statements }: SqlScript,
): { readonly pieces: readonly Piece[]; readonly rest: string } {
  let at = 0;
  const pieces = statements.map((statement) => {
    const before = withoutCommands(text.slice(at, statement.start));
    const { tail, end } = tailOf(text, statement);
    at = end;
    return { statement, before, tail };
  });
  return { pieces, rest: withoutCommands(text.slice(at)) };
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

/** Between statements there are only comments, spare semicolons, and what mig passes over: commands of psql, BEGIN, COMMIT. */
function withoutCommands(gap: string): string {
  const lexer = new Lexer(gap);
  let kept = "";
  while (lexer.next()) {
    if (lexer.kind === "symbol" && gap[lexer.start] === "\\") {
      LINE.lastIndex = lexer.start;
      LINE.test(gap);
      lexer.end = LINE.lastIndex;
    } else if (lexer.kind !== "word") kept += lexer.token;
  }
  return kept;
}

const LINE = /[^\r\n]*/y;
