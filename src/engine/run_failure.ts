/** The errors with which a run ends before its last step, each with what the database says is done. */

import { MigError } from "../error.ts";
import { type Notice, QueryError, type Session } from "./database.ts";
import { type StepContext, stepFailure } from "./failure.ts";
import type { Locked } from "./lock.ts";
import type { MigrateOptions } from "./migrator.ts";
import { accountFor } from "./outcome.ts";
import { PipelineFailure } from "./pipeline.ts";
import type { CheckedStep } from "./checked_step.ts";
import type { PreparedStep } from "./prepared_step.ts";
import type { Reconnection } from "./reconnect.ts";
import { rollbackAndFlush, standingAfter } from "./standing.ts";
import { ONCE } from "./tried.ts";
import type { Watch } from "./watch.ts";

/** What has to be known of the run. */
export interface FailedRun {
  readonly options: MigrateOptions & {
    readonly onNotice: (notice: Notice) => void;
    readonly watch: Pick<Watch, "takeBlockers" | "follow">;
  };
  /** What was found under the lock, before the first step. */
  readonly locked: Locked;
  readonly steps: readonly CheckedStep[];
}

/** What the server refused, and which message it was. */
export interface Failure {
  readonly error: QueryError;
  readonly context: StepContext;
}

/** The failure that an error tells of; null for one that is no answer of the server. */
export function failureOf(error: unknown, steps: readonly CheckedStep[]): Failure | null {
  if (error instanceof PipelineFailure) return { error: error.error, context: error.context as StepContext };
  // Of what is not sent through the pipeline, that is what comes behind the last step.
  if (error instanceof QueryError) {
    return { error, context: { step: steps.at(-1)!.load(), phase: "journal" } };
  }
  return null;
}

/**
 * The error that tells of a failure, and of what the run has kept.
 *
 * @param tries how often the step was tried, from 1
 */
export async function runFailure(
  { error, context }: Failure,
  tries: number,
  run: FailedRun,
  session: Session,
): Promise<MigError> {
  const { options, locked: { table, applied }, steps } = run;
  const standing = await standingAfter(session, options, table, error);
  const tried = { tries, blockers: options.watch.takeBlockers() };
  return accountFor(stepFailure(error, context, table, tried), standing, applied, steps, {
    step: context.step,
    statement: context.statement,
    interrupted: options.signal.aborted,
    command: options.again[context.step.direction],
  });
}

/** The error of a run that does not go on over another connection. */
export function lostFailure(
  { error, context }: Failure,
  { options, locked: { table, applied }, steps }: FailedRun,
  { standing, why }: Extract<Reconnection, { line: null }>,
): MigError {
  const { code, message, server, cause } = stepFailure(error, context, table, ONCE);
  const lost = new MigError(code, message, { server, cause, hint: why });
  return accountFor(lost, standing, applied, steps, {
    step: context.step,
    interrupted: options.signal.aborted,
    command: options.again[context.step.direction],
  });
}

/** The error for a run that was stopped between two statements, when there was nothing on the server to cancel. */
export async function stoppedBefore(
  step: PreparedStep,
  { options: { again }, locked, steps }: FailedRun,
  session: Session,
): Promise<MigError> {
  const applied = await rollbackAndFlush(session, locked.table);
  const stopped = new MigError("interrupted", "stopped by you");
  return accountFor(stopped, { known: true, applied }, locked.applied, steps, {
    step,
    interrupted: true,
    command: again[step.direction],
  });
}
