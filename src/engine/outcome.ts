/** After a failure: what of the plan is in the database, said so that nobody has to guess at 3 a.m. */

import { MigError } from "../error.ts";
import type { AppliedRevision } from "../revision/applied.ts";
import { isStored } from "../revision/stored.ts";
import type { Step } from "../revision/plan.ts";
import type { CheckedStep } from "./checked_step.ts";
import { earlierVariables } from "./earlier_values.ts";
import { type PreparedStep, statementsOf } from "./prepared_step.ts";
import type { SqlStatement } from "../sql/statement.ts";
import { thereAlreadyHints } from "./there_already.ts";

/** What the version table says after a failure; unknown when the server cannot be asked. */
export type Standing =
  | { readonly known: true; readonly applied: readonly AppliedRevision[] }
  | { readonly known: false };

/** The step that failed. */
export interface FailedAt {
  readonly step: PreparedStep;
  /** The statement that the server refused, where it was one of the file. */
  readonly statement?: SqlStatement;
  /** Whether the user stopped it. */
  readonly interrupted: boolean;
  /** The command that goes on from there. */
  readonly command: string;
}

/**
 * Adds to an error what is applied now and what to do next.
 *
 * @param before the rows before the run
 * @param steps the run's plan
 */
export function accountFor(
  error: MigError,
  standing: Standing,
  before: readonly AppliedRevision[],
  steps: readonly CheckedStep[],
  at: FailedAt,
): MigError {
  const { command } = at;
  if (!standing.known) {
    return extend(error, at.interrupted, {}, [
      `what was committed cannot be asked now; nothing is half recorded: once the server answers, \`mig status\` tells, \
and \`${command}\` goes on from there`,
    ]);
  }
  const done = lastOfEach(upTo(steps, at.step)).filter((step) => isDone(step, standing.applied));
  const row = standing.applied.find(({ id }) => id === at.step.revision.id);
  const kept = row?.unfinished != null
    ? `${row.unfinished.statementsDone} of its ${statementsOf(at.step)} statements ${
      row.unfinished.statementsDone === 1 ? "is done and stays" : "are done and stay"
    }${row.unfinished.batchRows === 0 ? "" : `, and so do ${row.unfinished.batchRows} rows of the next one`}`
    : isDone(at.step, standing.applied)
    ? "the server had committed it all the same"
    : "nothing of this revision was kept";
  const last = standing.applied.findLast(({ unfinished }) => unfinished?.direction !== "up");
  const where = last === undefined
    ? "no revision is applied"
    : `the last one applied is ${last.id} "${last.message}"`;
  const facts = [
    `${kept}; ${earlier(done.filter((step) => !isSame(step, at.step)).length)}${where}`,
    ...keptValues(at.step, row),
    nextThing(error, at, row?.unfinished != null),
    ...error.server === undefined ? [] : thereAlreadyHints(error.server, at.step, at.statement, steps),
  ];
  const data = {
    revision: at.step.revision.id,
    done: done.map((step) => step.revision.id),
    applied: standing.applied.filter((r) => r.unfinished?.direction !== "up").map(({ id }) => id),
    appliedBefore: before.filter((r) => r.unfinished?.direction !== "up").map(({ id }) => id),
  };
  return extend(error, at.interrupted, data, facts);
}

/** The rest of a file that was begun needs the same values. */
function keptValues(step: PreparedStep, row: AppliedRevision | undefined): string[] {
  const variables = earlierVariables(step, row, false);
  return variables.length === 0
    ? []
    : [`leave ${variables.join(", ")} as ${variables.length === 1 ? "it is" : "they are"} until it is done`];
}

function upTo(steps: readonly CheckedStep[], last: Step): readonly CheckedStep[] {
  return steps.slice(0, steps.findIndex((step) => isSame(step, last)) + 1);
}

/** Whether it is the same step of a plan. */
export function isSame(step: Step, other: Step): boolean {
  return step.direction === other.direction && step.revision.id === other.revision.id;
}

/** The last step of each revision: `mig redo` has two of each. */
function lastOfEach(steps: readonly CheckedStep[]): CheckedStep[] {
  const last = new Map(steps.map((step) => [step.revision.id, step]));
  return steps.filter((step) => last.get(step.revision.id) === step);
}

function earlier(steps: number): string {
  return steps === 0 ? "" : `${steps} earlier ${steps === 1 ? "step stays" : "steps stay"} done; `;
}

function isDone({ direction, revision }: Step, applied: readonly AppliedRevision[]): boolean {
  const row = applied.find(({ id }) => id === revision.id);
  return direction === "up" ? row !== undefined && row.unfinished === null : row === undefined;
}

function nextThing(error: MigError, { step, interrupted, command }: FailedAt, unfinished: boolean): string {
  const { path, revision: { id } } = step;
  if (interrupted || ["connection-lost", "lock-lost"].includes(error.code)) {
    return `\`${command}\` goes on from there`;
  }
  // What other sessions' locks made fail has no fault of its own.
  const passing = error.data.tries !== undefined;
  if (passing || ["lock-timeout", "state-changed", "permission-denied"].includes(error.code)) {
    return `then run \`${command}\` again`;
  }
  if (isStored(step.revision)) {
    return `write its folder with \`mig restore ${id}\`, correct the ${step.direction}.sql there, and run \`${command}\` again`;
  }
  return unfinished
    ? `correct the statement in ${path} and run \`${command}\` again: it goes on with that statement`
    : `correct ${path} and run \`${command}\` again`;
}

function extend(
  error: MigError,
  interrupted: boolean,
  data: Record<string, unknown>,
  facts: readonly string[],
): MigError {
  const details = {
    locations: error.locations,
    data: { ...error.data, ...data },
    cause: error.cause,
  };
  if (interrupted) {
    return new MigError(
      "interrupted",
      "stopped by you; the running statement was cancelled and rolled back",
      {
        ...details,
        hint: facts,
      },
    );
  }
  return new MigError(error.code, error.message, {
    ...details,
    server: error.server,
    hint: [...error.hints, ...facts],
  });
}
