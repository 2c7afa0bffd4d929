/** Where a run stands, told from the version table alone. */

import type { AppliedRevision } from "../revision/applied.ts";
import type { Step } from "../revision/plan.ts";

/** How far a plan has come. */
export interface Standpoint {
  /** How many steps are done. */
  readonly at: number;
  /** How many statements of the next one are done, which runs outside of transactions. */
  readonly statementsDone: number;
}

/**
 * Finds how many steps of the plan lead from the rows before the run to those that are there now.
 *
 * @returns null when no number does: somebody else has changed the version table
 */
export function standpointOf(
  steps: readonly Step[],
  before: readonly AppliedRevision[],
  now: readonly AppliedRevision[],
): Standpoint | null {
  const begun = now.find(({ unfinished }) => unfinished !== null);
  const there = now.filter(isThere);
  const old = new Map(before.filter(isThere).map((row) => [row.id, row]));
  const expected: (AppliedRevision | string)[] = [...old.values()];
  for (let at = 0;; at++) {
    const next = steps[at];
    const fits = begun === undefined ||
      (next?.revision.id === begun.id && next.direction === begun.unfinished!.direction);
    if (fits && isSame(expected, there, old)) {
      return { at, statementsDone: begun?.unfinished?.statementsDone ?? 0 };
    }
    if (next === undefined) return null;
    const { id } = next.revision;
    if (next.direction === "up") expected.push(id);
    else expected.splice(expected.findLastIndex((row) => idOf(row) === id), 1);
  }
}

/** Whether a row says that a revision is applied; one that is being undone still is. */
function isThere({ unfinished }: AppliedRevision): boolean {
  return unfinished?.direction !== "up";
}

/** @param expected the rows of before, and the ids of those that the run has written */
function isSame(
  expected: readonly (AppliedRevision | string)[],
  now: readonly AppliedRevision[],
  old: ReadonlyMap<string, AppliedRevision>,
): boolean {
  return expected.length === now.length && now.every((row, i) => {
    const wanted = expected[i]!;
    if (idOf(wanted) !== row.id) return false;
    // `mig redo` leads to the same ids, in rows of another time.
    const isOld = old.get(row.id)?.appliedAt === row.appliedAt;
    return isOld === (typeof wanted !== "string");
  });
}

function idOf(row: AppliedRevision | string): string {
  return typeof row === "string" ? row : row.id;
}
