/**
 * The SQL that mig puts around a revision's own: the guard before it, the record after it. All of it is text with
 * literals, because a message with parameters costs the driver a round trip of its own, and a run has none to spare.
 */

import type { RevisionId } from "../revision/revision.ts";
import { quoteLiteral, quoteNullable, quoteTextArray } from "../sql/quote.ts";
import type { PreparedStep } from "./prepare.ts";
import type { VersionTable } from "./version_table.ts";

/** Milliseconds after which the server gives up on a lock or a statement; undefined leaves the server's setting. */
export interface Timeouts {
  readonly lockTimeout?: number;
  readonly statementTimeout?: number;
  /** How often the server looks whether mig is still there while a statement runs (client_connection_check_interval). */
  readonly connectionCheck?: number;
}

/**
 * When the server flushes to disk: once for a whole run, before mig says that it is done, or after each revision. What was
 * committed without a flush is lost if the server's power fails, from the end of the chain backwards: a shorter chain,
 * never a wrong one (manual, "Asynchronous Commit").
 */
export type Flush = "run" | "revision";

/** Commits a transaction that has something to write, which flushes all that was committed before it. */
export const FLUSH_SQL =
  "begin; set local synchronous_commit = on; select pg_catalog.pg_current_xact_id(); commit";

/** Opens a step's transaction: `begin`, time-outs, the guard, and the savepoint by which an escape is noticed. */
export function openStepSql(
  table: VersionTable,
  step: PreparedStep,
  last: RevisionId | null,
  timeouts: Timeouts,
): string {
  return [
    "begin",
    ...settingsSql(step, timeouts, "set local"),
    ...guardSql(table, step, last),
    // COMMIT or ROLLBACK in what follows ends the savepoint too, and releasing it then fails before anything is recorded.
    `savepoint ${SAVEPOINT}`,
  ].join(";\n");
}

/**
 * Closes a step's transaction: undoes what the file set for the session, records the step, and commits.
 *
 * @param flush whether the commit waits for the disk
 */
export function closeStepSql(table: VersionTable, step: PreparedStep, flush: boolean): string {
  return [
    `release savepoint ${SAVEPOINT}`,
    ...RESET_SQL,
    ...(flush ? [] : ["set local synchronous_commit = off"]),
    recordSql(table, step),
    "commit",
  ].join(";\n");
}

/** Opens the journal of a no-transaction step, in a transaction of its own. */
export function openJournalSql(
  table: VersionTable,
  step: PreparedStep,
  last: RevisionId | null,
  timeouts: Timeouts,
): string {
  const open = step.direction === "up" ? insertSql(table, step, "up") : `
    update ${table.qualified} set unfinished = 'down', statements_done = 0 where id = ${idOf(step)}`;
  return [
    "begin",
    ...settingsSql(step, timeouts, "set local"),
    ...guardSql(table, step, last),
    open,
    "commit",
  ]
    .join(";\n");
}

/** Takes the journal of an interrupted step up again, with the file as it stands now. It changes one row. */
export function resumeJournalSql(table: VersionTable, step: PreparedStep, done: number): string {
  return `update ${table.qualified}
       set up_sql = ${quoteLiteral(step.upText)}, down_sql = ${quoteNullable(step.downText)},
           checksum = ${quoteLiteral(step.checksum)}
     where id = ${idOf(step)} and unfinished = 'up' and statements_done = ${done}`;
}

/** Notes in the journal that one more statement is done. It changes one row, or somebody else has been at it. */
export function advanceJournalSql(table: VersionTable, step: PreparedStep, done: number): string {
  return `update ${table.qualified} set statements_done = ${done + 1}
     where id = ${idOf(step)} and unfinished = '${step.direction}' and statements_done = ${done}`;
}

/** Closes the journal: the step is done. It changes one row, or somebody else has been at it. */
export function closeJournalSql(table: VersionTable, step: PreparedStep, statements: number): string {
  const own = `id = ${idOf(step)} and unfinished = '${step.direction}' and statements_done = ${statements}`;
  return step.direction === "down" ? `delete from ${table.qualified} where ${own}` : `
    update ${table.qualified}
       set unfinished = null, statements_done = null,
           duration_ms = extract(epoch from clock_timestamp() - applied_at) * 1000, applied_at = clock_timestamp()
     where ${own}`;
}

/** The settings under which a file's statements run. */
export function settingsSql(step: PreparedStep, timeouts: Timeouts, set: "set" | "set local"): string[] {
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

/** Takes back what a file may have set for the session: a dump empties search_path, and RESET ALL leaves SET ROLE. */
export const RESET_SQL: readonly string[] = [
  "reset session authorization",
  "reset role",
  "reset all",
  "close all",
  "discard temp",
];

const SAVEPOINT = "mig_step";

/**
 * Asserts the state that the plan was made for, under a lock that two runners cannot hold at once even where a pooler
 * breaks session locks. LOCK comes first and alone, so that what is read after it is not older than it.
 */
function guardSql(table: VersionTable, step: PreparedStep, last: RevisionId | null): string[] {
  const { revision } = step;
  const id = idOf(step);
  const needed = [...revision.parents, ...revision.dependsOn];
  const upConditions = [
    `exists (select from ${table.qualified} where id = ${id})`,
    ...(needed.length === 0 ? [] : [
      `(select count(*) from ${table.qualified} where id = any(${quoteTextArray(needed)})
          and unfinished is distinct from 'up') <> ${new Set(needed).size}`,
    ]),
  ];
  const downConditions = [
    `not exists (select from ${table.qualified} where id = ${id} and unfinished is null)`,
  ];
  const changed = [
    `(select id from ${table.qualified} order by seq desc limit 1) is distinct from ${quoteNullable(last)}`,
    ...(step.direction === "up" ? upConditions : downConditions),
  ];
  return [
    `lock table ${table.qualified} in share row exclusive mode`,
    // A failing cast is an error that needs no function; clock_timestamp() keeps the planner from casting ahead of time.
    `select case when ${changed.join("\n or ")}
       then cast(concat('the state changed at ', clock_timestamp()) as integer) end`,
  ];
}

function recordSql(table: VersionTable, step: PreparedStep): string {
  return step.direction === "up"
    ? insertSql(table, step, null)
    : `delete from ${table.qualified} where id = ${idOf(step)}`;
}

function insertSql(table: VersionTable, step: PreparedStep, unfinished: "up" | null): string {
  const { revision } = step;
  const values = [
    idOf(step),
    `(select coalesce(max(seq), 0) + 1 from ${table.qualified})`,
    quoteTextArray(revision.parents),
    quoteTextArray(revision.dependsOn),
    quoteTextArray(revision.labels),
    quoteLiteral(revision.message),
    quoteLiteral(step.upText),
    quoteNullable(step.downText),
    quoteLiteral(step.checksum),
    "clock_timestamp()",
    "session_user",
    unfinished === null ? "extract(epoch from clock_timestamp() - transaction_timestamp()) * 1000" : "null",
    quoteNullable(unfinished),
    unfinished === null ? "null" : "0",
  ];
  return `insert into ${table.qualified} (id, seq, parents, depends_on, labels, message, up_sql, down_sql, checksum,
      applied_at, applied_by, duration_ms, unfinished, statements_done)
    values (${values.join(", ")})`;
}

function idOf(step: PreparedStep): string {
  return quoteLiteral(step.revision.id);
}
