/**
 * Runs prepared steps in order. A run that fails over something which passes is taken up again where it stands; for any other
 * failure the database itself is asked what came of the steps.
 */

import { MigError } from "../error.ts";
import type { AppliedPlace } from "../revision/applied.ts";
import type { RevisionId } from "../revision/revision.ts";
import { labelOf } from "../sql/words.ts";
import { type Notice, QueryError, type Session } from "./database.ts";
import { type StepContext, stepFailure } from "./failure.ts";
import type { Locked, RunLock } from "./lock.ts";
import { leavesNothing, pauseBefore, retryReason } from "./lock_retry.ts";
import type { MigrateOptions } from "./migrator.ts";
import { accountFor, isSame } from "./outcome.ts";
import { pause } from "./pause.ts";
import { Pipeline, PipelineFailure } from "./pipeline.ts";
import { type Position, postSteps } from "./post_steps.ts";
import type { CheckedStep, PreparedStep } from "./prepare.ts";
import { nameOf, type RunContext } from "./run_transaction.ts";
import { rollbackAndFlush, rollbackAndRead, standingAfter } from "./standing.ts";
import { DEFAULT_LOCK_RETRIES } from "./timeouts.ts";
import { readAppliedIds, type VersionTable } from "./version_table.ts";
import type { Watch } from "./watch.ts";

/** How a run that succeeded ended. */
export interface RunEnd {
  /** The rows of the version table, oldest first. */
  readonly applied: readonly AppliedPlace[];
  /** Whether the run lock was held to the end; it is given back now. */
  readonly held: boolean;
}

/** What every attempt of a run shares. */
interface Run {
  readonly session: Session;
  readonly options: MigrateOptions & {
    readonly onNotice: (notice: Notice) => void;
    readonly watch: Pick<Watch, "takeBlockers">;
  };
  readonly locked: Locked;
  readonly steps: readonly CheckedStep[];
  readonly after: AfterSteps | null;
}

/** Gets the version table, and the ids in it in their order. Nothing is in flight. */
export type AfterSteps = (table: VersionTable, applied: readonly RevisionId[]) => Promise<void>;

/**
 * Runs the steps and gives the run lock back. It is held, and `applied` is what the version table says under it.
 *
 * @param after what comes after the last step while the lock is held
 * @throws {MigError} what failed, with what is applied now
 */
export async function runSteps(
  session: Session,
  options: Run["options"],
  locked: Locked,
  steps: readonly CheckedStep[],
  after: AfterSteps | null,
): Promise<RunEnd> {
  const run: Run = { session, options, locked, steps, after };
  const { table, applied } = locked;
  let position: Position = { at: 0, table, applied, attempt: 1, used: false };
  for (;;) {
    try {
      return await attempt(run, position);
    } catch (error) {
      const failure = failureOf(error, steps);
      if (failure === null) throw error;
      const next = await positionAfter(failure, position, run);
      if (next === null) throw await runFailure(failure, run);
      position = next;
    }
  }
}

/** Runs what is left of the plan, from where the run stands. */
async function attempt(run: Run, position: Position): Promise<RunEnd> {
  const { session, options, locked, steps, after } = run;
  const { lock } = locked;
  const { table } = position;
  const pipeline = new Pipeline<StepContext>(session, options.onNotice);
  const context: RunContext = { ...options, lock, table, count: steps.length };
  try {
    const { at, rows } = await postSteps(session, pipeline, steps, position, context);
    const complete = at === steps.length;
    if (after !== null && complete) {
      await pipeline.drain();
      await after({ ...table, exists: true, schemaExists: true }, rows);
    }
    // Behind the last step, without waiting for it. Should one fail, its transaction stays open and refuses this too.
    const end = complete ? endRun(session, lock, table) : null;
    end?.catch(() => {});
    await pipeline.drain();
    if (end === null) {
      throw await stoppedBefore(steps[at]!.load(), run);
    }
    const { ids, held } = await end;
    if (held) refuseOthers(ids, rows, table);
    return { applied: placesOf(ids, locked.applied, steps), held };
  } catch (error) {
    // What was sent before is done first.
    if (error instanceof MigError) await pipeline.drain().catch(() => {});
    throw error;
  }
}

