/** The rows of the version table: which revisions are applied. */

import type { AppliedRevision } from "../revision/applied.ts";
import type { RevisionId } from "../revision/revision.ts";
import { quoteTextArray } from "../sql/quote.ts";
import type { Session, TextRow } from "./database.ts";
import { usingTable } from "./table_access.ts";
import type { VersionTable } from "./version_table.ts";

/** All rows, oldest first; none where the table does not exist. */
export async function readApplied(session: Session, table: VersionTable): Promise<AppliedRevision[]> {
  return table.exists ? appliedIn(await askRows(session, table, rowsOf(table))) : [];
}

/** Rows, and what tells whether the table still holds just those. */
export interface MarkedRows {
  readonly applied: AppliedRevision[];
  readonly mark: string | null;
}

/** The rows of a table that exists. */
export async function readMarked(session: Session, table: VersionTable): Promise<MarkedRows> {
  const row = await askRows(session, table, `${rowsOf(table)}, ${MARK} as mark`);
  return { applied: appliedIn(row), mark: row.mark! };
}

async function askRows(session: Session, table: VersionTable, columns: string): Promise<TextRow> {
  const { rows: [row] } = await usingTable(
    table,
    () => session.send(`select ${columns} from ${table.qualified}`),
  );
  return row!;
}

/** All rows as one JSON text: to take that apart is several times quicker than to take as many messages, and every command reads them. */
function rowsOf(table: VersionTable): string {
  return `pg_catalog.json_agg(pg_catalog.json_build_array(
             id, seq, parents, depends_on, labels, message, checksum, down_sql is not null,
             pg_catalog.to_char(applied_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
             applied_by, duration_ms, unfinished, ${STATEMENTS_DONE}, ${
    table.hasBatchRows ? "batch_rows" : "null"
  }) order by seq) as applied`;
}

function appliedIn({ applied }: TextRow): AppliedRevision[] {
  return applied === null ? [] : (JSON.parse(applied!) as AppliedRow[]).map(appliedOf);
}

/** The mark of what a table holds now: another one than before, whatever was written meanwhile. */
export async function readMark(session: Session, table: VersionTable): Promise<string | null> {
  return (await askRows(session, table, `${MARK} as mark`)).mark!;
}

/** Which transactions wrote the rows: one that was written since has another, which no row that we saw can have had. */
const MARK = "pg_catalog.md5(pg_catalog.string_agg(xmin::text, ','))";

/** How many statements of an unfinished revision are done; a negative number says that the next one is under way, see `markJournalSql()`. */
export const STATEMENTS_DONE = "greatest(statements_done, -1 - statements_done)";

/** The ids of all rows, oldest first: what is cheap to ask after a long run. One that is unfinished has its direction behind it. */
export async function readAppliedIds(session: Session, table: VersionTable): Promise<string[]> {
  const { rows: [row] } = await session.send(`
    select pg_catalog.string_agg(id || coalesce(' ' || unfinished, ''), ',' order by seq) as ids from ${table.qualified}`);
  return row!.ids === null ? [] : row!.ids!.split(",");
}

/** The SQL of a revision as it was when it was applied. */
export interface StoredSql {
  readonly up: string;
  readonly down: string | null;
}

/** The SQL texts that were stored when these revisions were applied, by id; those that the table lacks are left out. */
export async function readStoredSql(
  session: Session,
  table: VersionTable,
  ids: readonly RevisionId[],
): Promise<ReadonlyMap<RevisionId, StoredSql>> {
  if (!table.exists || ids.length === 0) return new Map();
  const { rows } = await session.send(
    `select id, up_sql, down_sql from ${table.qualified} where id = any(${quoteTextArray(ids)})`,
  );
  return new Map(rows.map((row) => [row.id!, { up: row.up_sql!, down: row.down_sql ?? null }]));
}

/** A row, in the order of `readApplied()`. */
type AppliedRow = readonly [
  id: string,
  seq: number,
  parents: string[],
  dependsOn: string[],
  labels: string[],
  message: string,
  checksum: string,
  reversible: boolean,
  appliedAt: string,
  appliedBy: string,
  durationMs: number | null,
  unfinished: "up" | "down" | null,
  statementsDone: number,
  batchRows: number | null,
];

function appliedOf(row: AppliedRow): AppliedRevision {
  const [id, seq, parents, dependsOn, labels, message, upChecksum, reversible] = row;
  const [, , , , , , , , appliedAt, appliedBy, durationMs, unfinished, statementsDone, batchRows] = row;
  return {
    id,
    seq,
    parents,
    dependsOn,
    labels,
    message,
    reversible,
    upChecksum,
    appliedAt,
    appliedBy,
    durationMs,
    unfinished: unfinished === null
      ? null
      : { direction: unfinished, statementsDone, batchRows: batchRows ?? 0 },
  };
}
