/**
 * The SQL that mig puts around a revision's own: the guard before it, the record after it. All of it is text with
 * literals, because a message with parameters costs the driver a round trip of its own, and a run has none to spare.
 */

import type { RevisionId } from "../revision/revision.ts";
import { quoteIdentifier, quoteLiteral, quoteNullable, quoteTextArray } from "../sql/quote.ts";
import type { PreparedStep } from "./prepared_step.ts";
import type { RecordedRevision } from "./recorded.ts";
import {
  type Before,
  callSql,
  DELETE,
  FORGET_STATEMENTS_SQL,
  GUARD_DOWN,
  GUARD_UP,
  INSERT,
  INSERT_SINCE_LAST,
  INSERT_STAMPED,
  prepareStatementsSql,
  type Sending,
} from "./table_statements.ts";
import type { Timeouts } from "./timeouts.ts";
import type { VersionTable } from "./version_table.ts";

/**
 * When the server flushes to disk: once for a whole run, before mig says that it is done, or after each revision. What was
 * committed without a flush is lost if the server's power fails, from the end of the chain backwards: a shorter chain,
 * never a wrong one (manual, "Asynchronous Commit").
 */
export type Flush = "run" | "revision";

/**
 * Flushes all that was committed before. Only a transaction that has written something waits for the disk when it commits;
 * having a transaction id is not enough, so it writes a message that nobody reads (manual, "pg_logical_emit_message").
 */
export const FLUSH_SQL =
  "begin; set local synchronous_commit = on; select pg_catalog.pg_logical_emit_message(true, 'mig', 'flush'); commit";

/**
 * Opens a step's transaction: `begin`, settings, the guard, and the savepoint by which an escape is noticed.
 *
 * @param before what to do about prepared statements first
 */
export function openStepSql(
  table: VersionTable,
  step: PreparedStep,
  last: RevisionId | null,
  timeouts: Timeouts,
  sending: Sending,
  before: Before = null,
): string {
  return [
    // First of all: what follows in the next messages must fail when this does, and outside of a transaction it would not.
    "begin",
    ...settingsSql(step, timeouts, "set local"),
    ...(before === "prepare"
      ? prepareStatementsSql(table)
      : before === "forget"
      ? [FORGET_STATEMENTS_SQL]
      : []),
    ...guardSql(table, step, last, sending),
    // COMMIT or ROLLBACK in what follows ends the savepoint too, and releasing it then fails before anything is recorded.
    `savepoint ${SAVEPOINT}`,
  ].join(";\n");
}

/**
 * Closes a step's transaction: undoes what the file set for the session, records the step, and commits.
 *
 * @param flush whether the commit waits for the disk
 */
export function closeStepSql(
  table: VersionTable,
  step: PreparedStep,
  flush: boolean,
  sending: Sending,
): string {
  return [
    `release savepoint ${SAVEPOINT}`,
    ...resetSql(table.setRole),
    ...(flush ? [] : ["set local synchronous_commit = off"]),
    step.direction === "up"
      ? insertSql(table, step, null, sending)
      : callSql(DELETE, table, [idOf(step)], sending),
    "commit",
  ].join(";\n");
}

/** The settings under which a file's statements run. */
export function settingsSql(
  step: Pick<PreparedStep, "script">,
  timeouts: Timeouts,
  set: "set" | "set local",
): string[] {
  const lock = step.script.directives.lockTimeout ?? timeouts.lockTimeout;
  const statement = step.script.directives.statementTimeout ?? timeouts.statementTimeout;
  return [
    ...(lock === undefined ? [] : [`${set} lock_timeout = ${lock}`]),
    ...(statement === undefined ? [] : [`${set} statement_timeout = ${statement}`]),
    // RESET ALL takes it back at the end of each step.
    ...(timeouts.connectionCheck === undefined
      ? []
      : [`${set} client_connection_check_interval = ${timeouts.connectionCheck}`]),
    // The splitter reads '…\…' as the standard does, so the server has to.
    `${set} standard_conforming_strings = on`,
  ];
}

/**
 * Takes back what a file may have set: a dump empties search_path, and RESET ALL leaves SET ROLE.
 *
 * @param setRole the role to take on again, where RESET ROLE does not lead to it
 */
export function resetSettingsSql(setRole: string | null): readonly string[] {
  return [
    "reset session authorization",
    "reset role",
    ...(setRole === null ? [] : [`set role ${quoteIdentifier(setRole)}`]),
    "reset all",
  ];
}

/** Takes back what a file may have done to the session, with the role as above. */
export function resetSql(setRole: string | null): readonly string[] {
  return [...resetSettingsSql(setRole), "close all", "discard temp"];
}

/** COMMIT or ROLLBACK in a file ends it together with the transaction. */
export const SAVEPOINT = "mig_step";

/**
 * Asserts the state that the plan was made for, under a lock that two runners cannot hold at once even where a pooler
 * breaks session locks. LOCK comes first and alone, so that what is read after it is not older than it.
 */
export function guardSql(
  table: VersionTable,
  step: PreparedStep,
  last: RevisionId | null,
  sending: Sending,
): string[] {
  const { parents, dependsOn } = step.revision;
  const needed = [...new Set([...parents, ...dependsOn])];
  const state = [quoteNullable(last), idOf(step)];
  return [
    `lock table ${table.qualified} in share row exclusive mode`,
    step.direction === "up"
      ? callSql(GUARD_UP, table, [...state, quoteTextArray(needed), String(needed.length)], sending)
      : callSql(GUARD_DOWN, table, state, sending),
  ];
}

/** How the row of a revision tells how long it took; see `table_statements.ts`. */
const INSERTS = { ran: INSERT, script: INSERT_SINCE_LAST, stamped: INSERT_STAMPED } as const;

/**
 * Writes the row of a revision, outside of `mig up`.
 *
 * @param how `script` where a script has run it, `stamped` where nothing has
 */
export function recordSql(table: VersionTable, step: RecordedRevision, how: "script" | "stamped"): string {
  return insertSql(table, step, null, "plain", how);
}

/** Deletes the row of a revision. */
export function forgetSql(table: VersionTable, id: RevisionId): string {
  return callSql(DELETE, table, [quoteLiteral(id)], "plain");
}

/** Writes the row of a revision. */
export function insertSql(
  table: VersionTable,
  step: RecordedRevision,
  unfinished: "up" | null,
  sending: Sending,
  how: keyof typeof INSERTS = "ran",
): string {
  const { id, parents, dependsOn, labels, message } = step.revision;
  return callSql(INSERTS[how], table, [
    quoteLiteral(id),
    quoteTextArray(parents),
    quoteTextArray(dependsOn),
    quoteTextArray(labels),
    quoteLiteral(message),
    quoteLiteral(step.upText),
    quoteNullable(step.downText),
    quoteLiteral(step.checksum),
    ...(how === "ran" ? [quoteNullable(unfinished)] : []),
  ], sending);
}

/** The id as a literal. */
export function idOf(step: PreparedStep): string {
  return quoteLiteral(step.revision.id);
}
