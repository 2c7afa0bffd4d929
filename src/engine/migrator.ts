/** Carries out a plan: lock, read, decide, prepare, run, and tell the truth about it whatever happens. */

import { COLLECT_EVERY, collectGarbage } from "../garbage.ts";
import { MigError } from "../error.ts";
import type { AppliedPlace, AppliedRevision } from "../revision/applied.ts";
import type { Step } from "../revision/plan.ts";
import type { Direction, RevisionTexts } from "../revision/revision.ts";
import type { Database, Notice, Session } from "./database.ts";
import type { OnEvent, StepName } from "./event.ts";
import { makeRoomForBatches } from "./batch_column.ts";
import { BatchTally } from "./batch_tally.ts";
import { hideValues } from "./hide_values.ts";
import type { Hook } from "./hook.ts";
import { lockAndRead, type Locked } from "./lock.ts";
import { loaded, refuseBehindPooler } from "./pooled.ts";
import type { CheckedStep } from "./checked_step.ts";
import { checkSteps } from "./prepare.ts";
import { type RanBatch, type ReportedStep, stepOf } from "./report.ts";
import { planHooks, type PlannedHooks, type ReportedHook, reportHooks, sqlHooksOf } from "./plan_hooks.ts";
import type { RepeatableReport, Repeatables } from "./repeatable.ts";
import { namingDependents } from "./repeatable_failure.ts";
import { fitsAfter, hasWork, planRepeatables } from "./repeatable_plan.ts";
import { prepareRepeatables } from "./repeatable_scripts.ts";
import { type HookContext, runAfter, runBefore, runForDone, runWithin } from "./run_hooks.ts";
import { runRepeatables } from "./run_repeatable.ts";
import { runSteps } from "./run_steps.ts";
import { nameOf } from "./run_transaction.ts";
import type { Flush } from "./step_sql.ts";
import type { Timeouts } from "./timeouts.ts";
import type { Variables } from "../sql/fill_in.ts";
import { textsFor } from "./stored_texts.ts";
import { limitLocks } from "./timeouts.ts";
import { refuseOtherKind, refuseUnfinished } from "./unfinished.ts";
import type { VersionTable } from "./version_table.ts";
import { refuseStandby } from "./standby.ts";
import { watchConnection } from "./watch_connection.ts";
import { Watch } from "./watch.ts";
import { withSession } from "./with_session.ts";

/** What a run works on, and how. */
export interface MigrateOptions {
  readonly database: Database;
  readonly texts: RevisionTexts;
  /** What is filled into the files that ask for it. */
  readonly variables: Variables;
  /** The version table's name: `mig_version` or `schema.mig_version`. */
  readonly table: string;
  /** How long to wait for another run, in milliseconds. */
  readonly lockWaitMs: number;
  readonly timeouts: Timeouts;
  /** How long to try to reach the server again once the connection is lost, in milliseconds; 0 stops then. A minute by default. */
  readonly reconnectMs?: number;
  readonly flush: Flush;
  readonly onEvent: OnEvent;
  /** What the project has mig do besides; nothing where it is left out. */
  readonly hooks?: readonly Hook[];
  /** The scripts that are applied afterwards; none where it is left out. */
  readonly repeatables?: Repeatables;
  /** The command that goes on after a step in this direction has failed, for hints. */
  readonly again: Readonly<Record<Direction, string>>;
  /** Whether to end sessions that have blocked a step for as long as one lock timeout. */
  readonly killBlockers?: boolean;
  /** Aborting it cancels the running statement on the server and stops the run. */
  readonly signal: AbortSignal;
}

/**
 * Decides what to do, given what is applied: the oldest row first. It is called once the lock is held, and throws what
 * is to be refused.
 */
export type Decide = (applied: readonly AppliedRevision[]) => readonly Step[];

/** What a run has done. */
export interface MigrationReport {
  /** Where: a URL or a path without a password. */
  readonly database: string;
  /** The steps that were carried out, or for a dry run those that would be. */
  readonly steps: readonly ReportedStep[];
  /** The hooks that ran with them, or would, in their order. */
  readonly hooks: readonly ReportedHook[];
  /** The repeatable scripts; null where the run has nothing to do with them. */
  readonly repeatable: RepeatableReport | null;
  /** The rows of the version table afterwards, oldest first. */
  readonly applied: readonly AppliedPlace[];
}

/**
 * Runs what `decide` decides.
 *
 * @throws {MigError} whatever was refused or failed; its `data.applied` has the ids that are applied now, where known
 */
