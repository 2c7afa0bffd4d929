/** Splits a SQL file that comes in pieces: the statements are those that `splitText()` finds in the whole. */

import { restOfLine, restRefused } from "../copy_data.ts";
import { UnclosedError } from "../lexer.ts";
import type { MetaCommandRefusal } from "../meta_command.ts";
import type { OpenStatement } from "../open_statement.ts";
import type { SourceLocation } from "../../error.ts";
import type { SqlStatement } from "../statement.ts";
import { type Directive, StatementWalk } from "../statement_walk.ts";
import { copyDataIn } from "./copy_data.ts";
import { TextWindow } from "./window.ts";

/** A statement of a large file. Offsets count from the beginning of the file. */
export interface StreamedStatement extends Omit<SqlStatement, "copyData"> {
  /** The data of a COPY; whoever does not read it to its end before the next statement never gets the rest. */
  readonly data?: Iterable<string>;
}

/** What is found beside the statements, with offsets from the beginning of the file. */
export interface StreamSink {
  directive(directive: Directive): void;
  refusal(start: number, refusal: MetaCommandRefusal): void;
  /** Where an offset is. */
  locate(offset: number): SourceLocation;
}

/**
 * Gives the statements of a file, one by one.
 *
 * @param pieces its text; none ends within a character
 * @throws {UnclosedError} with its offset in the file, where the file ends within a quote, comment, body or data
 * @throws {MigError} as `splitText()`, and `sql-refused` for a statement that is too long
 */
export function* splitPieces(
  pieces: Iterable<string>,
  path: string,
  sink: StreamSink,
): Generator<StreamedStatement> {
  const window = new TextWindow(pieces, path);
  try {
    for (let next: Next = "look on"; next !== "end";) {
      if (next === "read on") window.grow();
      next = yield* statementsIn(window, sink);
    }
  } finally {
    window.close();
  }
}

/** What to do when nothing more can be had of a window: let it grow first, look at it again, or nothing. */
type Next = "read on" | "look on" | "end";

/** Gives what is whole in the window, and leaves it at what is not, or is not known to be. */
function* statementsIn(window: TextWindow, sink: StreamSink): Generator<StreamedStatement, Next> {
  const { text, base } = window;
  const walk = new StatementWalk(text, window.at);
  while (walkOn(walk, window, sink)) {
    const open = walk.open!, { end } = walk.lexer;
    const rest = open.copies ? unlessUnfinished(window, () => restOfLine(text, end)) : null;
    if (rest === false || (rest?.end === text.length && !window.ended)) break;
    report(walk, Infinity, base, sink);
    window.advance(open.start);
    const statement = closed(open, window);
    if (rest === null) {
      yield statement;
      continue;
    }
    if (rest.fault !== null) throw restRefused(rest.fault, sink.locate(base + rest.fault.start));
    window.advance(Math.min(rest.end + 1, text.length));
    const data = copyDataIn(window, statement.start);
    // Without `return`: whoever stops in the middle leaves the rest to be passed over here.
    yield { ...statement, data: { [Symbol.iterator]: () => ({ next: () => data.next() }) } };
    while (!data.next().done);
    return "look on";
  }
  if (!window.ended) {
    report(walk, walk.resumeAt, base, sink);
    window.advance(walk.resumeAt);
    return "read on";
  }
  report(walk, Infinity, base, sink);
  const last = withOffset(base, () => walk.finish());
  if (last !== null) {
    window.advance(last.start);
    yield closed(last, window);
  }
  return "end";
}

function walkOn(walk: StatementWalk, window: TextWindow, sink: StreamSink): boolean {
  try {
    return unlessUnfinished(window, () => walk.toSemicolon());
  } catch (error) {
    report(walk, Infinity, window.base, sink);
    throw error;
  }
}

/** Does what may find that something does not end: false where the window does not show whether it does. */
function unlessUnfinished<T>(window: TextWindow, act: () => T): T | false {
  try {
    return withOffset(window.base, act);
  } catch (error) {
    if (error instanceof UnclosedError && !window.ended) return false;
    throw error;
  }
}

/** Turns places in the window into places in the file. */
function withOffset<T>(base: number, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof UnclosedError)) throw error;
    throw new UnclosedError(error.what, base + error.start, error.hint);
  }
}

/** Hands out what was met before an offset. What stands behind it will be met again. */
function report(walk: StatementWalk, before: number, base: number, sink: StreamSink): void {
  for (const { start, text } of walk.directives) {
    if (start < before) sink.directive({ start: base + start, text });
  }
  for (const { start, refusal } of walk.commands) {
    if (start < before && refusal !== null) sink.refusal(base + start, refusal);
  }
  walk.directives = [];
  walk.commands = [];
}

function closed({ start, end }: OpenStatement, { text, base, line }: TextWindow): StreamedStatement {
  return { text: text.slice(start, end), start: base + start, end: base + end, line };
}
