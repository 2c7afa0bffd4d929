/** What `up` and `down` share: run or only plan, and say where the database is then. */

import type { Chain } from "../engine/chain.ts";
import { appliedIds } from "../engine/decide.ts";
import { type Decide, migrate, type MigrationReport, planMigration } from "../engine/migrator.ts";
import type { Direction } from "../revision/revision.ts";
import type { App } from "./app.ts";
import type { FlagSpec, Input } from "./command.ts";
import { currentOf } from "./current.ts";
import type { MigratedData } from "./data.ts";

/** The switch that plans and writes nothing. */
export const DRY_RUN: FlagSpec = {
  name: "dry-run",
  short: "n",
  summary: "Show what would run; change nothing",
};

/** The flags of every verb that runs SQL. */
export const RUN_FLAGS: readonly FlagSpec[] = [
  {
    name: "lock-wait",
    value: "TIME",
    summary: "How long to wait for another run of mig to finish (60s)",
  },
  { name: "flush", value: "WHEN", summary: "Flush to disk once for the run, or after each revision (run)" },
  { name: "lock-timeout", value: "TIME", summary: "How long a statement may wait for a lock" },
  { name: "statement-timeout", value: "TIME", summary: "How long a statement may take" },
];

/** Runs a decision, or with --dry-run only plans it. */
export async function runMigration(
  direction: Direction,
  chain: Chain,
  decide: Decide,
  input: Input,
  app: App,
): Promise<MigratedData> {
  const dryRun = input.switches.has("dry-run");
  const options = {
    database: await app.openDatabase(),
    texts: chain.texts,
    table: app.table,
    lockWaitMs: app.lockWaitMs,
    flush: app.flush,
    timeouts: app.timeouts,
    onEvent: app.onEvent,
    signal: app.signal,
  };
  const report = dryRun ? await planMigration(options, decide) : await migrate(options, decide);
  return migratedData(direction, dryRun, chain, report);
}

function migratedData(
  direction: Direction,
  dryRun: boolean,
  { graph, texts }: Chain,
  report: MigrationReport,
): MigratedData {
  const applied = appliedIds(report.applied);
  return {
    kind: "migrated",
    direction,
    dryRun,
    database: report.database,
    steps: report.steps.map((step) => ({ ...step, path: texts.pathOf(graph.get(step.id)!, step.direction) })),
    current: currentOf(graph, report.applied).map(({ id, message }) => ({ id, message })),
    pending: graph.order.filter(({ id }) => !applied.has(id)).length,
  };
}
