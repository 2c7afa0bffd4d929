/** Rows in the tables of the shadow, which a revision has to bear. */

import type { Session } from "../database.ts";
import {
  countOf,
  lossesAfterDown,
  lossesAfterUp,
  type RowLoss,
  type SeenRows,
  seeRows,
} from "./row_losses.ts";
import { fillTable } from "./sample_rows.ts";
import { listTables, readTables, type SampleTable, type TableName } from "./sample_tables.ts";

/** Up to so many tables are all looked at; beyond, those that a revision's files name and those that refer to them. */
const ALL_TABLES = 20;

/** Puts rows in, and looks after them. */
export class RowWatch {
  readonly #onEmpty: (table: string, reason: string) => void;
  /** Tables that have been dealt with, by their numbers; those that could not be filled are told once. */
  readonly #filled = new Set<string>();
  readonly #told = new Set<string>();
  #seen: readonly SeenRows[] = [];
  #losses: readonly RowLoss[] = [];

  constructor(onEmpty: (table: string, reason: string) => void = () => {}) {
    this.#onEmpty = onEmpty;
  }

  /** The shadow was made anew, and its tables are empty again. */
  forget(): void {
    this.#filled.clear();
  }

  /**
   * Puts rows into tables that have none yet, and remembers those which the revision may touch.
   *
   * @param text its files
   * @returns the tables that it names
   */
  async begin(session: Session, text: string): Promise<readonly SampleTable[]> {
    const tables = await listTables(session);
    // A table that others refer to comes first; where they refer to each other in a circle, what can be left out is.
    const named = namedIn(text, tables);
    const watched = tables.length <= ALL_TABLES ? tables : withReferring(named, tables);
    const needed = withReferred(watched, tables);
    let waiting = tables.filter(({ oid }) => needed.has(oid) && !this.#filled.has(oid));
    const described = new Map(
      (await readTables(session, waiting.map(({ oid }) => oid))).map((table) => [table.oid, table]),
    );
    while (waiting.length > 0) {
      const open = new Set(waiting.map(({ oid }) => oid));
      const ready = waiting.filter(({ oid, refersTo }) =>
        refersTo.every((to) => to === oid || !open.has(to))
      );
      for (const { oid } of ready.length > 0 ? ready : waiting.slice(0, 1)) {
        await this.#fill(session, described.get(oid)!);
      }
      waiting = waiting.filter(({ oid }) => !this.#filled.has(oid));
    }
    const all = await readTables(session, watched.map(({ oid }) => oid));
    this.#seen = await seeRows(session, all);
    return all.filter(({ oid }) => named.has(oid));
  }

  /** Rows that up.sql has deleted. */
  async afterUp(session: Session): Promise<readonly RowLoss[]> {
    const { losses, emptied } = await lossesAfterUp(session, this.#seen);
    // The next revision is not to meet an empty table.
    for (const oid of emptied) this.#filled.delete(oid);
    return this.#losses = losses;
  }

  /** What of the rows is not as it was, once the schema is as it was. */
  async afterDown(session: Session): Promise<readonly RowLoss[]> {
    return await lossesAfterDown(session, this.#seen, this.#losses);
  }

  async #fill(session: Session, table: SampleTable): Promise<void> {
    this.#filled.add(table.oid);
    const reason = await fillTable(session, table);
    if (reason === null || this.#told.has(table.name)) return;
    // A trigger of another table may have put some in.
    if (await countOf(session, table.name) > 0) return;
    this.#told.add(table.name);
    this.#onEmpty(table.name, reason);
  }
}

/** By their numbers. */
function namedIn(text: string, tables: readonly TableName[]): ReadonlySet<string> {
  const lower = text.toLowerCase();
  return new Set(tables.filter(({ bare }) => lower.includes(bare.toLowerCase())).map(({ oid }) => oid));
}

function withReferring(named: ReadonlySet<string>, tables: readonly TableName[]): readonly TableName[] {
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
