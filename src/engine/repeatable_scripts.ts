/** Reads, splits and checks the repeatable scripts before anything runs. */

import { MigError } from "../error.ts";
import { checkScript } from "../sql/classify.ts";
import { type MadeObject, madeObjects } from "../sql/made_objects.ts";
import { parseScript } from "../sql/script.ts";
import type { SqlScript } from "../sql/statement.ts";
import type { RepeatableFile } from "./repeatable.ts";

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
 * @throws {MigError} the first that cannot be split or run; with several, all of them in `errors`
 */
export function prepareRepeatables(files: readonly RepeatableFile[]): PreparedRepeatable[] {
  const prepared: PreparedRepeatable[] = [];
  const errors: MigError[] = [];
  for (const file of files) {
    try {
      prepared.push(prepare(file));
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

function prepare(file: RepeatableFile): PreparedRepeatable {
  const { path, text } = file;
  const script = parseScript(text, path);
  checkScript(script, path, "repeatable");
  return { file, path, script, made: madeObjects(script) };
}
