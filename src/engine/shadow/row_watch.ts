/** Rows in the tables of the shadow, and what becomes of them when a revision goes up and down. */

import { quoteIdentifier, quoteTextArray } from "../../sql/quote.ts";
import { QueryError, type Session } from "../database.ts";
import { addEdgeRows } from "./edge_rows.ts";
import { fillTable } from "./sample_rows.ts";
import { listTables, readTables, type SampleTable, type TableName } from "./sample_tables.ts";

/** Rows that were there before a revision and are not what they were. */
export interface RowLoss {
  readonly direction: "up" | "down";
  /** Qualified, as SQL. */
  readonly table: string;
  /** What happened, before the table's name: `deletes 2 of 2 rows of`. */
  readonly text: string;
}

/** Which rows there are to be: `edge` are those too that a table takes and that people forget. */
export type RowKinds = "plain" | "plain and edge";

/** Up to so many tables are all looked at; beyond, those that a revision's files name and those that refer to them. */
const ALL_TABLES = 20;

/** So many rows of a table are looked after: a revision may have filled it with any number. */
const ROWS_SEEN = 1000;

/** The rows of a table: each by its primary key, or by itself where it has none. */
interface Seen {
  readonly table: SampleTable;
  readonly rows: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** How many there are in all. */
  readonly count: number;
}

/** Puts rows in, and looks after them. */
export class RowWatch {
  readonly #onEmpty: (table: string, reason: string) => void;
  /** Tables that have been dealt with, by their numbers; those that could not be filled are told once. */
  readonly #filled = new Set<string>();
  readonly #edged = new Set<string>();
  readonly #told = new Set<string>();
  #seen: readonly Seen[] = [];

  constructor(onEmpty: (table: string, reason: string) => void = () => {}) {
    this.#onEmpty = onEmpty;
  }

  /** The shadow was made anew, and its tables are empty again. */
  forget(): void {
    this.#filled.clear();
    this.#edged.clear();
  }

  /** Puts rows into tables that have none yet, and remembers those which the revision may touch. */
  async begin(session: Session, text: string, kinds: RowKinds): Promise<void> {
    const tables = await listTables(session);
    // A table that others refer to comes first; where they refer to each other in a circle, what can be left out is.
    const watched = touched(tables, text);
    const needed = withReferred(watched, tables);
    const done = kinds === "plain" ? this.#filled : this.#edged;
    let waiting = tables.filter(({ oid }) => needed.has(oid) && !done.has(oid));
    const described = new Map(
      (await readTables(session, waiting.map(({ oid }) => oid))).map((table) => [table.oid, table]),
    );
    while (waiting.length > 0) {
      const open = new Set(waiting.map(({ oid }) => oid));
      const ready = waiting.filter(({ oid, refersTo }) =>
        refersTo.every((to) => to === oid || !open.has(to))
      );
      for (const { oid } of ready.length > 0 ? ready : waiting.slice(0, 1)) {
        await this.#fill(session, described.get(oid)!, kinds);
      }
      waiting = waiting.filter(({ oid }) => !done.has(oid));
    }
    const seen: Seen[] = [];
    for (const table of await readTables(session, watched.map(({ oid }) => oid))) {
      const rows = await rowsOf(session, table);
      seen.push({ table, rows, count: rows.size === 0 ? 0 : await countOf(session, table.name) });
    }
    this.#seen = seen.filter(({ rows }) => rows.size > 0);
  }

  /** Rows that up.sql has deleted from tables that are still there; what it drops it says itself. */
  async afterUp(session: Session): Promise<RowLoss[]> {
    const losses: RowLoss[] = [];
    for (const { table, count } of this.#seen) {
      const { rows: [found] } = await session.send(
        `select c.oid::regclass as name from pg_catalog.pg_class c where c.oid = ${table.oid}`,
      );
      if (found === undefined) continue;
      const left = await countOf(session, found.name!);
      if (left === 0) this.#refill(table.oid);
      const gone = count - left;
      if (gone > 0) {
        losses.push({ direction: "up", table: table.name, text: `deletes ${gone} of ${of(count)} of` });
      }
    }
    return losses;
  }

