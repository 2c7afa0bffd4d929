/** Failures that have to do with repeatable scripts, told in terms of their files. */

import { MigError, type ServerReport } from "../error.ts";
import { madeObjects } from "../sql/made_objects.ts";
import { parseScript } from "../sql/script.ts";
import type { SqlStatement } from "../sql/statement.ts";
import type { QueryError } from "./database.ts";
import {
  cannotCreate,
  connectionLost,
  endsSession,
  locationOf,
  NO_SUCH_SAVEPOINT,
  stateChanged,
  unfilledHints,
} from "./failure.ts";
import { hideValues } from "./hide_values.ts";
import type { RepeatableFile } from "./repeatable.ts";
import type { PreparedRepeatable } from "./repeatable_scripts.ts";
import { type Tried, triedData, triedHints, triedMessage } from "./tried.ts";
import type { VersionTable } from "./version_table.ts";

/** Which message it was: of mig's own around a script, or one of its statements. */
export interface RepeatableContext {
  /** Null while the table is made, or rows are forgotten. */
  readonly repeatable: PreparedRepeatable | null;
  readonly phase: "create" | "open" | "statement" | "close";
  readonly statement?: SqlStatement;
}

/** The error that tells what failed, where, and what to do. What the run has kept is told by whoever knows it. */
export function repeatableFailure(
  error: QueryError,
  { repeatable, phase, statement }: RepeatableContext,
  tables: { readonly version: VersionTable; readonly repeatable: string },
  tried: Tried,
): MigError {
  const report = error.report === null || repeatable === null
    ? error.report
    : hideValues(error.report, repeatable.script);
  const doing = repeatable === null
    ? "cannot record the repeatable scripts"
    : `cannot apply the repeatable script ${repeatable.file.name}`;
  if (report === null || endsSession(error)) return connectionLost(error, doing);
  if (phase === "create") {
    return cannotCreate({ ...tables.version, qualified: tables.repeatable }, report, error);
  }
  if (phase === "open" && report.sqlstate === INVALID_TEXT) return stateChanged(error);
  const path = repeatable?.path;
  const data = {
    ...(repeatable === null ? {} : { repeatable: repeatable.file.name }),
    ...triedData(report, tried),
  };
  const details = { server: report, cause: error, data };
  const places = path === undefined ? [] : [{ path }];
  if (phase === "close" && report.sqlstate === NO_SUCH_SAVEPOINT) {
    return new MigError("transaction-escaped", `${doing}: it ends the transaction that mig opened for it`, {
      ...details,
      locations: places,
      hint: `see with psql what is in the database, and take what ends the transaction out of ${path}`,
    });
  }
  const code = report.sqlstate === "55P03"
    ? "lock-timeout"
    : report.sqlstate === "42501"
    ? "permission-denied"
    : "sql-failed";
  return new MigError(code, `${doing}: ${triedMessage(report, tried)}`, {
    ...details,
    locations: statement === undefined || repeatable === null
      ? places
      : [locationOf(repeatable, statement, error.position, report)],
    hint: [
      ...unfilledHints(statement, report),
      ...[ADVICE[report.sqlstate] ?? triedHints(report, tried)].flat(),
    ],
  });
}

const INVALID_TEXT = "22P02";

const AGAIN =
  "a repeatable script runs again whenever it changes: write CREATE OR REPLACE, or DROP … IF EXISTS before the CREATE";
const OTHER_COLUMNS =
  "CREATE OR REPLACE VIEW can only add columns at the end: write DROP VIEW IF EXISTS before it, and take care of what depends on it";
const NOT_THERE =
  "the scripts run in the order of their names, after the revisions: is what it needs made by a later script, or by a revision that is pending?";

/** What means something else here than in a revision. */
const ADVICE: Readonly<Record<string, string>> = {
  "42P07": AGAIN,
  "42710": AGAIN,
  "42723": AGAIN,
  "42P16": OTHER_COLUMNS,
  "42P13": "a function's result or parameters cannot be replaced: write DROP FUNCTION IF EXISTS before it",
  "2BP01":
    "what is made by another script depends on it: drop that first, in this script; the other is applied after it",
  "42P01": NOT_THERE,
  "42883": NOT_THERE,
  "42703": NOT_THERE,
  "42704": NOT_THERE,
};

/**
 * Adds to the error of a revision which scripts make what stands in its way: a view that reads a table cannot be left alone when
 * the table goes.
 */
export function namingDependents(error: unknown, files: readonly RepeatableFile[]): unknown {
  if (!(error instanceof MigError) || error.server === undefined || error.data.revision === undefined) {
    return error;
  }
  if (!DEPENDENTS.has(error.server.sqlstate)) return error;
  const inTheWay = makersOf(error.server, files);
  if (inTheWay.length === 0) return error;
  const { code, message, locations, server, data, cause, hints } = error;
  return new MigError(code, message, {
    locations,
    server,
    data,
    cause,
    hint: [
      ...inTheWay.map(({ what, path }) =>
        `${what} is made by the repeatable script ${path}: drop it in this file first; the next \`mig up\` makes it again`
      ),
      ...hints,
    ],
  });
}

/** dependent_objects_still_exist; feature_not_supported, for ALTER TABLE … TYPE under a view. */
const DEPENDENTS: ReadonlySet<string> = new Set(["2BP01", "0A000"]);

function makersOf(
  { detail = "" }: ServerReport,
  files: readonly RepeatableFile[],
): { readonly what: string; readonly path: string }[] {
  return files.flatMap((file) => {
    try {
      const made = madeObjects(parseScript(file.text, file.path));
      const found = made.find(({ kind, name }) =>
        new RegExp(String.raw`\b${kind} \S*?(?<![\w$])"?${escaped(name)}"?(?![\w$])`).test(detail)
      );
      return found === undefined ? [] : [{ what: `the ${found.kind} ${found.name}`, path: file.path }];
    } catch (error) {
      if (error instanceof MigError) return [];
      throw error;
    }
  });
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
