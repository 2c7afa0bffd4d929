/**
 * The variables of a no-transaction file that was interrupted. Their values are kept nowhere, since they may be secrets, so nothing can
 * tell whether those of the next run are the same: the user has to know.
 */

import type { AppliedRevision } from "../revision/applied.ts";
import type { SqlStatement } from "../sql/statement.ts";
import type { PreparedStep } from "./prepared_step.ts";

/** The names of the variables that were filled into the statements of a file which an interrupted run has begun. */
export function earlierVariables(
  { direction, script }: Pick<PreparedStep, "direction" | "script">,
  row: AppliedRevision | undefined,
  nextBegun: boolean,
): readonly string[] {
  const unfinished = row?.unfinished;
  if (unfinished == null || unfinished.direction !== direction || "file" in script) return [];
  const begun = nextBegun || unfinished.batchRows > 0;
  const statements = script.statements.slice(0, unfinished.statementsDone + (begun ? 1 : 0));
  return [...new Set(statements.flatMap(variablesOf))];
}

/** The names, as `${NAME}` stands in what is written. */
function variablesOf({ written }: SqlStatement): string[] {
  return written?.insertions.map(({ writtenStart, writtenEnd }) =>
    written.text.slice(writtenStart + 2, writtenEnd - 1)
  ) ?? [];
}
