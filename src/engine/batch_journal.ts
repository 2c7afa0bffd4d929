/** What the journal of a no-transaction step notes of a batch. */

import { quoteLiteral } from "../sql/quote.ts";
import type { WholeStep } from "./prepare.ts";
import type { VersionTable } from "./version_table.ts";

/** Makes room for the notes of rounds in a version table of an earlier mig. */
export function addBatchColumnSql(table: VersionTable): string {
  return `alter table ${table.qualified} add column if not exists batch_rows bigint`;
}

/** Notes that a round of the statement behind those that are done has changed rows. It changes one row. */
export function noteRoundSql(
  table: VersionTable,
  step: WholeStep,
  done: number,
  rows: number | string,
): string {
  return `update ${table.qualified} set batch_rows = coalesce(batch_rows, 0) + ${rows}
     where id = ${
    quoteLiteral(step.revision.id)
  } and unfinished = '${step.direction}' and statements_done = ${done}`;
}

/** Notes that the last round changed nothing, and the statement is done. It changes one row. */
export function advanceBatchSql(table: VersionTable, step: WholeStep, done: number): string {
  return `update ${table.qualified} set statements_done = ${done + 1}, batch_rows = null
     where id = ${
    quoteLiteral(step.revision.id)
  } and unfinished = '${step.direction}' and statements_done = ${done}`;
}