/** What the server refused, and which message it was. */
interface Failure {
  readonly error: QueryError;
  readonly context: StepContext;
}

/** Null for an error that is no answer of the server. */
function failureOf(error: unknown, steps: readonly CheckedStep[]): Failure | null {
  if (error instanceof PipelineFailure) return { error: error.error, context: error.context as StepContext };
  if (error instanceof QueryError) return { error, context: { step: steps[0]!.load(), phase: "journal" } };
  return null;
}

/** Where a run stands that can go on after a failure, once it has paused; null for one that cannot. */
async function positionAfter(
  { error, context }: Failure,
  position: Position,
  { session, options, steps }: Run,
): Promise<Position | null> {
  const reason = retryReason(error);
  if (reason === null || !leavesNothing(context) || options.signal.aborted) return null;
  const { step, statement } = context;
  const at = context.phase === "create" ? 0 : steps.findIndex((other) => isSame(other, step));
  const failed = at === position.at ? position.attempt : 1;
  const attempts = 1 + (options.timeouts.lockRetries ?? DEFAULT_LOCK_RETRIES);
  if (failed >= attempts) return null;
  // The server has answered, so what is done is known: every step before this one.
  const now = await rollbackAndRead(session, position.table);
  const pauseMs = pauseBefore(failed);
  options.onEvent({
    type: "step-retrying",
    step: nameOf(step),
    reason,
    statement: statement === undefined ? null : { label: labelOf(statement), line: statement.line },
    attempt: failed,
    attempts,
    pauseMs,
    blockers: options.watch.takeBlockers(),
  });
  await pause(pauseMs, options.signal);
  return { ...now, at, attempt: failed + 1, used: true };
}

/** The error that tells of a failure, and of what the run has kept. */
async function runFailure({ error, context }: Failure, run: Run): Promise<MigError> {
  const { session, options, locked: { table, applied }, steps } = run;
  const standing = await standingAfter(session, options, table, error);
  const blockers = options.watch.takeBlockers();
  return accountFor(stepFailure(error, context, table, blockers), standing, applied, steps, {
    step: context.step,
    interrupted: options.signal.aborted,
    command: options.again[context.step.direction],
  });
}

/** The error for a run that was stopped between two statements, when there was nothing on the server to cancel. */
async function stoppedBefore(
  step: PreparedStep,
  { session, options: { again }, locked, steps }: Run,
): Promise<MigError> {
  const applied = await rollbackAndFlush(session, locked.table);
  const stopped = new MigError("interrupted", "stopped by you");
  return accountFor(stopped, { known: true, applied }, locked.applied, steps, {
    step,
    interrupted: true,
    command: again[step.direction],
  });
}

/** What was written must be there, or nothing that mig says of this database can be believed. */
function refuseOthers(found: readonly string[], expected: readonly RevisionId[], table: VersionTable): void {
  if (found.length === expected.length && found.every((id, i) => expected[i] === id)) return;
  throw new MigError(
    "version-table-invalid",
    `the version table ${table.qualified} does not have what this run wrote`,
    {
      hint: "was it changed by hand or by a trigger meanwhile? `mig status` shows what it has now",
      data: { expected, applied: found },
    },
  );
}

async function endRun(
  session: Session,
  lock: RunLock,
  table: VersionTable,
): Promise<{ readonly ids: readonly string[]; readonly held: boolean }> {
  const reading = readAppliedIds(session, table);
  // A lock that another session holds must not be given back before the last step is done.
  if (session.server.pooled) await reading;
  const [ids, held] = await Promise.all([reading, lock.release()]);
  return { ids, held };
}

/** What is known of the rows that a run leaves: they were there before, or it has written them. */
function placesOf(
  ids: readonly string[],
  before: readonly AppliedPlace[],
  steps: readonly CheckedStep[],
): AppliedPlace[] {
  const known = new Map<string, AppliedPlace>(before.map((row) => [row.id, row]));
  for (const { direction, revision: { id, parents, message } } of steps) {
    if (direction === "up") known.set(id, { id, parents, message, unfinished: null });
  }
  return ids.flatMap((id) => known.get(id) ?? []);
}
