/** Places in a SQL text: from offsets to lines and columns, and from PostgreSQL's positions to offsets. */

import type { SourceLocation } from "../error.ts";
import { Lexer, UnclosedError } from "./lexer.ts";
import type { SqlScript, SqlStatement, WrittenStatement } from "./statement.ts";

const LINE_END = /\r\n|\n|\r/g;

/** A longer line, in UTF-16 units, is not worth showing: no person wrote it. */
export const LONGEST_EXCERPT = 1_000_000;

/**
 * The line and column of an offset. Lines end with LF, CR LF or CR.
 *
 * The excerpt is the whole line as it is in the file, so that column and length count in it; whoever shows it cuts a window
 * around the column. There is none for a line of more than a million characters.
 *
 * @param offset in UTF-16 units
 * @param length how many code points to underline; the line's end cuts it short
 */
export function locate(text: string, offset: number, path: string, length?: number): SourceLocation {
  let line = 1, lineStart = 0;
  LINE_END.lastIndex = 0;
  while (LINE_END.test(text) && LINE_END.lastIndex <= offset) {
    line++;
    lineStart = LINE_END.lastIndex;
  }
  LINE_REST.lastIndex = lineStart;
  LINE_REST.test(text);
  const lineEnd = LINE_REST.lastIndex;
  return {
    path,
    line,
    column: codePoints(text, lineStart, offset) + 1,
    ...(lineEnd - lineStart > LONGEST_EXCERPT ? {} : { excerpt: text.slice(lineStart, lineEnd) }),
    ...(length === undefined
      ? {}
      : { length: Math.max(1, Math.min(length, codePoints(text, offset, lineEnd))) }),
  };
}

const LINE_REST = /[^\r\n]*/y;

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
    return this.#ends.test(this.text) ? this.#ends.lastIndex : Infinity;
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
 * Where in the file the server found an error, with the length of the token there.
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
  if (statement.written !== undefined) {
    return locateInWritten(script, statement, statement.written, offset, path);
  }
  return locate(script.text, statement.start + offset, path, tokenLength(statement.text, offset));
}

/** The place in the file of an offset in a statement whose variables are filled in; in a value it is that of `${NAME}`. */
function locateInWritten(
  script: SqlScript,
  statement: SqlStatement,
  { insertions }: WrittenStatement,
  offset: number,
  path: string,
): SourceLocation {
  let shift = 0;
  for (const { start, end, writtenStart, writtenEnd } of insertions) {
    if (offset < start) break;
    if (offset < end) {
      return locate(script.text, statement.start + writtenStart, path, writtenEnd - writtenStart);
    }
    shift = writtenEnd - end;
  }
  const token = tokenLength(statement.text, offset);
  const length = insertions.some(({ start }) => start > offset && start < offset + token) ? 1 : token;
  return locate(script.text, statement.start + offset + shift, path, length);
}

/** The length of the token at an offset, in code points. */
export function tokenLength(text: string, offset: number): number {
  const lexer = new Lexer(text, offset);
  try {
    if (!lexer.next() || lexer.kind === "space" || lexer.kind === "comment") return 1;
  } catch (error) {
    if (error instanceof UnclosedError) return 1;
    throw error;
  }
  if (lexer.kind !== "symbol") return codePoints(text, offset, lexer.end);
  OPERATOR.lastIndex = offset;
  return OPERATOR.test(text) ? OPERATOR.lastIndex - offset : 1;
}

/** The characters of which operators are made (manual, "Operators"), up to where a comment begins; and `::`, `:=`. */
const OPERATOR = /(?:(?!--|\/\*)[-+*/<>=~!@#%^&|`?])+|:[:=]/y;

/** How many code points stand in a part of a text. Counts without making an array: a line may have millions. */
export function codePoints(text: string, from: number, to: number): number {
  let points = 0;
  for (let at = from; at < to; points++) at += text.codePointAt(at)! > 0xffff ? 2 : 1;
  return points;
}
