/** What becomes of rows when a revision goes up and down. */

import { quoteIdentifier, quoteTextArray } from "../../sql/quote.ts";
import { QueryError, type Session } from "../database.ts";
import type { SampleTable } from "./sample_tables.ts";

/** Rows that were there before a revision and are not what they were. */
export interface RowLoss {
  readonly direction: "up" | "down";
  /** Qualified, as SQL. */
  readonly table: string;
  /** The column whose values it is about; null for whole rows. */
  readonly column: string | null;
  /** What happened, before the table's name: `deletes 2 of 2 rows of`. */
  readonly text: string;
}

/** The rows of a table: each by its primary key, or by itself where it has none. */
export interface SeenRows {
  readonly table: SampleTable;
  readonly rows: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** How many there are in all. */
  readonly count: number;
}

/** So many rows of a table are looked after: a revision may have filled it with any number. */
const ROWS_SEEN = 1000;

/** Remembers the rows of those tables that have any. */
export async function seeRows(
  session: Session,
  tables: readonly SampleTable[],
): Promise<readonly SeenRows[]> {
  const seen: SeenRows[] = [];
  for (const table of tables) {
    const rows = await rowsOf(session, table);
    if (rows.size > 0) seen.push({ table, rows, count: await countOf(session, table.name) });
  }
  return seen;
}

/** Rows that up.sql has deleted from tables that are still there; what it drops it says itself. */
export async function lossesAfterUp(session: Session, seen: readonly SeenRows[]): Promise<{
  readonly losses: readonly RowLoss[];
  /** Tables that have no row any more, by their numbers. */
  readonly emptied: readonly string[];
}> {
  const losses: RowLoss[] = [];
  const emptied: string[] = [];
  for (const { table, count } of seen) {
    const { rows: [found] } = await session.send(
      `select c.oid::regclass as name from pg_catalog.pg_class c where c.oid = ${table.oid}`,
    );
    if (found === undefined) continue;
    const left = await countOf(session, found.name!);
    if (left === 0) emptied.push(table.oid);
    if (left < count) {
      const text = `deletes ${count - left} of ${of(count)} of`;
      losses.push({ direction: "up", table: table.name, column: null, text });
    }
  }
  return { losses, emptied };
}

/**
 * What of the rows is not as it was, once the schema is as it was.
 * @param told what was seen after up: that rows are gone is told once
 */
export async function lossesAfterDown(
  session: Session,
  seen: readonly SeenRows[],
  told: readonly RowLoss[],
): Promise<RowLoss[]> {
  const losses: RowLoss[] = [];
  for (const { table, rows } of seen) {
    const now = await rowsOf(session, table, rows);
    const gone = [...rows].filter(([key, row]) => !now.has(key) && isKnown(table, row)).length;
    const lose = (column: string | null, text: string) =>
      losses.push({ direction: "down", table: table.name, column, text });
    if (gone > 0) {
      const how = table.key.length > 0 ? "are gone from" : "are others in";
      if (!told.some((loss) => loss.table === table.name)) lose(null, `${gone} of ${of(rows.size)} ${how}`);
      continue;
    }
    for (const column of table.columns.map(({ name }) => name)) {
      // Where there was no value, none is lost.
      const had = [...rows].filter(([key, row]) => (row[column] ?? null) !== null && now.has(key));
      const changed = had.filter(([key, row]) =>
        JSON.stringify(row[column]) !== JSON.stringify(now.get(key)![column] ?? null)
      ).map(([key]) => now.get(key)![column] ?? null);
      if (changed.length === 0) continue;
      const how = changed.every((value) => value === null) ? "are lost" : "are others";
      lose(column, `${changed.length} of ${had.length} values of the column "${column}" ${how} in`);
    }
  }
  return losses;
}

/** How many rows a table has. */
export async function countOf(session: Session, table: string): Promise<number> {
  const { rows: [counted] } = await session.send(`select pg_catalog.count(*) as count from ${table}`);
  return Number(counted!.count);
}

/** A row that is known by itself alone is another one where it got a value that it lacked, and nothing is lost by that. */
function isKnown({ key }: SampleTable, row: Readonly<Record<string, unknown>>): boolean {
  return key.length > 0 || Object.values(row).every((value) => value !== null);
}

function of(rows: number): string {
  return `${rows} row${rows === 1 ? "" : "s"}`;
}

/**
 * Some rows of a table.
 *
 * @param again the same ones as before: in a table that has more, an UPDATE changes which of them come first
 */
async function rowsOf(
  session: Session,
  { name, key, partitioned }: SampleTable,
  again?: SeenRows["rows"],
): Promise<SeenRows["rows"]> {
  const identity = key.length > 0
    ? `pg_catalog.jsonb_build_array(${key.map((column) => `x.${quoteIdentifier(column)}`).join(", ")})`
    : "pg_catalog.to_jsonb(x.*)";
  const which = again === undefined
    ? `limit ${ROWS_SEEN}`
    : `where ${identity} = any(${quoteTextArray([...again.keys()])}::pg_catalog.jsonb[])`;
  try {
    const { rows } = await session.send(
      `select ${identity} as identity, pg_catalog.to_jsonb(x.*) as row from ${
        partitioned ? "" : "only "
      }${name} x ${which}`,
    );
    return new Map(rows.map(({ identity, row }) => [identity!, JSON.parse(row!)]));
  } catch (error) {
    // A type of column that has no JSON, or a table that is gone; its schema is compared anyway.
    if (error instanceof QueryError && error.report !== null) return new Map();
    throw error;
  }
}
