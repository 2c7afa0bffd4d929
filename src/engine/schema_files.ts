/** SQL files that make a schema in the shadow, and repeatable scripts that are applied to it. */

import { MigError } from "../error.ts";
import { parseScript } from "../sql/script.ts";
import { locateInStatement } from "../sql/source.ts";
import type { SqlScript, SqlStatement } from "../sql/statement.ts";
import { type Database, QueryError, type Session } from "./database.ts";
import { hideValues } from "./hide_values.ts";
import type { PreparedRepeatable } from "./repeatable_scripts.ts";
import { missingHints } from "./shadow/failure.ts";

/** A SQL file. */
export interface SchemaFile {
  /** As the user would type it. */
  readonly path: string;
  readonly text: string;
}

/**
 * Runs files that make a schema together.
 * @param kind whether the shadow is embedded or on a server
 */
export async function runFiles(
  session: Session,
  files: readonly SchemaFile[],
  kind: Database["kind"],
): Promise<void> {
  const [they, are, order] = files.length === 1
    ? ["the file", "is", ""]
    : ["the files", "are", " in the order of their paths,"];
  for (const { path, text } of files) {
    const script = parseScript(text, path);
    await runStatements(session, script, (failed) => {
      throw cannotMake(`cannot make the schema of ${path}`, script, path, failed, [
        ...missingHints(failed.error.report!, kind),
        `${they} ${are} run${order} in an empty database, the shadow; nothing else was touched`,
      ]);
    });
  }
}

/**
 * Applies a repeatable script to a schema.
 * @param there whether the schema may have what the script makes already, so that CREATE without OR REPLACE fails over it
 */
export async function runScript(
  session: Session,
  { script, path }: PreparedRepeatable,
  there: boolean,
  kind: Database["kind"],
): Promise<void> {
  await runStatements(session, script, (error) => {
    if (there && IS_THERE.has(error.error.report!.sqlstate)) return;
    throw cannotMake(`cannot apply the repeatable script ${path} to what is compared`, script, path, error, [
      ...missingHints(error.error.report!, kind),
      "the scripts belong to the head, so they are applied to both sides, in the shadow; nothing else was touched",
      "correct the script, or the schema that it is to fit",
    ]);
  });
}

/** duplicate_table, duplicate_object, duplicate_function. */
const IS_THERE: ReadonlySet<string> = new Set(["42P07", "42710", "42723"]);

interface FailedAt {
  readonly statement: SqlStatement;
  readonly error: QueryError;
}

async function runStatements(
  session: Session,
  { statements }: SqlScript,
  onError: (failed: FailedAt) => void,
): Promise<void> {
  for (const statement of statements) {
    try {
      if (statement.copyData === undefined) await session.run(statement.text);
      else await session.copyIn(statement.text, statement.copyData);
    } catch (error) {
      if (!(error instanceof QueryError) || error.report === null) throw error;
      onError({ statement, error });
    }
  }
  // A dump empties the search path.
  await session.run("reset session authorization; reset all");
}

function cannotMake(
  doing: string,
  script: SqlScript,
  path: string,
  { statement, error }: FailedAt,
  hint: readonly string[],
): MigError {
  const report = hideValues(error.report!, script);
  return new MigError("sql-failed", `${doing}: ${report.message}`, {
    locations: [locateInStatement(script, statement, error.position, path)],
    server: report,
    cause: error,
    hint,
  });
}
