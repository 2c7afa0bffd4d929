/** Runs prepared steps in order, and on a failure asks the database itself what came of them. */

import { MigError } from "../error.ts";
import type { AppliedRevision } from "../revision/applied.ts";
import type { RevisionId } from "../revision/revision.ts";
import { preparesItself } from "../sql/prepares.ts";
import { type Notice, QueryError, type Session } from "./database.ts";
import { endsSession, type StepContext, stepFailure } from "./failure.ts";
import { lockAndRead, type Locked, type RunLock } from "./lock.ts";
import type { MigrateOptions } from "./migrator.ts";
import { accountFor, type Standing } from "./outcome.ts";
import { Pipeline, PipelineFailure } from "./pipeline.ts";
import type { PlannedHooks } from "./plan_hooks.ts";
import type { CheckedStep, PreparedStep } from "./prepare.ts";
import { runWithin } from "./run_hooks.ts";
import { runJournaled } from "./run_journaled.ts";
import { postTransaction, type RunContext } from "./run_transaction.ts";
import { FLUSH_SQL } from "./step_sql.ts";
import { createVersionTableSql, readApplied, type VersionTable } from "./version_table.ts";

/** How a run that succeeded ended. */
export interface RunEnd {
  /** The rows of the version table, oldest first. */
  readonly applied: readonly AppliedRevision[];
  /** Whether the run lock was held to the end; it is given back now. */
  readonly held: boolean;
}

/**
 * Runs the steps and gives the run lock back. It is held, and `applied` is what the version table says under it.
 *
 * @throws {MigError} what failed, with what is applied now
 */
export async function runSteps(
  session: Session,
  options: MigrateOptions & { readonly onNotice: (notice: Notice) => void },
  { lock, table, applied }: Locked,
  steps: readonly CheckedStep[],
  hooks: PlannedHooks,
): Promise<RunEnd> {
  const pipeline = new Pipeline<StepContext>(session, options.onNotice);
  const run: RunContext = { ...options, lock, table, count: steps.length };
  try {
    if (!table.exists) {
      await pipeline.post({
        text: createVersionTableSql(table),
        context: { step: steps[0]!.load(), phase: "create" },
      });
    }
    const rows = applied.map(({ id }) => id);
    let posted = 0;
    /** Whose prepared statements the session has. */
    let holds: "none" | "ours" | "a file's" = "none";
    for (const [at, checked] of steps.entries()) {
      if (options.signal.aborted) break;
      const step = checked.load();
      const last = rows.at(-1) ?? null;
      // A file that has prepared statements of its own gets the session without ours; the next one clears its away.
      const own = preparesItself(step.script);
      const sending = session.server.pooled || own ? "plain" : "prepared";
      if (step.script.directives.transaction) {
        const before = sending === "prepared"
          ? (holds === "ours" && !REPLAN_AT.has(at) ? null : "prepare")
          : (holds === "none" ? null : "forget");
        if (!await postTransaction(pipeline, step, last, at + 1, { sending, before }, run)) break;
        holds = own ? "a file's" : sending === "prepared" ? "ours" : "none";
      } else {
        await pipeline.drain();
        const row = applied.find(({ id }) => id === step.revision.id);
        if (!await runJournaled(session, pipeline, step, last, row, at + 1, run)) break;
        if (own) holds = "a file's";
      }
      follow(rows, step);
      posted++;
    }
    if (hooks.within.length > 0 && posted === steps.length) {
      await pipeline.drain();
      const { description: database } = options.database;
      await runWithin(session, hooks, steps, { ...options, database });
    }
    // Behind the last step, without waiting for it. Should one fail, its transaction stays open and refuses this too.
    const end = posted === steps.length ? endRun(session, lock, table) : null;
    end?.catch(() => {});
    await pipeline.drain();
    if (end === null) {
      throw await stoppedBefore(steps[posted]!.load(), session, options, table, applied, steps);
    }
    return sameAs(rows, await end, table);
  } catch (error) {
    if (error instanceof MigError) throw error;
    const cause = error instanceof PipelineFailure ? error.error as QueryError : error;
    if (!(cause instanceof QueryError)) throw error;
    const context = error instanceof PipelineFailure
      ? error.context as StepContext
      : { step: steps[0]!.load(), phase: "journal" } as const;
    const standing = await standingAfter(session, options, table, cause);
    throw accountFor(stepFailure(cause, context, table), standing, applied, steps, {
      step: context.step,
      interrupted: options.signal.aborted,
      command: options.again[context.step.direction],
    });
  }
}

