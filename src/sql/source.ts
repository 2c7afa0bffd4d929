/** Places in a SQL text: from offsets to lines and columns, and from PostgreSQL's positions to offsets. */

import type { SourceLocation } from "../error.ts";
import { Lexer, UnclosedError } from "./lexer.ts";
import type { SqlScript, SqlStatement } from "./statement.ts";

const LINE_END = /\r\n|\n|\r/g;

/**
 * The line and column of an offset. Lines end with LF, CR LF or CR.
 *
 * @param offset in UTF-16 units
 * @param length how many code points to underline
 */
export function locate(text: string, offset: number, path: string, length?: number): SourceLocation {
  let line = 1, lineStart = 0;
  LINE_END.lastIndex = 0;
  for (let match = LINE_END.exec(text); match !== null; match = LINE_END.exec(text)) {
    if (LINE_END.lastIndex > offset) break;
    line++;
    lineStart = LINE_END.lastIndex;
  }
  const rest = /[^\r\n]*/y;
  rest.lastIndex = lineStart;
  const excerpt = rest.exec(text)![0];
  const column = [...text.slice(lineStart, offset)].length + 1;
  return { path, line, column, excerpt, ...(length === undefined ? {} : { length }) };
}

/** Gives the lines of offsets that are asked for in rising order, going through the text once. */
export class LineCounter {
  #line = 1;
  #ends = new RegExp(LINE_END);
  #next: number;

  constructor(readonly text: string) {
    this.#next = this.#advance();
  }

  /** The line of an offset, from 1; no less than the one before. */
  lineOf(offset: number): number {
    for (; this.#next <= offset; this.#line++) this.#next = this.#advance();
    return this.#line;
  }

  /** Where the next line begins. */
  #advance(): number {
    return this.#ends.exec(this.text) === null ? Infinity : this.#ends.lastIndex;
  }
}

/** The offset of a position as PostgreSQL counts: code points from 1, carriage returns included. */
export function offsetOfPosition(text: string, position: number): number {
  let offset = 0;
  for (let points = 1; points < position && offset < text.length; points++) {
    offset += text.codePointAt(offset)! > 0xffff ? 2 : 1;
  }
  return offset;
}

/**
 * Where in the file the server found an error.
 *
 * @param position in the statement's text; null where the server did not say, which is the statement's beginning
 */
export function locateInStatement(
  script: SqlScript,
  statement: SqlStatement,
  position: number | null,
  path: string,
): SourceLocation {
  if (position === null) return locate(script.text, statement.start, path);
  const offset = offsetOfPosition(statement.text, position);
  return locate(script.text, statement.start + offset, path, tokenLength(statement.text, offset));
}

/** The length of the token at an offset, in code points. */
function tokenLength(text: string, offset: number): number {
  const lexer = new Lexer(text, offset);
  try {
    if (!lexer.next()) return 1;
  } catch (error) {
    if (error instanceof UnclosedError) return 1;
    throw error;
  }
  return [...lexer.token.split(/[\r\n]/, 1)[0]!].length || 1;
}
