/** A statement that is repeated, in a script for psql: a DO block that commits after each round, as `mig up` does. */

import { dollarTag, quoteLiteral } from "../sql/quote.ts";
import type { WholeStep } from "./prepared_step.ts";
import { addBatchColumnSql, advanceBatchSql, noteRoundSql } from "./journal_sql.ts";
import type { VersionTable } from "./version_table.ts";

/**
 * The lines that repeat a statement until it changes no row.
 *
 * @param at its number in the file, from 0
 * @param statementTimeout the setting that holds for the others; it would hold for all rounds together
 */
export function batchScript(
  table: VersionTable,
  step: WholeStep,
  at: number,
  statementTimeout: string | undefined,
): string[] {
  const { text, batch } = step.script.statements[at]!;
  const { pauseMs, rounds } = batch!;
  const note = noteRoundSql(table, step, at, "changed");
  const body = `
declare
  changed bigint;
  round integer := 0;
begin
  loop
    execute ${quoteLiteral(text)};
    get diagnostics changed = row_count;
    exit when changed = 0;
    ${note};
    commit;
    round := round + 1;
    raise info 'round %: % rows', round, changed;
${
    rounds === null ? "" : `    if round >= ${rounds} then
      raise exception 'the batch does not come to an end: it changed rows in each of ${rounds} rounds';
    end if;
`
  }${pauseMs === 0 ? "" : `    perform pg_catalog.pg_sleep(${pauseMs / 1000});\n`}  end loop;
  ${advanceBatchSql(table, step, at)};
end`;
  const tag = dollarTag(body);
  return [
    // An earlier mig may have made the table, and what is there is worth no notice.
    ...(table.exists && table.hasBatchRows ? [] : [
      "set client_min_messages = warning;",
      `${addBatchColumnSql(table)};`,
      "reset client_min_messages;",
    ]),
    `-- Repeated until it changes no row; each round is committed. If it is stopped, \`mig up\` goes on from there.`,
    "set statement_timeout = 0;",
    `do ${tag}${body} ${tag};`,
    statementTimeout === undefined ? "reset statement_timeout;" : `${statementTimeout};`,
  ];
}
