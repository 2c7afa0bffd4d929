/** A message that the server refused, told in terms of the user's files. */

import { MigError, type ServerReport, type SourceLocation } from "../error.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { findReferences } from "../sql/references.ts";
import { locate, locateInStatement } from "../sql/source.ts";
import { standaloneEffect } from "../sql/standalone.ts";
import type { SqlStatement } from "../sql/statement.ts";
import { labelOf } from "../sql/words.ts";
import { cannotUse, INSUFFICIENT_PRIVILEGE } from "./table_access.ts";
import { locateInLargeScript } from "../sql/stream/script.ts";
import type { QueryError } from "./database.ts";
import { hideValues } from "./hide_values.ts";
import { addBatchColumnSql } from "./journal_sql.ts";
import type { PreparedStep } from "./prepared_step.ts";
import { type Tried, triedData, triedHints, triedMessage } from "./tried.ts";
import type { VersionTable } from "./version_table.ts";

/** Which message of a step it was. */
export interface StepContext {
  readonly step: PreparedStep;
  /**
   * `create` makes the version table, `open` and `close` are mig's own SQL around the file, `journal` its notes between
   * the statements of one, `lock` its look whether the run lock is still held.
   */
  readonly phase: "create" | "open" | "statement" | "journal" | "lock" | "close";
  /** Of the phase `statement`. */
  readonly statement?: SqlStatement;
  /** Of the phase `journal`: a statement outside of transactions that has run, and that this notes. */
  readonly ran?: SqlStatement;
}

/**
 * The error that tells a user what failed, where, and what to do. What the run has kept is told by whoever knows it.
 *
 * @param tried how often it was tried, where another session's locks were in the way, and who that was
 */
export function stepFailure(
  error: QueryError,
  { step, phase, statement, ran }: StepContext,
  table: VersionTable,
  tried: Tried,
): MigError {
  const report = error.report === null ? null : hideValues(error.report, step.script);
  const name = `revision ${step.revision.id} "${step.revision.message}"`;
  const doing = `cannot ${step.direction === "up" ? "apply" : "undo"} ${name}`;
  if (phase === "lock") return lockLost(error, doing);
  if (report === null || isFatal(report)) return connectionLost(error, doing);
  if (phase === "create") {
    return MADE_MEANWHILE.has(report.sqlstate) ? stateChanged(error) : cannotCreate(table, report, error);
  }
  const details = {
    server: report,
    cause: error,
    data: { revision: step.revision.id, direction: step.direction, ...triedData(report, tried) },
  };
  const unnoted = ran === undefined ? [] : [notNoted(ran)];
  if (phase === "open" && report.sqlstate === INVALID_TEXT) return stateChanged(error);
  if (phase === "close" && report.sqlstate === NO_SUCH_SAVEPOINT) {
    return new MigError(
      "transaction-escaped",
      `${doing}: ${step.path} ends the transaction that mig opened for it`,
      {
        ...details,
        locations: [{ path: step.path }],
        hint: `see with psql what is in the database, and take what ends the transaction out of ${step.path}`,
      },
    );
  }
  // The rest of what mig sends around a file needs no privilege.
  if (statement === undefined && report.sqlstate === INSUFFICIENT_PRIVILEGE) {
    return cannotUse(table, report, error);
  }
  const locations = statement === undefined
    ? [{ path: step.path }]
    : [locationOf(step, statement, error.position, report)];
  const code = report.sqlstate === LOCK_NOT_AVAILABLE
    ? "lock-timeout"
    : report.sqlstate === INSUFFICIENT_PRIVILEGE
    ? "permission-denied"
    : "sql-failed";
  return new MigError(code, `${doing}: ${triedMessage(report, tried)}`, {
    ...details,
    locations,
    hint: [...unnoted, ...triedHints(report, tried), ...unfilledHints(statement, report)],
  });
}

function notNoted(ran: SqlStatement): string {
  const again = standaloneEffect(ran) === null ? "runs it once more" : "finds that out";
  return `${
    labelOf(ran.written ?? ran)
  } has run to its end, but that could not be noted: the next run ${again}`;
}

/** The error for a session that has ended under us. */
export function connectionLost(error: QueryError, doing: string): MigError {
  const why = error.report === null ? "the connection to the server was lost" : error.report.message;
  return new MigError("connection-lost", `${doing}: ${why}`, {
    server: error.report ?? undefined,
    cause: error,
  });
}

