/** Runs a step in one transaction together with its row in the version table. The messages are posted, not awaited. */

import type { RevisionId } from "../revision/revision.ts";
import { transactionControl } from "../sql/classify.ts";
import type { SqlStatement } from "../sql/statement.ts";
import { labelOf } from "../sql/words.ts";
import type { OnEvent, StepName } from "./event.ts";
import type { RunLock } from "./lock.ts";
import type { StepContext } from "./failure.ts";
import type { Pipeline } from "./pipeline.ts";
import type { PreparedStep } from "./prepare.ts";
import { closeStepSql, type Flush, openStepSql } from "./step_sql.ts";
import type { Timeouts } from "./timeouts.ts";
import type { Before, Sending } from "./table_statements.ts";
import type { VersionTable } from "./version_table.ts";

/** What every step of a run shares. */
export interface RunContext {
  readonly lock: RunLock;
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
  const { statements } = step.script;
  const name = nameOf(step);
  // A failed statement leaves the transaction open for ROLLBACK TO, and what stands behind that would then run.
  const oneByOne = statements.some((statement) => transactionControl(statement) === "savepoint");
  let started = 0, since = 0;
  const finish = (at: number) => {
    const now = performance.now();
    run.onEvent(statementFinished(step, at, now - since));
    since = now;
    announce(at + 1);
  };
  const announce = (next: number) => {
    if (next < statements.length) run.onEvent(statementStarted(step, next));
  };
  const { index, attempt, sending, before } = how;
  const open = openStepSql(run.table, step, last, run.timeouts, sending, before);
  await pipeline.post({ text: open, context: { step, phase: "open" } }, () => {
    started = since = performance.now();
    run.onEvent({
      type: "step-started",
      step: name,
      index,
      count: run.count,
      statements: statements.length,
      attempt,
      resumedAfter: 0,
      resumedRows: 0,
    });
    announce(0);
  });
  for (const [at, statement] of statements.entries()) {
    if (run.signal.aborted) return false;
    await pipeline.post(messageOf(step, statement), () => finish(at));
    if (oneByOne) await pipeline.drain();
  }
  const close = closeStepSql(run.table, step, run.flush === "revision" || index === run.count, sending);
  await pipeline.post({ text: close, context: { step, phase: "close" } }, () => {
    run.onEvent({
      type: "step-finished",
      step: name,
      statements: statements.length,
      ms: performance.now() - started,
    });
  });
  return true;
}

/** A statement as a message that knows where it stands. */
export function messageOf(
  step: PreparedStep,
  statement: SqlStatement,
): { text: string; copyData?: string; context: StepContext } {
  return {
    text: statement.text,
    copyData: statement.copyData,
    context: { step, phase: "statement", statement },
  };
}

/** The event that a statement starts; `at` counts from 0. */
export function statementStarted(step: PreparedStep, at: number) {
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
export function statementFinished(step: PreparedStep, at: number, ms: number) {
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
