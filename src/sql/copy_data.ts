/** The data that follows `COPY … FROM stdin;` in a file, as psql reads it and pg_dump writes it. */

import { MigError, type SourceLocation } from "../error.ts";
import { Lexer, UnclosedError } from "./lexer.ts";
import { locate } from "./source.ts";

/** The data lines of one COPY. */
export interface CopyData {
  /** The lines, each with its line ending, without the closing `\.`. */
  readonly text: string;
  /** The offset behind the closing line. */
  readonly end: number;
}

/**
 * Finds the data: from the next line to the one that is `\.` and nothing else.
 *
 * @param semicolon the offset behind the semicolon of the COPY
 * @param start where the COPY begins
 * @throws {UnclosedError} where no line closes the data
 * @throws {MigError} `sql-unreadable` for anything but a comment between the semicolon and the line's end
 */
export function readCopyData(text: string, semicolon: number, start: number, path: string): CopyData {
  const rest = restOfLine(text, semicolon);
  if (rest.fault !== null) throw restRefused(rest.fault, locate(text, rest.fault.start, path));
  const from = rest.end + 1;
  for (let at = text.indexOf("\\.", from); at >= 0; at = text.indexOf("\\.", at + 2)) {
    if (at > from && text[at - 1] !== "\n") continue;
    END_OF_LINE.lastIndex = at + 2;
    if (END_OF_LINE.test(text)) return { text: text.slice(from, at), end: END_OF_LINE.lastIndex };
  }
  throw dataUnclosed(start);
}

/** The error for data that no line closes; `start` is where its COPY begins. */
export function dataUnclosed(start: number): UnclosedError {
  return new UnclosedError("data of the COPY", start, "write a line `\\.` below the last line of data");
}

/** What stands between the semicolon of a COPY and its data, which may be only space and a comment. */
export interface RestOfLine {
  /** Where the line ends. */
  readonly end: number;
  readonly fault: RestFault | null;
}

interface RestFault {
  readonly start: number;
  readonly message: string;
  readonly hint: string;
}

/** Looks at what stands behind the semicolon of a COPY. */
export function restOfLine(text: string, semicolon: number): RestOfLine {
  const newLine = text.indexOf("\n", semicolon);
  const end = newLine < 0 ? text.length : newLine;
  const lexer = new Lexer(text, semicolon);
  while (lexer.next() && lexer.start < end) {
    const { start } = lexer;
    if (lexer.kind === "space" || (lexer.kind === "comment" && lexer.end <= end)) continue;
    const [message, hint] = text.slice(semicolon, start).includes("\r") ? OLD_LINE_ENDS : NO_NEW_LINE;
    return { end, fault: { start, message, hint } };
  }
  return { end, fault: null };
}

/** The error for what does not belong there. */
export function restRefused({ message, hint }: RestFault, location: SourceLocation): MigError {
  return new MigError("sql-unreadable", message, { locations: [location], hint });
}

const NO_NEW_LINE = [
  "the data of a COPY begins on the line after it",
  "move what stands behind the semicolon below the data's closing line, `\\.`",
] as const;
const OLD_LINE_ENDS = [
  "the data of a COPY cannot have lines that end with CR alone",
  "save the file with LF or CR LF at the end of each line",
] as const;
const END_OF_LINE = /\r?\n|\r?$/y;
