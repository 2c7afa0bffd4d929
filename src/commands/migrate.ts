/** What `up` and `down` share: run or only plan, and say where the database is then. */

import { appliedIds } from "../engine/decide.ts";
import { MigError } from "../error.ts";
import { planMigration } from "../engine/look_ahead.ts";
import { type Decide, migrate, type MigrationReport } from "../engine/migrator.ts";
import type { AppliedRevision } from "../revision/applied.ts";
import type { Direction } from "../revision/revision.ts";
import type { Spec } from "../revision/spec.ts";
import type { App, Project } from "./app.ts";
import type { FlagSpec, Input } from "./command.ts";
import { lastOf } from "./current.ts";
import type { MigratedData } from "./data.ts";
import { dumpAfterRun, NO_DUMP } from "./dump.ts";
import { hooksFor, NO_HOOKS } from "./file_hooks.ts";
import { idleReason } from "./idle.ts";
import { repeatablesFor } from "./repeatables.ts";

/** The switch that plans and writes nothing. */
export const DRY_RUN: FlagSpec = {
  name: "dry-run",
  short: "n",
  summary: "Show what would run; change nothing",
};

/** The switch that answers the question before it is asked. */
export const YES: FlagSpec = { name: "yes", short: "y", summary: "Do not ask before undoing" };

/** The flag of every verb that takes the run lock. */
export const LOCK_WAIT: FlagSpec = {
  name: "lock-wait",
  value: "TIME",
  summary: "How long to wait for another run of mig to finish (1min)",
};

/** The flags of every verb that runs SQL. */
export const RUN_FLAGS: readonly FlagSpec[] = [
  LOCK_WAIT,
  {
    name: "reconnect",
    value: "TIME",
    summary: "How long to try to reach a server that was lost in mid-run (1min)",
  },
  {
    name: "flush",
    value: "WHEN",
    choices: ["run", "revision"],
    summary: "Flush to disk once for the run, or after each revision (run)",
  },
  { name: "lock-timeout", value: "TIME", summary: "How long a statement may wait for a lock (5s)" },
  {
    name: "lock-retries",
    value: "NUMBER",
    summary: "How often a revision that waited for a lock in vain is tried again (6)",
  },
  { name: "kill-blockers", summary: "End sessions that block a revision for longer than the lock timeout" },
  { name: "statement-timeout", value: "TIME", summary: "How long a statement may take" },
  NO_HOOKS,
  NO_DUMP,
];

/** The names among specs, for people; words such as `head` and counts are not. */
export function namesOf(specs: readonly Spec[]): readonly string[] {
  return specs.filter(({ anchor, steps }) => anchor.kind === "name" && steps === 0).map(({ text }) => text);
}

/** A decision to be run, and how. */
export interface Migration {
  /** The command that goes on after a step in this direction has failed. */
  readonly again: Readonly<Record<Direction, string>>;
  readonly direction: MigratedData["direction"];
  readonly project: Project;
  readonly decide: Decide;
  /** Why there is nothing to do, where there is nothing: a sentence without a period. */
  readonly idle?: string;
  /** What the user is asked, and when; without it nobody is. */
  readonly question?: {
    /** Before anything is undone, or only where something of another branch goes that depends on what was named. */
    readonly before: "undoing" | "undoing-dependents";
    /** @param what such as `3 revisions` */
    text(what: string): string;
  };
}

/** Runs a decision, or with --dry-run only plans it. */
export async function runMigration(migration: Migration, input: Input, app: App): Promise<MigratedData> {
  const { again, project: { chain, database }, question } = migration;
  const dryRun = input.switches.has("dry-run");
  const options = {
    database,
    texts: chain.texts,
    variables: app.variables,
    table: app.table,
    lockWaitMs: app.lockWaitMs,
    reconnectMs: app.reconnectMs,
    flush: app.flush,
    timeouts: app.timeouts,
    hooks: hooksFor(input, app),
    repeatables: await repeatablesFor(chain, migration.direction, app),
    killBlockers: input.switches.has("kill-blockers"),
    onEvent: app.onEvent,
    signal: app.signal,
    again,
  };
  let rows: readonly AppliedRevision[] = [];
  const decide: Decide = (found) => migration.decide(rows = found);
  if (dryRun) {
    const planned = await planMigration(options, decide);
    return migratedData(migration, true, planned, rows);
  }
  const run = async (decide: Decide) => {
    const report = await migrate(options, decide);
    const changed = report.steps.length + (report.repeatable?.scripts.length ?? 0) > 0;
    const dump = changed ? await dumpAfterRun(database, input, app) : null;
    return { ...migratedData(migration, false, report, rows), dump };
  };
  if (question === undefined || input.switches.has("yes")) {
    return await run(decide);
  }
  if (question.before === "undoing-dependents") {
    try {
      // Nearly always nobody is to be asked, and one session is enough.
      return await run(unlessDependents(decide));
    } catch (error) {
      if (!(error instanceof Unasked)) throw error;
    }
  }
  const planned = await planMigration(options, decide);
  return await run(await confirmed(decide, question, planned, app));
}

/** The user has to be asked about the plan. */
class Unasked extends Error {}

function unlessDependents(decide: Decide): Decide {
  return (rows) => {
    const plan = decide(rows);
    if (plan.some(({ because }) => because?.edge === "depends_on")) throw new Unasked();
    return plan;
  };
}

/** How many steps are shown before a question: more would push the first ones out of sight. */
const MOST_ASKED = 30;

/** Shows what a plan undoes and asks; what is then decided under the lock must be the plan that was shown. */
async function confirmed(
  decide: Decide,
  question: NonNullable<Migration["question"]>,
  { steps, database }: MigrationReport,
  app: App,
): Promise<Decide> {
  const downs = steps.filter(({ direction }) => direction === "down").length;
  if (downs === 0) return decide;
  const lines = steps.map(({ direction, id, message, because }) =>
    `  ${direction} ${id} "${message}"${
      because?.edge === "depends_on" ? `, which depends on ${because.id}` : ""
    }`
  );
  const hidden = lines.length - MOST_ASKED;
  await app.confirm(question.text(`${downs} ${downs === 1 ? "revision" : "revisions"}`), [
    `on ${database}:`,
    ...hidden > 1 ? [...lines.slice(0, MOST_ASKED), `  … and ${hidden} more, which --dry-run lists`] : lines,
  ]);
  const shown = steps.map(({ direction, id }) => `${direction} ${id}`).join();
  return (rows) => {
    const plan = decide(rows);
    if (plan.map(({ direction, revision }) => `${direction} ${revision.id}`).join() === shown) return plan;
    throw new MigError(
      "state-changed",
      "another run has changed the state of the database since you were asked",
      {
        hint: "nothing was changed; run the command again to see the new plan",
      },
    );
  };
}

function migratedData(
  { direction, idle, project: { chain } }: Migration,
  dryRun: boolean,
  report: MigrationReport,
  rows: readonly AppliedRevision[],
): MigratedData {
  const applied = appliedIds(report.applied);
  return {
    kind: "migrated",
    direction,
    dryRun,
    dump: null,
    database: report.database,
    steps: report.steps,
    hooks: report.hooks,
    repeatable: report.repeatable,
    reason: report.steps.length === 0 ? idleReason(idle, direction, chain, rows) : null,
    current: lastOf(report.applied).map(({ id, message }) => ({ id, message })),
    pending: chain.graph.order.filter(({ id }) => !applied.has(id)).length,
  };
}
