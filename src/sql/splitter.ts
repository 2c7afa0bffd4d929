/** Splits a SQL file into statements, as psql does. */

import { MigError } from "../error.ts";
import { readCopyData } from "./copy_data.ts";
import { Faults } from "./faults.ts";
import { Lexer, UnclosedError } from "./lexer.ts";
import { passMetaCommand } from "./meta_command.ts";
import { OpenStatement } from "./open_statement.ts";
import { LineCounter, locate } from "./source.ts";
import type { SqlStatement } from "./statement.ts";

/** What is found in one pass through a file. */
export interface SplitText {
  readonly statements: readonly SqlStatement[];
  /** The `-- mig:` comments outside of all quotes and data. Offsets are UTF-16 units. */
  readonly directives: readonly { readonly start: number; readonly text: string }[];
}

/**
 * Splits a file.
 *
 * @param path the file, for errors
 * @throws {MigError} `sql-unreadable` for a quote, comment, BEGIN ATOMIC or COPY data without an end; `sql-refused` for
 * commands of psql
 */
export function splitText(text: string, path: string): SplitText {
  const faults = new Faults();
  let found: SplitText | null = null;
  try {
    found = split(text, path, faults);
  } catch (error) {
    if (!(error instanceof UnclosedError)) throw error;
    faults.add(() =>
      new MigError("sql-unreadable", `the ${error.what} that begins here does not end`, {
        locations: [locate(text, error.start, path)],
        hint: error.hint,
        cause: error,
      })
    );
  }
  faults.throwAny((count) => `mig cannot read ${path}: ${count} faults`);
  return found!;
}

function split(text: string, path: string, faults: Faults): SplitText {
  const lexer = new Lexer(text);
  const lines = new LineCounter(text);
  const statements: SqlStatement[] = [];
  const directives: { start: number; text: string }[] = [];
  let open: OpenStatement | null = null;
  while (lexer.next()) {
    const { kind, start } = lexer;
    if (kind === "space") continue;
    if (kind === "comment") {
      if (isDirective(text, start)) directives.push({ start, text: lexer.token });
      continue;
    }
    const symbol = kind === "symbol" ? text[start] : "";
    if (symbol === "\\") {
      lexer.end = passMetaCommand(text, start, path, open, faults);
    } else if (symbol === ";" && !open?.holdsSemicolons) {
      if (open === null) continue;
      const data = open.copies ? readCopyData(text, lexer.end, open.start, path) : null;
      statements.push(closed(text, open, lines, data?.text));
      if (data !== null) lexer.end = data.end;
      open = null;
    } else {
      open ??= new OpenStatement(start);
      open.take(lexer);
    }
  }
  if (open !== null) {
    open.finish();
    if (open.copies) throw new UnclosedError("COPY", open.start, NO_DATA);
    statements.push(closed(text, open, lines));
  }
  return { statements, directives };
}

function closed(
  text: string,
  { start, end }: OpenStatement,
  lines: LineCounter,
  copyData?: string,
): SqlStatement {
  const statement = { text: text.slice(start, end), start, end, line: lines.lineOf(start) };
  return copyData === undefined ? statement : { ...statement, copyData };
}

function isDirective(text: string, comment: number): boolean {
  DIRECTIVE.lastIndex = comment;
  return DIRECTIVE.test(text);
}

const NO_DATA = "write a semicolon, its data in the lines below, and a line `\\.`";
const DIRECTIVE = /--[ \t]*mig[ \t]*:/iy;
