/** Splits a SQL file into statements, as psql does. */

import { MigError, type SourceLocation } from "../error.ts";
import { readCopyData } from "./copy_data.ts";
import { Faults } from "./faults.ts";
import { UnclosedError } from "./lexer.ts";
import { type MetaCommand, refusalAt } from "./meta_command.ts";
import type { OpenStatement } from "./open_statement.ts";
import { LineCounter, locate } from "./source.ts";
import type { SqlStatement } from "./statement.ts";
import { type Directive, StatementWalk } from "./statement_walk.ts";

/** What is found in one pass through a file. */
export interface SplitText {
  readonly statements: readonly SqlStatement[];
  /** The `-- mig:` comments outside of all quotes and data. Offsets are UTF-16 units. */
  readonly directives: readonly Directive[];
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
    faults.add(() => unclosedAt(error, locate(text, error.start, path)));
  }
  faults.throwAny((count) => `mig cannot read ${path}: ${count} faults`);
  return found!;
}

/** The error for something that does not end. */
export function unclosedAt(cause: UnclosedError, location: SourceLocation): MigError {
  return new MigError("sql-unreadable", `the ${cause.what} that begins here does not end`, {
    locations: [location],
    hint: cause.hint,
    cause,
  });
}

function split(text: string, path: string, faults: Faults): SplitText {
  const lines = new LineCounter(text);
  const statements: SqlStatement[] = [];
  const walk = new StatementWalk(text);
  const refuse = ({ start, refusal }: MetaCommand) => {
    if (refusal !== null) faults.add(() => refusalAt(refusal, locate(text, start, path, refusal.length)));
  };
  try {
    while (walk.toSemicolon()) {
      const { open, lexer } = walk;
      const data = open!.copies ? readCopyData(text, lexer.end, open!.start, path) : null;
      statements.push(closed(text, open!, lines, data?.text));
      if (data !== null) lexer.end = data.end;
    }
    const last = walk.finish();
    if (last !== null) statements.push(closed(text, last, lines));
  } finally {
    walk.commands.forEach(refuse);
  }
  return { statements, directives: walk.directives };
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
