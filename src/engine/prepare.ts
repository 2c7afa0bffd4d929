/** Reads, splits and checks every file of a plan before the first statement runs, so that what can be refused is refused. */

import type { Step } from "../revision/plan.ts";
import type { Direction, RevisionTexts } from "../revision/revision.ts";
import { checkScript } from "../sql/classify.ts";
import { fillIn, type Variables } from "../sql/fill_in.ts";
import { parseScript } from "../sql/script.ts";
import { checkLargeScript } from "../sql/stream/script.ts";
import { MigError } from "../error.ts";
import { COLLECT_EVERY, collectGarbage } from "../garbage.ts";
import { type CheckedStep, LargeChecked, WholeChecked } from "./checked_step.ts";
import { isLarge, type PreparedStep, type WholeStep } from "./prepared_step.ts";
import { LARGEST_TEXT, sizeText } from "../revision/large_text.ts";
import { notKept } from "../revision/not_kept.ts";
import { isUnwritten } from "../revision/unwritten.ts";
import { notStored, recordedOf, type RecordedRevision } from "./recorded.ts";

/** How many steps, and characters of SQL, are kept from the check to the run; what is beyond them is read twice. */
const KEPT_STEPS = 500, KEPT_CHARACTERS = 4 << 20;

/**
 * Checks the steps of a plan.
 *
 * @param variables what may be filled in where a file asks for it
 * @throws {MigError} the first file that cannot be read, split or run; with several, all of them in `errors`
 */
export function checkSteps(
  plan: readonly Step[],
  texts: RevisionTexts,
  variables: Variables = {},
): CheckedStep[] {
  let steps = 0, characters = 0;
  const again = (step: Step) => prepare(step, texts, variables);
  return each(plan, (step) => {
    const prepared = again(step);
    if (++steps % COLLECT_EVERY.checked === 0) collectGarbage();
    if (isLarge(prepared)) return new LargeChecked(prepared);
    characters += prepared.upText.length + (prepared.downText?.length ?? 0);
    const keep = steps <= KEPT_STEPS && characters <= KEPT_CHARACTERS;
    return new WholeChecked(prepared, keep, again);
  });
}

/**
 * Prepares the steps of a plan for what needs their whole texts.
 *
 * @throws {MigError} the first file that cannot be read, split or run, or is too large for it; with several, all of them in
 * `errors`
 */
export function prepareWholeSteps(
  plan: readonly Step[],
  texts: RevisionTexts,
  variables: Variables = {},
): WholeStep[] {
  return each(plan, (step) => prepareWhole(step, texts, variables));
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
    const [{ code }] = errors as [MigError];
    const same = errors.every((error) => error.code === code);
    throw new MigError(same ? code : "sql-refused", `${errors.length} files of the plan cannot run`, {
      errors,
    });
  }
  return done;
}

function prepare(step: Step, texts: RevisionTexts, variables: Variables): PreparedStep {
  const { direction, revision } = step;
  const up = texts.open(revision, "up"), down = texts.open(revision, "down");
  const content = direction === "up" ? up : down;
  if (content === null || typeof content === "string") {
    return prepareText(step, content, recordedOf(revision, up, down), texts, variables);
  }
  const path = texts.pathOf(revision, direction);
  const script = checkLargeScript(content, path, direction);
  const { transaction, env } = script.directives;
  if (transaction && env.length === 0) {
    return { ...step, ...recordedOf(revision, up, down, { [direction]: script.checksum }), path, script };
  }
  // Whoever goes on with it after an interruption compares the file with what was done, so all of it is stored. And a value is
  // filled in where its statement is whole.
  if (content.bytes <= LARGEST_TEXT) return prepareWhole(step, texts, variables);
  throw new MigError(
    "sql-refused",
    `${path} has ${sizeText(content.bytes)}, and a file that ${
      transaction ? "has variables" : "runs without a transaction"
    } can have up to ${sizeText(LARGEST_TEXT)}`,
    {
      locations: [{ path, line: 1 }],
      hint: `leave in it what ${
        transaction ? "needs the variables" : "cannot run in a transaction"
      }, and give the rest a revision without the directive`,
    },
  );
}

function prepareWhole(step: Step, texts: RevisionTexts, variables: Variables): WholeStep {
  const { direction, revision } = step;
  const text = texts.read(revision, direction);
  const [up, down] = direction === "up"
    ? [text, texts.open(revision, "down")]
    : [texts.open(revision, "up"), text];
  return prepareText(step, text, recordedOf(revision, up, down), texts, variables);
}

function prepareText(
  step: Step,
  text: string | null,
  recorded: RecordedRevision,
  texts: RevisionTexts,
  variables: Variables,
): WholeStep {
  const { direction, revision } = step;
  const path = texts.pathOf(revision, direction);
  if (text === null) {
    throw new MigError("irreversible", `revision ${revision.id} "${revision.message}" has no down.sql`, {
      hint: `write ${path}, or stop above it: mig down ${revision.id}`,
    });
  }
  if (isUnwritten(text, direction)) throw unwritten(direction, path);
  const lost = notKept(text);
  if (lost !== null) throw notStored(revision, direction, lost);
  const script = fillIn(parseScript(text, path), path, variables);
  checkScript(script, path, direction);
  return { ...step, ...recorded, path, script };
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
