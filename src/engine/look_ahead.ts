/** Tells what a run would do, reading only. */

import type { AppliedRevision } from "../revision/applied.ts";
import type { Step } from "../revision/plan.ts";
import type { RevisionTexts } from "../revision/revision.ts";
import type { Session } from "./database.ts";
import { type Decide, directionsOf, type MigrateOptions, type MigrationReport } from "./migrator.ts";
import { planHooks, reportHooks } from "./plan_hooks.ts";
import { loaded, refuseBehindPooler } from "./pooled.ts";
import type { RepeatableReport } from "./repeatable.ts";
import { planRepeatables } from "./repeatable_plan.ts";
import { checkSteps, prepareWholeSteps } from "./prepare.ts";
import type { WholeStep } from "./prepared_step.ts";
import { stepOf } from "./report.ts";
import type { Variables } from "../sql/fill_in.ts";
import { textsFor } from "./stored_texts.ts";
import { refuseOtherKind, refuseUnfinished } from "./unfinished.ts";
import { readApplied } from "./applied_rows.ts";
import { findVersionTable, type VersionTable } from "./version_table.ts";
import { withSession } from "./with_session.ts";

/**
 * Gives what `migrate` would do, reading only.
 *
 * @throws {MigError} whatever `migrate` would refuse
 */
export async function planMigration(
  options: Pick<MigrateOptions, "database" | "texts" | "variables" | "table" | "hooks" | "repeatables">,
  decide: Decide,
): Promise<MigrationReport> {
  const { database, applied, prepared, repeatable } = await lookAhead(
    options,
    decide,
    checkSteps,
    async (session, steps, applied) => {
      refuseOtherKind(applied, steps);
      await refuseBehindPooler(session, loaded(steps));
    },
  );
  const hooks = reportHooks(
    planHooks(options.hooks ?? [], directionsOf(prepared, repeatable), options.variables),
  );
  return { database, steps: prepared.map((step) => stepOf(step)), hooks, repeatable, applied };
}

/** A plan for where a database is, with all that its execution needs. */
export interface PreparedMigration<Steps = readonly WholeStep[]> {
  readonly database: string;
  readonly table: VersionTable;
  readonly applied: readonly AppliedRevision[];
  readonly prepared: Steps;
  readonly repeatable: RepeatableReport | null;
}

/**
 * Prepares what `migrate` would run, reading only.
 *
 * @throws {MigError} whatever `migrate` would refuse, and `file-failed` for a file that is too large to be held
 */
export async function prepareMigration(
  options: Pick<MigrateOptions, "database" | "texts" | "variables" | "table" | "repeatables">,
  decide: Decide,
): Promise<PreparedMigration> {
  return await lookAhead(options, decide, prepareWholeSteps);
}

async function lookAhead<Steps>(
  options: Pick<MigrateOptions, "database" | "texts" | "variables" | "table" | "repeatables">,
  decide: Decide,
  prepare: (plan: readonly Step[], texts: RevisionTexts, variables: Variables) => Steps,
  refuse: (session: Session, steps: Steps, applied: readonly AppliedRevision[]) => Promise<void> = () =>
    Promise.resolve(),
): Promise<PreparedMigration<Steps>> {
  const { database, repeatables } = options;
  return await withSession(database, {}, async (session) => {
    const table = await findVersionTable(session, options.table);
    const applied = await readApplied(session, table);
    const plan = decide(applied);
    refuseUnfinished(applied, plan);
    const prepared = prepare(plan, await textsFor(plan, options.texts, session, table), options.variables);
    await refuse(session, prepared, applied);
    const repeatable = repeatables === undefined
      ? null
      : await planRepeatables(session, repeatables, options.variables, table, applied, plan);
    return { database: database.description, table, applied, prepared, repeatable };
  });
}
