/** What has to be done about a step that was interrupted before a plan can run. */

import { MigError } from "../error.ts";
import type { AppliedRevision, Unfinished } from "../revision/applied.ts";
import { doneText, unfinishedHints } from "../revision/drift_hints.ts";
import type { Step } from "../revision/plan.ts";
import type { CheckedStep } from "./checked_step.ts";

/**
 * A step that was begun has to be finished before anything else is done, or said to be done.
 *
 * @throws {MigError} `revision-unfinished`
 */
export function refuseUnfinished(applied: readonly AppliedRevision[], plan: readonly Step[]): void {
  for (const row of applied) {
    const { id, message, unfinished } = row;
    if (unfinished === null) continue;
    if (plan.some((step) => step.revision.id === id && step.direction === unfinished.direction)) continue;
    throw new MigError("revision-unfinished", interruptedText(id, message, unfinished), {
      hint: unfinishedHints(row),
      data: { revision: id, direction: unfinished.direction, statementsDone: unfinished.statementsDone },
    });
  }
}

/**
 * What was begun outside of a transaction can only go on like that.
 *
 * @throws {MigError} `revision-edited`
 */
export function refuseOtherKind(applied: readonly AppliedRevision[], steps: readonly CheckedStep[]): void {
  for (const row of applied) {
    const { id, message, unfinished } = row;
    const step = unfinished === null
      ? undefined
      : steps.find((step) => step.revision.id === id && step.direction === unfinished.direction);
    if (unfinished === null || step === undefined || !step.load().script.directives.transaction) continue;
    throw new MigError(
      "revision-edited",
      `${interruptedText(id, message, unfinished)}, and runs in a transaction now`,
      {
        locations: [{ path: step.path, line: 1 }],
        hint: [
          `put \`-- mig: no-transaction\` back on the first line, and leave the first ${unfinished.statementsDone} statements as they were`,
          ...unfinishedHints(row).slice(1),
        ],
      },
    );
  }
}

function interruptedText(
  id: string,
  message: string,
  unfinished: Unfinished,
): string {
  return `${unfinished.direction} of revision ${id} "${message}" was interrupted after ${
    doneText(unfinished)
  }`;
}
