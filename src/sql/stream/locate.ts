/** Places in a text that comes in pieces: as `locate()` gives them, without holding the whole. */

import type { SourceLocation } from "../../error.ts";
import { codePoints, LONGEST_EXCERPT } from "../source.ts";

/** Gives the text from its beginning, each time it is called. No piece ends within a character. */
export type ReadPieces = () => Iterable<string>;

/**
 * The line and column of an offset, with the line itself; see `locate()`.
 *
 * @param length how many code points to underline; the line's end cuts it short
 */
export function locateIn(read: ReadPieces, offset: number, path: string, length?: number): SourceLocation {
  const { line, start } = lineOf(read(), offset);
  let at = 0, before = 0, text = "", ended = false;
  for (const piece of read()) {
    const from = Math.max(0, start - at);
    const part = piece.slice(from, endOfLine(piece, from));
    before += codePoints(part, 0, Math.min(part.length, Math.max(0, offset - at - from)));
    if (text.length <= LONGEST_EXCERPT) text += part;
    at += piece.length;
    ended = at > start && from + part.length < piece.length;
    if (ended || (text.length > LONGEST_EXCERPT && at > offset)) break;
  }
  const whole = text.length <= LONGEST_EXCERPT;
  const left = whole ? codePoints(text, offset - start, text.length) : Infinity;
  return {
    path,
    line,
    column: before + 1,
    ...(whole ? { excerpt: text } : {}),
    ...(length === undefined ? {} : { length: Math.max(1, Math.min(length, left)) }),
  };
}

/** Where the lines begin of which each is `lines` below the one of `offset`: the offset of data that PostgreSQL counts by lines. */
export function offsetOfLine(read: ReadPieces, offset: number, lines: number): number {
  let at = 0, left = lines;
  for (const piece of read()) {
    for (let from = Math.max(0, offset - at); left > 0; left--) {
      const next = piece.indexOf("\n", from);
      if (next < 0) break;
      from = next + 1;
      if (left === 1) return at + from;
    }
    at += piece.length;
  }
  return left === 0 ? offset : at;
}

/** The line in which an offset stands, and where that begins. */
function lineOf(pieces: Iterable<string>, offset: number): { readonly line: number; readonly start: number } {
  let line = 1, start = 0, at = 0, held = "";
  for (const piece of pieces) {
    const text = held + piece;
    // A LF may follow, and belong to it.
    held = text.endsWith("\r") ? "\r" : "";
    LINE_END.lastIndex = 0;
    while (LINE_END.test(text)) {
      const end = LINE_END.lastIndex;
      if (at + end > offset || end > text.length - held.length) break;
      line++;
      start = at + end;
    }
    at += text.length - held.length;
    if (at > offset) break;
  }
  return held !== "" && at + 1 <= offset ? { line: line + 1, start: at + 1 } : { line, start };
}

function endOfLine(text: string, from: number): number {
  LINE_REST.lastIndex = from;
  LINE_REST.test(text);
  return LINE_REST.lastIndex;
}

const LINE_END = /\r\n|\n|\r/g;
const LINE_REST = /[^\r\n]*/y;
