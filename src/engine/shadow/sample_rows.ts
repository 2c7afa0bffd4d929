/** Rows that fit a table: made from its columns' types, its foreign keys, and the literals that stand in its checks. */

import { quoteIdentifier, quoteLiteral } from "../../sql/quote.ts";
import { QueryError, type Session } from "../database.ts";
import type { Reference, SampleColumn, SampleTable } from "./sample_tables.ts";
import { candidatesFor } from "./sample_values.ts";

/** How many rows a table gets, and how many times one is tried with other values. */
const ROWS = 2, TRIES = 60;

/** So many rows of the table that a foreign key leads to are tried. */
const TARGETS = 3;

/** What a column may get, as SQL, the most likely first; undefined for its default. */
export type Candidates = (column: SampleColumn) => readonly (string | undefined)[];

/** Runs an INSERT, or throws what the server says of it. */
export type Insert = (sql: string) => Promise<unknown>;

/**
 * Puts rows into a table.
 *
 * @returns why it has none; null where it has at least one
 */
export async function fillTable(session: Session, table: SampleTable): Promise<string | null> {
  let reason = "";
  let made = 0;
  for (let row = 1; row <= ROWS; row++) {
    const failure = await insertRow((sql) => session.run(sql), table, plainCandidates(table, row));
    if (failure === null) made++;
    else reason = failure;
  }
  return made > 0 ? null : reason;
}

/**
 * Tries until a row is taken: where a check or a domain refuses, the columns that it looks at get their next values.
 *
 * @returns why it was not; null where it was
 */
export async function insertRow(
  insert: Insert,
  table: SampleTable,
  candidatesOf: Candidates,
): Promise<string | null> {
  const candidates = new Map(
    table.columns.filter(({ generated }) => !generated).map((column) => [column.name, candidatesOf(column)]),
  );
  const picks = new Map<string, number>();
  let reason = "";
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const values = [...candidates].flatMap(([name, values]) => {
      const value = values[picks.get(name) ?? 0];
      return value === undefined ? [] : [[quoteIdentifier(name), value] as const];
    });
    const sql = values.length === 0
      ? `insert into ${table.name} default values`
      : `insert into ${table.name} (${
        values.map(([name]) => name).join(", ")
      }) overriding system value values (${values.map(([, value]) => value).join(", ")})`;
    try {
      await insert(sql);
      return null;
    } catch (error) {
      if (!(error instanceof QueryError) || error.report === null) throw error;
      reason = error.report.message;
      if (!advance(columnsToChange(table, error.report), candidates, picks)) return reason;
    }
  }
  return reason;
}

/** The values of a row as an application would write it: all columns have one, and none is like that of another row. */
export function plainCandidates(table: SampleTable, row: number): Candidates {
  return (column) => {
    const reference = table.references.find(({ columns }) => columns.includes(column.name));
    if (reference !== undefined) return referringTo(table, reference, column, row);
    const checks = table.checks.filter(({ columns }) => columns.includes(column.name)).map(({ sql }) => sql);
    const values = candidatesFor(column, row, [...checks, ...column.checks], isIdentifier(table, column));
    return values.length > 0 ? values : [column.required ? quoteLiteral("1") : undefined];
  };
}

function referringTo(
  table: SampleTable,
  { columns, targets, table: target }: Reference,
  column: SampleColumn,
  row: number,
): readonly (string | undefined)[] {
  // The first row can only point to itself, and need not where it may point nowhere.
  if (target === table.name || table.name.endsWith(`.${target}`)) {
    return column.required ? candidatesFor(column, row, [], true) : [undefined];
  }
  const order = targets.map(quoteIdentifier).join(", ");
  const value = quoteIdentifier(targets[columns.indexOf(column.name)]!);
  return Array.from({ length: TARGETS }, (_, pick) => {
    const offset = `(select ${row - 1 + pick} % nullif(pg_catalog.count(*), 0) from ${target})`;
    return `(select ${value} from ${target} order by ${order} offset ${offset} limit 1)`;
  });
}

/** Whether a column names rows, of its own table or of another: such numbers are far from those that people write by hand. */
export function isIdentifier({ key, unique }: SampleTable, { name, sequence }: SampleColumn): boolean {
  return sequence || key.includes(name) || unique.includes(name) || /(?:^|_)id$|Id$/.test(name);
}

/** Which columns may be to blame. */
function columnsToChange(
  table: SampleTable,
  { constraint, column }: { readonly constraint?: string; readonly column?: string },
): readonly string[] {
  if (column !== undefined) return [column];
  const check = table.checks.find(({ name }) => name === constraint);
  if (check !== undefined) return check.columns;
  const reference = table.references.find(({ columns }) =>
    columns.some((name) => constraint?.includes(name))
  );
  if (reference !== undefined) return reference.columns;
  // A domain's check has no column in its report, nor has a value that is too long; and what a check allows may be there already.
  const checked = new Set(table.checks.flatMap(({ columns }) => columns));
  return table.columns.filter((column) =>
    column.checks.length > 0 || checked.has(column.name) || isIdentifier(table, column)
  ).map(({ name }) => name);
}

/** Goes to the next combination of values; false when all have been tried. */
function advance(
  names: readonly string[],
  candidates: ReadonlyMap<string, readonly unknown[]>,
  picks: Map<string, number>,
): boolean {
  for (const name of names) {
    const next = (picks.get(name) ?? 0) + 1;
    if (next < (candidates.get(name)?.length ?? 0)) {
      picks.set(name, next);
      return true;
    }
    picks.set(name, 0);
  }
  return false;
}