export async function migrate(options: MigrateOptions, decide: Decide): Promise<MigrationReport> {
  let current: StepName | null = null;
  let planned = null as PlannedRun | null;
  const ran: RanBatch[] = [];
  const tally = new BatchTally();
  const onEvent: OnEvent = (said) => {
    const event = tally.counted(said);
    if (event.type === "step-started") current = event.step;
    if (event.type === "batch-finished") ran.push(event);
    options.onEvent(event);
    if (event.type === "step-finished") current = null;
  };
  const onNotice = (notice: Notice) => {
    // The answer to our own ROLLBACK after a COMMIT that failed; no file can bring it about.
    if (notice.sqlstate === NO_TRANSACTION) return;
    const values = planned?.values ?? new Map();
    onEvent({ type: "notice", step: current, notice: hideValues(notice, { values }) });
  };
  const { description: database } = options.database;
  const report = await withSession(options.database, { onNotice }, async (session) => {
    await refuseStandby(session, options.database);
    const [connectionCheck, locked] = await Promise.all([
      watchConnection(session),
      lockAndRead(session, options),
    ]);
    const timeouts = { ...limitLocks(options.timeouts, session.server), connectionCheck };
    try {
      planned = await planRun(session, options, locked, decide);
      const run = { ...options, onEvent, onNotice, timeouts, step: () => current };
      const report = await carryOut(session, run, locked, planned);
      return { ...report, steps: planned.steps.map((step) => stepOf(step, ran)) };
    } catch (error) {
      // Where the session is gone, so is its lock.
      await locked.lock.release().catch(() => {});
      throw error;
    }
  }).catch(async (failure) => {
    const error = namingDependents(failure, options.repeatables?.files ?? []);
    throw planned === null
      ? nothingWasRun(error)
      : await runForDone(error, planned.hooks, planned.steps, { ...options, database });
  });
  // The session is closed, so that a command line may call mig.
  if (planned !== null) await runAfter(planned.hooks, planned.steps, { ...options, database });
  if (report.steps.length >= COLLECT_EVERY.checked) collectGarbage();
  return report;
}

/** Before there is a plan, a connection that was lost has cost nothing. */
function nothingWasRun(error: unknown): unknown {
  if (!(error instanceof MigError) || error.code !== "connection-lost") return error;
  const { locations, server, data, cause, hints } = error;
  return new MigError(error.code, error.message, {
    locations,
    server,
    data,
    cause,
    hint: [...hints, "nothing was run: run the command again"],
  });
}

/** What a run is to do. */
interface PlannedRun {
  readonly steps: readonly CheckedStep[];
  readonly hooks: PlannedHooks;
  readonly repeatable: RepeatableReport | null;
  /** Every value that a file of it was given. */
  readonly values: ReadonlyMap<string, string>;
}

async function planRun(
  session: Session,
  options: Pick<MigrateOptions, "texts" | "variables" | "hooks" | "repeatables">,
  { table, applied }: Pick<Locked, "table" | "applied">,
  decide: Decide,
): Promise<PlannedRun> {
  const plan = decide(applied);
  refuseUnfinished(applied, plan);
  const steps = checkSteps(plan, await textsFor(plan, options.texts, session, table), options.variables);
  refuseOtherKind(applied, steps);
  await refuseBehindPooler(session, loaded(steps));
  const { repeatables, variables } = options;
  const repeatable = repeatables === undefined
    ? null
    : await planRepeatables(session, repeatables, variables, table, applied, plan);
  const hooks = planHooks(options.hooks ?? [], directionsOf(steps, repeatable), variables);
  // Also those that are not due yet: a revision may drop what one of them has made.
  const scripts = repeatables !== undefined && fitsAfter(repeatables, applied, plan)
    ? prepareRepeatables(repeatables.files, variables)
    : [];
  const files = [...steps, ...[...sqlHooksOf(hooks), ...scripts].map(({ script }) => script)];
  const values = files.flatMap((file) => [...file.values ?? []]);
  return { steps, hooks, repeatable, values: new Map(values) };
}

/** Scripts alone are a run upwards too. */
export function directionsOf(
  steps: readonly Pick<Step, "direction">[],
  repeatable: RepeatableReport | null,
): readonly Pick<Step, "direction">[] {
  return steps.length === 0 && repeatable !== null && repeatable.scripts.length > 0
    ? [{ direction: "up" }]
    : steps;
}

async function carryOut(
  session: Session,
  options: MigrateOptions & {
    readonly onNotice: (notice: Notice) => void;
    readonly step: () => StepName | null;
  },
  locked: Locked,
  { steps, hooks, repeatable: planned }: PlannedRun,
): Promise<MigrationReport> {
  const { lock, applied } = locked;
  const { onEvent, repeatables, database: { description: database } } = options;
  const nothing = { database, steps: [], hooks: [], applied, repeatable: planned };
  if (steps.length === 0 && !hasWork(planned)) {
    await lock.release();
    return nothing;
  }
  onEvent({ type: "plan", database, steps: steps.map(nameOf) });
  const ready = await makeRoomForBatches(session, locked, steps, options.timeouts);
  await using watch = new Watch(session, { ...options, table: locked.table });
  const context: HookContext = { ...options, database, watch };
  await runBefore(session, hooks, steps, context);
  let repeatable = planned;
  const after = async (now: Session, version: VersionTable, ids: readonly string[]) => {
    if (repeatables !== undefined) {
      const done = steps.map(({ revision }) => revision.id);
      repeatable = await runRepeatables(now, {
        ...options,
        watch,
        repeatables,
        version,
        applied: ids,
        steps: done,
      });
    }
    await runWithin(now, hooks, steps, context);
  };
  if (steps.length === 0) {
    await after(session, locked.table, applied.map(({ id }) => id));
    if (!await lock.release()) onEvent({ type: "lock-lost" });
    return { ...nothing, hooks: reportHooks(hooks), repeatable };
  }
  const needed = repeatables !== undefined || hooks.within.length > 0;
  const end = await runSteps(session, { ...options, watch }, ready, steps, needed ? after : null);
  if (!end.held) onEvent({ type: "lock-lost" });
  return {
    database,
    steps: steps.map((step) => stepOf(step)),
    hooks: reportHooks(hooks),
    repeatable,
    applied: end.applied,
  };
}

const NO_TRANSACTION = "25P01";
