/** The SQL of the journal that a no-transaction step keeps in its row of the version table. */

import type { RevisionId } from "../revision/revision.ts";
import { quoteLiteral, quoteNullable } from "../sql/quote.ts";
import type { PreparedStep, WholeStep } from "./prepared_step.ts";
import { guardSql, idOf, insertSql, settingsSql } from "./step_sql.ts";
import type { Timeouts } from "./timeouts.ts";
import type { VersionTable } from "./version_table.ts";

/** Opens the journal of a no-transaction step, in a transaction of its own. */
export function openJournalSql(
  table: VersionTable,
  step: PreparedStep,
  last: RevisionId | null,
  timeouts: Timeouts,
): string {
  const settings = settingsSql(step, timeouts, "set local");
  const guard = guardSql(table, step, last, "plain");
  return ["begin", ...settings, ...guard, beginJournalSql(table, step), "commit"].join(";\n");
}

/** Notes that a no-transaction step has begun, with no statement done. */
export function beginJournalSql(table: VersionTable, step: PreparedStep): string {
  return step.direction === "up" ? insertSql(table, step, "up", "plain") : `update ${table.qualified}
          set unfinished = 'down', statements_done = 0, down_sql = ${quoteNullable(step.downText)}
        where id = ${idOf(step)}`;
}

/**
 * Takes the journal of an interrupted step up again, with the file as it stands now. It changes one row.
 *
 * @param underWay whether the next statement may have run already
 */
export function resumeJournalSql(
  table: VersionTable,
  step: WholeStep,
  done: number,
  underWay: boolean,
): string {
  const texts = step.direction === "up"
    ? `up_sql = ${quoteLiteral(step.upText)}, down_sql = ${quoteNullable(step.downText)},
           checksum = ${quoteLiteral(step.checksum)}`
    : `down_sql = ${quoteNullable(step.downText)}`;
  // What takes the place of a batch must not hand its rows on to the next one.
  const rows = table.hasBatchRows && step.script.statements[done]?.batch === undefined
    ? ", batch_rows = null"
    : "";
  return `update ${table.qualified} set ${texts}, statements_done = ${
    underWay ? underWayAfter(done) : done
  }${rows}
     where ${journalAt(step, done)}`;
}

/**
 * Notes that the statement behind those that are done is under way, as a negative number: -1 for the first, -2 for the second.
 * It changes one row.
 */
export function markJournalSql(table: VersionTable, step: PreparedStep, done: number): string {
  return `update ${table.qualified} set statements_done = ${underWayAfter(done)} where ${
    journalAt(step, done)
  }`;
}

/**
 * Notes in the journal that one more statement is done. It changes one row, or somebody else has been at it.
 *
 * @param marked whether the statement may have been noted as under way
 */
export function advanceJournalSql(
  table: VersionTable,
  step: PreparedStep,
  done: number,
  marked = false,
): string {
  return `update ${table.qualified} set statements_done = ${done + 1}
     where ${marked ? journalAt(step, done) : `${unfinishedSql(step)} and statements_done = ${done}`}`;
}

/** Makes room for the notes of rounds in a version table of an earlier mig. */
export function addBatchColumnSql(table: VersionTable): string {
  return `alter table ${table.qualified} add column if not exists batch_rows bigint`;
}

/** Notes that a round of the statement behind those that are done has changed rows. It changes one row. */
export function noteRoundSql(
  table: VersionTable,
  step: PreparedStep,
  done: number,
  rows: number | string,
): string {
  return `update ${table.qualified} set batch_rows = coalesce(batch_rows, 0) + ${rows}
     where ${journalAt(step, done)}`;
}

/** Notes that the last round changed nothing, and the statement is done. It changes one row. */
export function advanceBatchSql(table: VersionTable, step: PreparedStep, done: number): string {
  return `update ${table.qualified} set statements_done = ${done + 1}, batch_rows = null
     where ${journalAt(step, done)}`;
}

function underWayAfter(done: number): number {
  return -1 - done;
}

function journalAt(step: PreparedStep, done: number): string {
  return `${unfinishedSql(step)} and statements_done in (${done}, ${underWayAfter(done)})`;
}

function unfinishedSql(step: PreparedStep): string {
  return `id = ${idOf(step)} and unfinished = '${step.direction}'`;
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
