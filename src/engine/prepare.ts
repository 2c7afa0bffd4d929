/** Reads, splits and checks every file of a plan before the first statement runs, so that what can be refused is refused. */

import type { Step } from "../revision/plan.ts";
import type { Direction, Revision, RevisionTexts } from "../revision/revision.ts";
import { checksum } from "../revision/checksum.ts";
import { checkScript } from "../sql/classify.ts";
import { parseScript } from "../sql/script.ts";
import type { SqlScript } from "../sql/statement.ts";
import { MigError } from "../error.ts";

/** A revision with the texts that are stored in its row. */
export interface RecordedRevision {
  readonly revision: Revision;
  readonly upText: string;
  readonly downText: string | null;
  /** Of `upText`. */
  readonly checksum: string;
}

/** A step of a plan with all that its execution needs. */
export interface PreparedStep extends RecordedRevision {
  readonly direction: Direction;
  /** The path of the file that runs. */
  readonly path: string;
  readonly script: SqlScript;
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

/**
 * Reads what is stored of a revision.
 *
 * @throws {MigError} `file-failed`, `sql-unreadable`
 */
export function readTexts(revision: Revision, texts: RevisionTexts): RecordedRevision {
  const upText = texts.read(revision, "up") ?? "";
  return { revision, upText, downText: texts.read(revision, "down"), checksum: checksum(upText) };
}

function prepare({ direction, revision }: Step, texts: RevisionTexts): PreparedStep {
  const recorded = readTexts(revision, texts);
  const { upText, downText } = recorded;
  const path = texts.pathOf(revision, direction);
  const text = direction === "up" ? upText : downText;
  if (text === null) {
    throw new MigError("irreversible", `revision ${revision.id} "${revision.message}" has no down.sql`, {
      hint: `write ${path}, or stop above it: mig down ${revision.id}`,
    });
  }
  const script = parseScript(text, path);
  checkScript(script, path, direction);
  return { ...recorded, direction, path, script };
}
