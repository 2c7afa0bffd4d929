/** What to do about a revision that makes what the database has already: it may have been adopted from there. */

import type { ServerReport } from "../error.ts";
import type { Step } from "../revision/plan.ts";
import type { SqlStatement } from "../sql/statement.ts";
import { leadingTokens } from "../sql/words.ts";

/**
 * The way out where all of the revision is there; nothing for another error, or where this run itself has undone it, so that it
 * was its down.sql that left something.
 *
 * @param step the one that failed
 * @param steps the run's plan
 */
export function thereAlreadyHints(
  { sqlstate }: ServerReport,
  step: Step,
  statement: SqlStatement | undefined,
  steps: readonly Step[],
): string[] {
  if (step.direction === "down" || statement === undefined) return [];
  // A name that is taken is no sign that a renaming was done; that the old one is gone is.
  const signs = leadingTokens(statement, LONGEST).includes("rename") ? IS_GONE : IS_THERE;
  if (!signs.has(sqlstate)) return [];
  const { id } = step.revision;
  if (steps.some(({ direction, revision }) => direction === "down" && revision.id === id)) return [];
  return [
    `or, where the database has all of this revision already, as after \`mig drift --adopt\`: \`mig stamp ${id}\` records it without running it`,
  ];
}

/** Duplicate table, column, object, function and schema (manual, appendix "PostgreSQL Error Codes"). */
const IS_THERE: ReadonlySet<string> = new Set(["42P07", "42701", "42710", "42723", "42P06"]);
/** Undefined column, table, object and function. */
const IS_GONE: ReadonlySet<string> = new Set(["42703", "42P01", "42704", "42883"]);
/** More tokens than stand before what an ALTER does. */
const LONGEST = 12;