/** The error for the end of the session that does nothing but keep the run lock. */
function lockLost(error: QueryError, doing: string): MigError {
  const why = error.report === null ? "" : `: ${error.report.message}`;
  return new MigError("lock-lost", `${doing}: the session that keeps other runs away has ended${why}`, {
    server: error.report ?? undefined,
    cause: error,
    hint: "a pooler may end a session that is idle for long: connect to the server itself for this",
  });
}

/** Whether the session ended with this error. */
export function endsSession(error: QueryError): boolean {
  return error.report === null || isFatal(error.report);
}

/** The error for a guard that failed: somebody else changed the state after the plan was made. */
export function stateChanged(cause: unknown): MigError {
  return new MigError(
    "state-changed",
    "another run has changed the state of the database since this plan was made",
    {
      hint: "see `mig status`, then run the command again",
      cause,
    },
  );
}

/** The error for a version table that could not be made. */
export function cannotCreate(table: VersionTable, server: ServerReport, cause: unknown): MigError {
  const denied = server.sqlstate === INSUFFICIENT_PRIVILEGE;
  const grant = table.schemaExists
    ? `grant create on schema ${quoteIdentifier(table.schema)} to ${quoteIdentifier(table.role)}`
    : `create schema ${quoteIdentifier(table.schema)} authorization ${quoteIdentifier(table.role)}`;
  return new MigError(
    denied ? "permission-denied" : "sql-failed",
    `cannot make the version table ${table.qualified}: ${server.message}`,
    {
      server,
      cause,
      hint: denied
        ? [`have an owner run: ${grant}`, 'or name another place: --table, or "table" in mig.json']
        : undefined,
    },
  );
}

/** The error for a version table of an earlier mig that could not be given a column. */
export function cannotChange(table: VersionTable, error: QueryError): MigError {
  const { report } = error;
  if (report === null || isFatal(report)) {
    return connectionLost(error, `cannot change the version table ${table.qualified}`);
  }
  const denied = report.sqlstate === INSUFFICIENT_PRIVILEGE;
  const code = denied
    ? "permission-denied"
    : report.sqlstate === LOCK_NOT_AVAILABLE
    ? "lock-timeout"
    : "sql-failed";
  return new MigError(
    code,
    `cannot give the version table ${table.qualified} the column batch_rows: ${report.message}`,
    {
      server: report,
      cause: error,
      hint: [
        denied
          ? `an earlier mig made it without. Have its owner run: ${addBatchColumnSql(table)}`
          : "an earlier mig made it without, and a batch keeps its notes there",
        "nothing was run: then run the command again",
      ],
    },
  );
}

/** Class 57P and PANIC/FATAL severities end the session (manual, "Message Severity Levels"). */
function isFatal(report: ServerReport): boolean {
  return report.severity === "FATAL" || report.severity === "PANIC";
}

/** Where in its file a statement failed. */
export function locationOf(
  step: Pick<PreparedStep, "script" | "path">,
  statement: SqlStatement,
  position: number | null,
  report: ServerReport,
): SourceLocation {
  const { script, path } = step;
  // PostgreSQL counts the lines of a COPY's data.
  const dataLine = Number(/^COPY .*?, line (\d+)/m.exec(report.where ?? "")?.[1] ?? 0);
  if ("file" in script) {
    return locateInLargeScript(script, statement, dataLine > 0 ? { dataLine } : { position }, path);
  }
  if (dataLine > 0 && statement.copyData !== undefined) {
    let at = statement.end;
    for (let line = 0; line < dataLine; line++) at = script.text.indexOf("\n", at) + 1;
    return locate(script.text, at, path);
  }
  return locateInStatement(script, statement, position, path);
}

/** `${NAME}` is sent as it stands by a file that does not ask for it, and the server has no use for it outside of quotes. */
export function unfilledHints(statement: SqlStatement | undefined, { sqlstate }: ServerReport): string[] {
  if (statement === undefined || sqlstate !== SYNTAX_ERROR) return [];
  const named = new Set(findReferences(statement.text).map(({ name }) => name));
  return [...named].map((name) =>
    `\${${name}} was sent as it stands: with \`-- mig: env ${name}\` at the head of the file, mig fills it in`
  );
}

const SYNTAX_ERROR = "42601";
const INVALID_TEXT = "22P02";
/** The table or its schema is there, or is just being made. */
const MADE_MEANWHILE = new Set(["42P07", "42P06", "23505"]);
/** A file has ended the transaction, and mig's savepoint in it. */
export const NO_SUCH_SAVEPOINT = "3B001";
const LOCK_NOT_AVAILABLE = "55P03";
