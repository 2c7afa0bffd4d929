/** Says before a run what it will do with the repeatable scripts, and refuses it where one of them cannot run. */

import type { AppliedRevision } from "../revision/applied.ts";
import type { Step } from "../revision/plan.ts";
import type { Variables } from "../sql/fill_in.ts";
import type { Session } from "./database.ts";
import { refuseBehindPooler } from "./pooled.ts";
import { type RepeatableReport, type Repeatables, repeatableStates, reportStates } from "./repeatable.ts";
import { prepareRepeatables } from "./repeatable_scripts.ts";
import { findRepeatableTable, readRepeatables } from "./repeatable_table.ts";
import type { VersionTable } from "./version_table.ts";

/**
 * What a run will do with them, as far as that is known: a revision may drop what a script has made.
 *
 * @throws {MigError} for scripts that cannot be split or run, where they are to be applied
 */
export async function planRepeatables(
  session: Session,
  { files, fits }: Repeatables,
  variables: Variables,
  version: VersionTable,
  applied: readonly AppliedRevision[],
  plan: readonly Step[],
): Promise<RepeatableReport> {
  const ready = fits(appliedAfter(applied, plan));
  if (ready) await refuseBehindPooler(session, prepareRepeatables(files, variables));
  const table = await findRepeatableTable(session, version);
  const undoing = plan.some(({ direction }) => direction === "down");
  const rows = await readRepeatables(session, table, version);
  return reportStates(
    repeatableStates(files, rows.map((row) => undoing ? { ...row, undone: true } : row)),
    ready,
  );
}

/** Whether there is anything in it to be done. */
export function hasWork(report: RepeatableReport | null): boolean {
  return report !== null && report.scripts.length + report.removed.length > 0;
}

/** The ids that are applied once a plan is carried out. */
function appliedAfter(applied: readonly AppliedRevision[], plan: readonly Step[]): ReadonlySet<string> {
  const ids = new Set(applied.filter(({ unfinished }) => unfinished?.direction !== "up").map(({ id }) => id));
  for (const { direction, revision: { id } } of plan) {
    if (direction === "up") ids.add(id);
    else ids.delete(id);
  }
  return ids;
}
