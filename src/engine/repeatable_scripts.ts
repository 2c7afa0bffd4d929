/** Reads, splits and checks the repeatable scripts before anything runs. */

import { MigError } from "../error.ts";
import { checkScript } from "../sql/classify.ts";
import { type MadeObject, madeObjects } from "../sql/made_objects.ts";
import { fillIn, type Variables } from "../sql/fill_in.ts";
import { parseScript } from "../sql/script.ts";
import { locate } from "../sql/source.ts";
import type { SqlScript } from "../sql/statement.ts";
import type { RepeatableFile, RepeatableReport } from "./repeatable.ts";

/** A script that can run. */
export interface PreparedRepeatable {
  readonly file: RepeatableFile;
  readonly path: string;
  readonly script: SqlScript;
  /** What it makes, as far as its text tells. */
  readonly made: readonly MadeObject[];
}

/**
 * Prepares the scripts, in their order.
 *
 * @param variables what may be filled in where a file asks for it
 * @throws {MigError} the first that cannot be split or run; with several, all of them in `errors`
 */
export function prepareRepeatables(
  files: readonly RepeatableFile[],
  variables: Variables,
): PreparedRepeatable[] {
  const prepared: PreparedRepeatable[] = [];
  const errors: MigError[] = [];
  for (const file of files) {
    try {
      prepared.push(prepare(file, variables));
    } catch (error) {
      if (!(error instanceof MigError)) throw error;
      errors.push(error);
    }
  }
  if (errors.length === 1) throw errors[0]!;
  if (errors.length > 1) {
    throw new MigError("sql-refused", `${errors.length} repeatable scripts cannot run`, { errors });
  }
  return prepared;
}

function prepare(file: RepeatableFile, variables: Variables): PreparedRepeatable {
  const { path, text } = file;
  const script = fillIn(parseScript(text, path), path, variables);
  checkScript(script, path, "repeatable");
  refuseBatches(script, path);
  return { file, path, script, made: madeObjects(script) };
}

/** Those scripts that a report says are applied. */
export function prepareDue(
  files: readonly RepeatableFile[],
  { scripts }: RepeatableReport,
  variables: Variables,
): PreparedRepeatable[] {
  const due = new Set(scripts.map(({ name }) => name));
  return prepareRepeatables(files.filter(({ name }) => due.has(name)), variables);
}

/** What changes rows until none is left is done once. */
function refuseBatches({ text, statements }: SqlScript, path: string): void {
  const batch = statements.find((statement) => statement.batch !== undefined);
  if (batch === undefined) return;
  throw new MigError(
    "sql-refused",
    "a repeatable script cannot hold a batch: it runs again with each change",
    {
      locations: [locate(text, batch.start, path)],
      hint: "give the batch a revision of its own",
    },
  );
}
