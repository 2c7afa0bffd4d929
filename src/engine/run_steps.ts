/**
 * Runs prepared steps in order. A run that fails over something which passes, or loses its connection, is taken up again where
 * it stands; for any other failure the database itself is asked what came of the steps.
 */

import { MigError } from "../error.ts";
import type { AppliedPlace } from "../revision/applied.ts";
import type { RevisionId } from "../revision/revision.ts";
import { labelOf } from "../sql/words.ts";
import { QueryError, type Session } from "./database.ts";
import type { OnEvent } from "./event.ts";
import { endsSession, type StepContext } from "./failure.ts";
import type { Locked, RunLock } from "./lock.ts";
import { leavesNothing, pauseBefore, retryReason } from "./lock_retry.ts";
import { isSame } from "./outcome.ts";
import { pause } from "./pause.ts";
import { Pipeline } from "./pipeline.ts";
import { type Position, postSteps } from "./post_steps.ts";
import type { CheckedStep } from "./checked_step.ts";
import { type Line, type Losses, reconnect, waitOf } from "./reconnect.ts";
import {
  type FailedRun,
  type Failure,
  failureOf,
  lostFailure,
  runFailure,
  stoppedBefore,
} from "./run_failure.ts";
import { nameOf, type RunContext } from "./run_transaction.ts";
import { isFurther, type Standpoint, withinStep } from "./standpoint.ts";
import { rollbackAndRead } from "./standing.ts";
import { DEFAULT_LOCK_RETRIES } from "./timeouts.ts";
import { readAppliedIds } from "./applied_rows.ts";
import { type VersionTable } from "./version_table.ts";

/** How a run that succeeded ended. */
export interface RunEnd {
  /** The rows of the version table, oldest first. */
  readonly applied: readonly AppliedPlace[];
  /** Whether the run lock was held to the end; it is given back now. */
  readonly held: boolean;
}

/** What every attempt of a run shares. */
interface Run extends FailedRun {
  readonly after: AfterSteps | null;
  /** How many steps were reported as done, and whether what comes after them is. */
  readonly reported: { steps: number; after: boolean };
}

/** What is done once all steps are, in the session of the run: nothing is in flight. Gets the version table, and the ids in it in order. */
export type AfterSteps = (
  session: Session,
  table: VersionTable,
  applied: readonly RevisionId[],
) => Promise<void>;

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
  const reported = { steps: 0, after: false };
  const onEvent: OnEvent = (event) => {
    if (event.type === "step-finished") reported.steps++;
    options.onEvent(event);
  };
  const run: Run = { options: { ...options, onEvent }, locked, steps, after, reported };
  const { table, applied, lock } = locked;
  let line: Line = { session, lock };
  let losses: Losses = { furthest: { at: 0, ...withinStep(applied) }, inVain: 0 };
  let position: Position = { at: 0, table, applied, attempt: 1, used: false };
  try {
    for (;;) {
      try {
        return await attempt(run, line, position);
      } catch (error) {
        let failure = failureOf(error, steps);
        if (failure === null) throw error;
        const { context } = failure;
        let tries = position.attempt;
        const next = await positionAfter(failure, position, run, line.session).catch((again) => {
          if (!(again instanceof QueryError)) throw again;
          failure = { error: again, context };
          return null;
        });
        if (next !== null && "at" in next) {
          position = next;
          continue;
        }
        if (next !== null) ({ tries } = next);
        if (!endsSession(failure.error) || waitOf(options) === 0 || options.signal.aborted) {
          throw await runFailure(failure, tries, run, line.session);
        }
        options.watch.follow(null);
        const lost = { error: failure.error, line, losses, steps, before: applied };
        const found = await reconnect(lost, run.options);
        if (found.line === null) throw lostFailure(failure, run, found);
        if (line.session !== session) await line.session.close();
        ({ line, losses } = found);
        options.watch.follow(line.session);
        position = { ...found.locked, at: found.standpoint.at, attempt: 1, used: false };
        reportReconnected(found.standpoint, run);
      }
    }
  } finally {
    // The first one belongs to whoever gave it.
    if (line.session !== session) await closeLine(line);
  }
}

async function closeLine({ session, lock }: Line): Promise<void> {
  await lock.release().catch(() => {});
  await session.close();
}

/** Runs what is left of the plan, from where the run stands. */
async function attempt(run: Run, { session, lock }: Line, position: Position): Promise<RunEnd> {
  const { options, steps, after, reported } = run;
  const { table } = position;
  const pipeline = new Pipeline<StepContext>(session, options.onNotice);
  const before = run.locked.applied;
  const context: RunContext = { ...options, lock, before, table, count: steps.length };
  try {
    const { at, rows } = await postSteps(session, pipeline, steps, position, context);
    const complete = at === steps.length;
    if (after !== null && complete && !reported.after) {
      await pipeline.drain();
      await after(session, { ...table, exists: true, schemaExists: true }, rows);
      reported.after = true;
    }
    // Behind the last step, without waiting for it. Should one fail, its transaction stays open and refuses this too.
    const end = complete ? endRun(session, lock, table) : null;
    end?.catch(() => {});
    await pipeline.drain();
    if (end === null) throw await stoppedBefore(steps[at]!.load(), run, session);
    const { ids, held } = await end;
    if (held) refuseOthers(ids, rows, table);
    return { applied: placesOf(ids, run.locked.applied, steps), held };
  } catch (error) {
    // What was sent before is done first.
    if (error instanceof MigError) await pipeline.drain().catch(() => {});
    throw error;
  }
}

/** Tells where the run goes on, and of what the server has done without our hearing of it, or has lost. */
function reportReconnected({ at }: Standpoint, { options: { onEvent }, steps, reported }: Run): void {
  const lost = Math.max(0, reported.steps - at);
  const unheard = Math.max(0, at - reported.steps);
  reported.steps = at;
  // A server that took over may lack what came behind the last step, too.
  if (lost > 0) reported.after = false;
  const next = steps[at];
  onEvent({
    type: "reconnected",
    done: at,
    count: steps.length,
    unheard,
    lost,
    next: next === undefined ? null : nameOf(next),
  });
}

/**
 * Where a run stands that can go on after a failure, once it has paused; how often it was tried where that was the last time; null
 * where trying again is of no use.
 */
async function positionAfter(
  { error, context }: Failure,
  position: Position,
  { options, steps }: Run,
  session: Session,
): Promise<Position | { readonly tries: number } | null> {
  const reason = retryReason(error);
  if (reason === null || !leavesNothing(context) || options.signal.aborted) return null;
  const { step, statement } = context;
  const at = context.phase === "create" ? 0 : steps.findIndex((other) => isSame(other, step));
  const attempts = 1 + (options.timeouts.lockRetries ?? DEFAULT_LOCK_RETRIES);
  // The server has answered, so what is done is known: every step before this one.
  const now = await rollbackAndRead(session, position.table);
  // A batch may meet others many times in its hours, and each time a round later.
  const further = isFurther({ at, ...withinStep(now.applied) }, {
    at: position.at,
    ...withinStep(position.applied),
  });
  const failed = further ? 1 : position.attempt;
  if (failed >= attempts) return { tries: failed };
  const pauseMs = pauseBefore(failed);
  options.onEvent({
    type: "step-retrying",
    step: nameOf(step),
    reason,
    statement: statement === undefined
      ? null
      : { label: labelOf(statement.written ?? statement), line: statement.line },
    attempt: failed,
    attempts,
    pauseMs,
    blockers: options.watch.takeBlockers(),
  });
  await pause(pauseMs, options.signal);
  return { ...now, at, attempt: failed + 1, used: true };
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
