/**
 * A SQL file that is too large to be held. It is read twice: once to check it whole before anything runs, and once to run it,
 * which ends with the proof that it was the same file.
 */

import { MigError, type SourceLocation } from "../../error.ts";
import { ByteChecksum } from "../../revision/checksum.ts";
import type { LargeText } from "../../revision/large_text.ts";
import type { Direction } from "../../revision/revision.ts";
import { BATCH_IN_TRANSACTION, isBatch } from "../batch.ts";
import { checkStatement, throwRefusals, transactionControl } from "../classify.ts";
import { readDirectives } from "../directives.ts";
import { Faults } from "../faults.ts";
import { withoutOwnTransactions } from "../large_object_dump.ts";
import { UnclosedError } from "../lexer.ts";
import { refusalAt } from "../meta_command.ts";
import { touchesPrepared } from "../prepares.ts";
import { unclosedAt } from "../splitter.ts";
import { offsetOfPosition, tokenLength } from "../source.ts";
import type { Directives, SqlStatement } from "../statement.ts";
import type { Directive } from "../statement_walk.ts";
import { decodeLeniently, decodePieces } from "./decode.ts";
import { locateIn, offsetOfLine } from "./locate.ts";
import { splitPieces, type StreamedStatement } from "./split.ts";

/** A large file that was checked: what is known of it. */
export interface LargeScript {
  readonly file: LargeText;
  readonly directives: Directives;
  /** How many statements it has. */
  readonly count: number;
  /** As of `checksum()`. */
  readonly checksum: string;
  /** Whether it has savepoints. */
  readonly savepoints: boolean;
  /** Whether it has prepared statements of its own. */
  readonly prepares: boolean;
  /** It has no variables; see `SqlScript.values`. */
  readonly values?: undefined;
}

/**
 * Checks a file: what `parseScript()` and `checkScript()` refuse of a small one is refused here.
 *
 * @throws {MigError} as those
 */
export function checkLargeScript(file: LargeText, path: string, place: Direction): LargeScript {
  const sum = new ByteChecksum();
  // To find a place means to read the file again, so fewer are told.
  const unreadable = new Faults(LARGE_FAULTS), refused = new Faults(LARGE_FAULTS);
  const locate = (offset: number, length?: number) =>
    locateIn(() => decodeLeniently(file, path), offset, path, length);
  const comments: Directive[] = [];
  let transaction: boolean | null = null;
  let count = 0, first: number | undefined, savepoints = false, prepares = false;
  const pieces = decodePieces(file, path, (bytes) => sum.add(bytes));
  const sink = {
    directive: (directive: Directive) => comments.length < MOST_DIRECTIVES && comments.push(directive),
    refusal: (start: number, refusal: Parameters<typeof refusalAt>[0]) =>
      unreadable.add(() => refusalAt(refusal, locate(start, refusal.length))),
    locate,
  };
  try {
    for (const statement of withoutOwnTransactions(splitPieces(pieces, path, sink))) {
      first ??= statement.start;
      // Those that count stand before the first statement. What is wrong with them is told once all is read.
      transaction ??= !comments.some(({ text }) => NO_TRANSACTION.test(text));
      count++;
      // What could not be read is not looked into.
      if (unreadable.found || HARMLESS.test(statement.text)) continue;
      savepoints ||= transactionControl(statement) === "savepoint";
      prepares ||= touchesPrepared(statement);
      checkStatement(statement, transaction, place, refused, (length) => locate(statement.start, length));
    }
  } catch (error) {
    if (!(error instanceof UnclosedError)) throw error;
    unreadable.add(() => unclosedAt(error, locate(error.start)));
  }
  unreadable.throwAny((faults) => `mig cannot read ${path}: ${faults} faults`);
  const directives = readDirectives(comments.filter((comment) => !isBatch(comment)), first, path, locate);
  const batch = comments.find(isBatch);
  if (batch !== undefined && directives.transaction) {
    refused.add(() =>
      new MigError("sql-refused", BATCH_IN_TRANSACTION.message, {
        locations: [locate(batch.start, batch.text.length)],
        hint: BATCH_IN_TRANSACTION.hint,
      })
    );
  }
  throwRefusals(refused, path);
  return { file, directives, count, checksum: sum.digest(), savepoints, prepares };
}

const LARGE_FAULTS = 5;
const MOST_DIRECTIVES = 100;
const NO_TRANSACTION = /:\s*no-transaction\s*$/i;
/** What is refused nowhere, and makes up most of a dump. */
const HARMLESS = /^(?:insert|copy)\b/i;

/** A statement of a checked file, and how far the file is read. */
export interface ReadStatement extends StreamedStatement {
  readonly bytesRead: () => number;
}

/**
 * Gives the statements of a checked file.
 *
 * @throws {MigError} `file-failed` when the file is not the one that was checked, at its end at the latest
 */
export function* readLargeScript(
  { file, directives, checksum }: LargeScript,
  path: string,
  place: Direction,
): Generator<ReadStatement> {
  const sum = new ByteChecksum();
  let read = 0;
  const pieces = decodePieces(file, path, (bytes) => {
    sum.add(bytes);
    read += bytes.length;
  });
  const sink = {
    directive: () => {},
    refusal: () => changed(),
    locate: () => changed(),
  };
  const bytesRead = () => read;
  const changed = (): never => {
    throw fileChanged(path);
  };
  try {
    for (const statement of withoutOwnTransactions(splitPieces(pieces, path, sink))) {
      if (!HARMLESS.test(statement.text)) {
        const faults = new Faults();
        checkStatement(statement, directives.transaction, place, faults, () => ({ path }));
        if (faults.found) changed();
      }
      yield { ...statement, bytesRead };
    }
  } catch (error) {
    // It could be read when it was checked.
    if (error instanceof UnclosedError || (error instanceof MigError && error.code === "sql-unreadable")) {
      changed();
    }
    throw error;
  }
  if (sum.digest() !== checksum) changed();
}

/**
 * Where in its file a statement failed; see `locateInStatement()`.
 *
 * @param at the server's position in the statement, or the line of a COPY's data, from 1
 */
export function locateInLargeScript(
  { file }: LargeScript,
  statement: SqlStatement,
  at: { readonly position: number | null } | { readonly dataLine: number },
  path: string,
): SourceLocation {
  const read = () => decodeLeniently(file, path);
  try {
    if ("dataLine" in at) return locateIn(read, offsetOfLine(read, statement.end, at.dataLine), path);
    if (at.position === null) return locateIn(read, statement.start, path);
    const offset = offsetOfPosition(statement.text, at.position);
    return locateIn(read, statement.start + offset, path, tokenLength(statement.text, offset));
  } catch (error) {
    // What failed is told in any case, also when the file is gone.
    if (error instanceof MigError) return { path, line: statement.line };
    throw error;
  }
}

/** The error for a file that is not the one that was checked. */
export function fileChanged(path: string): MigError {
  return new MigError("file-failed", `${path} was changed while mig was running`, {
    locations: [{ path }],
    hint: "run the command again: it goes on with this revision, and checks the file anew",
  });
}
