/** A step of a plan with the SQL that it runs. */

import type { Step } from "../revision/plan.ts";
import type { SqlScript } from "../sql/statement.ts";
import type { LargeScript } from "../sql/stream/script.ts";
import type { RecordedRevision } from "./recorded.ts";

interface StepWith<Script> extends RecordedRevision, Step {
  /** The path of the file that runs. */
  readonly path: string;
  readonly script: Script;
}

/** A step whose file is in memory. */
export type WholeStep = StepWith<SqlScript>;

/** A step whose file is read piece by piece while it runs. Such a file runs in a transaction. */
export type LargeStep = StepWith<LargeScript>;

/** A step of a plan with all that its execution needs. */
export type PreparedStep = WholeStep | LargeStep;

/** Whether a step's file is read piece by piece. */
export function isLarge(step: PreparedStep): step is LargeStep {
  return "file" in step.script;
}

/** How many statements a step has. */
export function statementsOf(step: PreparedStep): number {
  return isLarge(step) ? step.script.count : step.script.statements.length;
}
