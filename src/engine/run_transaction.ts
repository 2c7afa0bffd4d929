/** Runs a step in one transaction together with its row in the version table. The messages are posted, not awaited. */

import type { AppliedRevision } from "../revision/applied.ts";
import type { RevisionId } from "../revision/revision.ts";
import { labelOf } from "../sql/words.ts";
import type { OnEvent, StepName } from "./event.ts";
import { hasSavepoints, type RunStatement, statementsIn } from "./file_reading.ts";
import type { RunLock } from "./lock.ts";
import type { StepContext } from "./failure.ts";
import type { Pipeline } from "./pipeline.ts";
import { type PreparedStep, statementsOf, type WholeStep } from "./prepared_step.ts";
import { StatementEvents } from "./statement_events.ts";
import { closeStepSql, type Flush, openStepSql } from "./step_sql.ts";
import type { Timeouts } from "./timeouts.ts";
import type { Before, Sending } from "./table_statements.ts";
import type { VersionTable } from "./version_table.ts";

/** What every step of a run shares. */
export interface RunContext {
  readonly lock: RunLock;
  /** The rows before the run, which tell what an earlier run has begun. */
  readonly before: readonly AppliedRevision[];
  readonly table: VersionTable;
  readonly timeouts: Timeouts;
  readonly flush: Flush;
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
  /** How many steps the run has. */
  readonly count: number;
}

/** Where a step stands in its run. */
export interface StepPlace {
  /** From 1. */
  readonly index: number;
  /** Which try it is, from 1. */
  readonly attempt: number;
}

/**
 * Posts a step: open, each statement, close.
 *
 * @param last the revision that was applied last when this step begins, which the guard asserts
 * @param how `index` is the step's number in the run, from 1; `sending` and `before` tell how the statements on the version
 * table are sent, and what has to become of prepared ones first
 * @returns false when it was stopped in between by the user
 * @throws {PipelineFailure} when an earlier message failed
 */
export async function postTransaction(
  pipeline: Pipeline<StepContext>,
  step: PreparedStep,
  last: RevisionId | null,
  how: StepPlace & { readonly sending: Sending; readonly before: Before },
  run: RunContext,
): Promise<boolean> {
  const name = nameOf(step);
  const count = statementsOf(step);
  // A failed statement leaves the transaction open for ROLLBACK TO, and what stands behind that would then run.
  const oneByOne = hasSavepoints(step);
  const events = new StatementEvents(run.onEvent, name, count);
  let started = 0;
  const { index, attempt, sending, before } = how;
  const open = openStepSql(run.table, step, last, run.timeouts, sending, before);
  await pipeline.post({ text: open, context: { step, phase: "open" } }, () => {
    started = performance.now();
    run.onEvent({
      type: "step-started",
      step: name,
      index,
      count: run.count,
      statements: count,
      attempt,
      resumedAfter: 0,
      resumedRows: 0,
    });
    events.begin();
  });
  for (const statement of statementsIn(step, name, run)) {
    if (run.signal.aborted) return false;
    events.sent(statement);
    await pipeline.post(messageOf(step, statement), () => events.done());
    // Data that is read while it is sent has to be all read before the file is read on.
    if (oneByOne || statement.data !== undefined) await pipeline.drain();
    // Before the file is read to its end for nothing.
    if (run.signal.aborted) return false;
  }
  const close = closeStepSql(run.table, step, run.flush === "revision" || index === run.count, sending);
  await pipeline.post({ text: close, context: { step, phase: "close" } }, () => {
    run.onEvent({
      type: "step-finished",
      step: name,
      statements: count,
      ms: performance.now() - started,
    });
  });
  return true;
}

/** A statement as a message that knows where it stands. */
export function messageOf(
  step: PreparedStep,
  statement: RunStatement,
): { text: string; copyData?: string | Iterable<string>; context: StepContext } {
  const copyData = statement.data ?? statement.copyData;
  return { text: statement.text, copyData, context: { step, phase: "statement", statement } };
}

/** The event that a statement starts; `at` counts from 0. */
export function statementStarted(step: WholeStep, at: number) {
  const statement = step.script.statements[at]!;
  return {
    type: "statement-started" as const,
    step: nameOf(step),
    index: at + 1,
    count: step.script.statements.length,
    label: labelOf(statement.written ?? statement),
    line: statement.line,
  };
}

/** The event that a statement is done; `at` counts from 0. */
export function statementFinished(step: WholeStep, at: number, ms: number) {
  const statement = step.script.statements[at]!;
  return {
    type: "statement-finished" as const,
    step: nameOf(step),
    index: at + 1,
    count: step.script.statements.length,
    label: labelOf(statement.written ?? statement),
    ms,
  };
}

/** A step as events and reports name it. */
export function nameOf({ direction, revision }: Pick<PreparedStep, "direction" | "revision">): StepName {
  return { direction, id: revision.id, message: revision.message };
}