/** What was written must be there, or nothing that mig says of this database can be believed. */
function sameAs(expected: readonly RevisionId[], end: RunEnd, table: VersionTable): RunEnd {
  const ids = end.applied.map(({ id }) => id);
  if (!end.held || (ids.length === expected.length && ids.every((id, i) => expected[i] === id))) return end;
  throw new MigError(
    "version-table-invalid",
    `the version table ${table.qualified} does not have what this run wrote`,
    {
      hint: "was it changed by hand or by a trigger meanwhile? `mig status` shows what it has now",
      data: { expected, applied: ids },
    },
  );
}

async function endRun(session: Session, lock: RunLock, table: VersionTable): Promise<RunEnd> {
  const reading = readApplied(session, { ...table, exists: true });
  // A lock that another session holds must not be given back before the last step is done.
  if (session.server.pooled) await reading;
  const [applied, held] = await Promise.all([reading, lock.release()]);
  return { applied, held };
}

/** The error for a run that was stopped between two statements, when there was nothing on the server to cancel. */
async function stoppedBefore(
  step: PreparedStep,
  session: Session,
  { again }: Pick<MigrateOptions, "again">,
  table: VersionTable,
  before: readonly AppliedRevision[],
  steps: readonly CheckedStep[],
): Promise<MigError> {
  await Promise.all([session.send("rollback"), session.send(FLUSH_SQL)]);
  const applied = await readApplied(session, { ...table, exists: true });
  const stopped = new MigError("interrupted", "stopped by you");
  return accountFor(stopped, { known: true, applied }, before, steps, {
    step,
    interrupted: true,
    command: again[step.direction],
  });
}

/** Asks the database itself what is applied, over a new connection where the old one is gone. */
async function standingAfter(
  session: Session,
  options: MigrateOptions,
  table: VersionTable,
  error: QueryError,
): Promise<Standing> {
  try {
    if (!endsSession(error)) {
      // What mig says is applied must be on disk, and the step that would have flushed was not reached.
      const [, , applied] = await Promise.all([
        session.send("rollback"),
        session.send(FLUSH_SQL),
        readApplied(session, { ...table, exists: true }),
      ]);
      return { known: true, applied };
    }
  } catch (again) {
    if (!(again instanceof QueryError)) throw again;
    // The table was never made, or the connection has gone after all.
    if (again.report?.sqlstate === UNDEFINED_TABLE) return { known: true, applied: [] };
  }
  try {
    await using second = await options.database.connect();
    // What the server still runs for the lost connection holds the lock; it is over once the lock can be had.
    const { lock, applied } = await lockAndRead(second, {
      ...options,
      lockWaitMs: ORPHAN_WAIT_MS,
      onEvent: () => {},
    });
    await Promise.all([second.send(FLUSH_SQL), lock.release()]);
    return { known: true, applied };
  } catch (unreachable) {
    if (!(unreachable instanceof MigError || unreachable instanceof QueryError)) throw unreachable;
    return { known: false };
  }
}

/**
 * Steps at which our statements are prepared anew: the server keeps the plan that it made when the version table was small, and
 * reads all of it each time.
 */
const REPLAN_AT = new Set([50, 200, 1000, 5000]);
const ORPHAN_WAIT_MS = 5000;
const UNDEFINED_TABLE = "42P01";

/** The rows of the version table as they stand after a step, oldest first. */
function follow(rows: RevisionId[], { direction, revision }: PreparedStep): void {
  if (direction === "down") rows.splice(rows.lastIndexOf(revision.id), 1);
  else if (!rows.includes(revision.id)) rows.push(revision.id);
}