  /** What of the rows is not as it was, once the schema is as it was. */
  async afterDown(session: Session): Promise<RowLoss[]> {
    const losses: RowLoss[] = [];
    for (const { table, rows } of this.#seen) {
      const now = await rowsOf(session, table, rows);
      const gone = [...rows.keys()].filter((key) => !now.has(key)).length;
      if (gone > 0) {
        const text = table.key.length > 0
          ? `${gone} of ${of(rows.size)} are gone from`
          : `${gone} of ${of(rows.size)} are others in`;
        losses.push({ direction: "down", table: table.name, text });
        continue;
      }
      for (const column of table.columns.map(({ name }) => name)) {
        // Where there was no value, none is lost.
        const had = [...rows].filter(([, row]) => (row[column] ?? null) !== null);
        const changed = had.filter(([key, row]) =>
          JSON.stringify(row[column]) !== JSON.stringify(now.get(key)![column] ?? null)
        ).map(([key]) => now.get(key)![column] ?? null);
        if (changed.length === 0) continue;
        const how = changed.every((value) => value === null) ? "are lost" : "are others";
        losses.push({
          direction: "down",
          table: table.name,
          text: `${changed.length} of ${had.length} values of the column "${column}" ${how} in`,
        });
      }
    }
    return losses;
  }

  /** The next revision is not to meet an empty table. */
  #refill(oid: string): void {
    this.#filled.delete(oid);
    this.#edged.delete(oid);
  }

  async #fill(session: Session, table: SampleTable, kinds: RowKinds): Promise<void> {
    let reason: string | null = null;
    if (!this.#filled.has(table.oid)) {
      this.#filled.add(table.oid);
      reason = await fillTable(session, table);
    }
    if (kinds === "plain and edge") {
      this.#edged.add(table.oid);
      if (await addEdgeRows(session, table)) reason = null;
    }
    if (reason === null || this.#told.has(table.name)) return;
    this.#told.add(table.name);
    this.#onEmpty(table.name, reason);
  }
}

function of(rows: number): string {
  return `${rows} row${rows === 1 ? "" : "s"}`;
}

function touched(tables: readonly TableName[], text: string): readonly TableName[] {
  if (tables.length <= ALL_TABLES) return tables;
  const lower = text.toLowerCase();
  const named = new Set(
    tables.filter(({ bare }) => lower.includes(bare.toLowerCase())).map(({ oid }) => oid),
  );
  return tables.filter(({ oid, refersTo }) => named.has(oid) || refersTo.some((to) => named.has(to)));
}

/** The tables, and those that their rows have to refer to. */
function withReferred(tables: readonly TableName[], all: readonly TableName[]): ReadonlySet<string> {
  const byOid = new Map(all.map((table) => [table.oid, table]));
  const needed = new Set<string>();
  const waiting = tables.map(({ oid }) => oid);
  for (let oid = waiting.pop(); oid !== undefined; oid = waiting.pop()) {
    if (needed.has(oid)) continue;
    needed.add(oid);
    waiting.push(...byOid.get(oid)?.refersTo ?? []);
  }
  return needed;
}

async function countOf(session: Session, table: string): Promise<number> {
  const { rows: [counted] } = await session.send(`select pg_catalog.count(*) as count from ${table}`);
  return Number(counted!.count);
}

/**
 * Some rows of a table.
 *
 * @param again the same ones as before: in a table that has more, an UPDATE changes which of them come first
 */
async function rowsOf(
  session: Session,
  { name, key }: SampleTable,
  again?: Seen["rows"],
): Promise<Seen["rows"]> {
  const identity = key.length > 0
    ? `pg_catalog.jsonb_build_array(${key.map((column) => `x.${quoteIdentifier(column)}`).join(", ")})`
    : "pg_catalog.to_jsonb(x.*)";
  const which = again === undefined
    ? `limit ${ROWS_SEEN}`
    : `where ${identity} = any(${quoteTextArray([...again.keys()])}::pg_catalog.jsonb[])`;
  try {
    const { rows } = await session.send(
      `select ${identity} as identity, pg_catalog.to_jsonb(x.*) as row from only ${name} x ${which}`,
    );
    return new Map(rows.map(({ identity, row }) => [identity!, JSON.parse(row!)]));
  } catch (error) {
    // A type of column that has no JSON, or a table that is gone; its schema is compared anyway.
    if (error instanceof QueryError && error.report !== null) return new Map();
    throw error;
  }
}
