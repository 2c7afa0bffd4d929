/** Reads, splits and checks every file of a plan before the first statement runs, so that what can be refused is refused. */

import type { Step } from "../revision/plan.ts";
import type { Direction, Revision, RevisionTexts } from "../revision/revision.ts";
import { checksum } from "../revision/checksum.ts";
import { checkScript } from "../sql/classify.ts";
import { parseScript } from "../sql/script.ts";
import type { SqlScript } from "../sql/statement.ts";
import { MigError } from "../error.ts";
import { COLLECT_EVERY, collectGarbage } from "../garbage.ts";
import { isUnwritten } from "../revision/unwritten.ts";

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

/** A step of which it is known that it can run. */
export interface CheckedStep extends Step {
  readonly path: string;
  /**
   * The step with its texts: those that were checked, or read again where all together would take too much memory.
   * @throws {MigError} `file-failed` when the file is not what was checked any more
   */
  load(): PreparedStep;
}

/** How many steps, and characters of SQL, are kept from the check to the run; what is beyond them is read twice. */
const KEPT_STEPS = 1000, KEPT_CHARACTERS = 4 << 20;

/**
 * Checks the steps of a plan.
 *
 * @throws {MigError} the first file that cannot be read, split or run; with several, all of them in `errors`
 */
export function checkSteps(plan: readonly Step[], texts: RevisionTexts): CheckedStep[] {
  let steps = 0, characters = 0;
  return each(plan, (step) => {
    const prepared = prepare(step, texts);
    const { direction, revision, path, script, upText, downText } = prepared;
    if (++steps % COLLECT_EVERY === 0) collectGarbage();
    characters += upText.length + (downText?.length ?? 0);
    let kept = steps <= KEPT_STEPS && characters <= KEPT_CHARACTERS ? prepared : null;
    const sum = checksum(script.text);
    return {
      direction,
      revision,
      path,
      load: () => {
        const now = kept ?? unchanged(prepare(step, texts), sum);
        // What is done is hardly ever asked for again, and a long chain would keep all of it.
        kept = null;
        return now;
      },
    };
  });
}

/**
 * Prepares the steps of a plan.
 *
 * @throws {MigError} the first file that cannot be read, split or run; with several, all of them in `errors`
 */
export function prepareSteps(plan: readonly Step[], texts: RevisionTexts): PreparedStep[] {
  return each(plan, (step) => prepare(step, texts));
}

function unchanged(step: PreparedStep, sum: string): PreparedStep {
  if (checksum(step.script.text) === sum) return step;
  throw new MigError("file-failed", `${step.path} was changed while mig was running`, {
    locations: [{ path: step.path }],
    hint: "run the command again: it goes on with this revision, and checks the file anew",
  });
}

function each<T>(plan: readonly Step[], act: (step: Step) => T): T[] {
  const done: T[] = [];
  const errors: MigError[] = [];
  for (const step of plan) {
    try {
      done.push(act(step));
    } catch (error) {
      if (!(error instanceof MigError)) throw error;
      errors.push(error);
    }
  }
  if (errors.length === 1) throw errors[0]!;
  if (errors.length > 1) {
    throw new MigError("sql-refused", `${errors.length} files of the plan cannot run`, { errors });
  }
  return done;
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
  if (isUnwritten(text, direction)) throw unwritten(direction, path);
  const script = parseScript(text, path);
  checkScript(script, path, direction);
  return { ...recorded, direction, path, script };
}

function unwritten(direction: Direction, path: string): MigError {
  return new MigError("sql-refused", `${path} is still as \`mig new\` wrote it`, {
    locations: [{ path }],
    hint: direction === "up"
      ? ["write the SQL that makes the change", "if nothing is to be run, empty the file"]
      : [
        "write the SQL that takes the change back",
        "where there is no way back, delete the file: the revision is irreversible then",
        "where nothing is to be undone, empty the file",
      ],
  });
}
