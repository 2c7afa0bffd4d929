/** Reads, splits and checks every file of a plan before the first statement runs, so that what can be refused is refused. */

import type { Step } from "../revision/plan.ts";
import type { Direction, Revision, RevisionTexts } from "../revision/revision.ts";
import { checksum } from "../revision/checksum.ts";
import { checkScript } from "../sql/classify.ts";
import { parseScript } from "../sql/script.ts";
import type { SqlScript } from "../sql/statement.ts";
import { MigError } from "../error.ts";

/** A step of a plan with all that its execution needs. */
export interface PreparedStep {
  readonly direction: Direction;
  readonly revision: Revision;
  /** The path of the file that runs. */
  readonly path: string;
  readonly script: SqlScript;
  /** The texts that are stored with the row. */
  readonly upText: string;
  readonly downText: string | null;
  /** Of `upText`. */
  readonly checksum: string;
}

/**
 * Prepares the steps of a plan.
 *
 * @throws {MigError} the first file that cannot be read, split or run; with several, all of them in `errors`
 */
export function prepareSteps(plan: readonly Step[], texts: RevisionTexts): PreparedStep[] {
  const prepared: PreparedStep[] = [];
  const errors: MigError[] = [];
  for (const step of plan) {
    try {
      prepared.push(prepare(step, texts));
    } catch (error) {
      if (!(error instanceof MigError)) throw error;
      errors.push(error);
    }
  }
  if (errors.length === 1) throw errors[0]!;
  if (errors.length > 1) {
    throw new MigError("sql-refused", `${errors.length} files of the plan cannot run`, { errors });
  }
  return prepared;
}

function prepare({ direction, revision }: Step, texts: RevisionTexts): PreparedStep {
  const upText = texts.read(revision, "up") ?? "";
  const downText = texts.read(revision, "down");
  const path = texts.pathOf(revision, direction);
  const text = direction === "up" ? upText : downText;
  if (text === null) {
    throw new MigError("irreversible", `revision ${revision.id} "${revision.message}" has no down.sql`, {
      hint: `write ${path}, or stop above it: mig down ${revision.id}`,
    });
  }
  const script = parseScript(text, path);
  checkScript(script, path, direction);
  return { direction, revision, path, script, upText, downText, checksum: checksum(upText) };
}
