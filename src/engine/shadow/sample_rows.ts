/** Rows that fit a table: made from its columns' types, its foreign keys, and the literals that stand in its checks. */

import { quoteIdentifier, quoteLiteral } from "../../sql/quote.ts";
import { QueryError, type Session } from "../database.ts";
import type { SampleColumn, SampleTable } from "./sample_tables.ts";
import { candidatesFor } from "./sample_values.ts";

/** How many rows a table gets, and how many times one is tried with other values. */
const ROWS = 2, TRIES = 60;

/**
 * Puts rows into a table.
 *
 * @returns why it has none; null where it has at least one
 */
export async function fillTable(session: Session, table: SampleTable): Promise<string | null> {
  let reason = "";
  let made = 0;
  for (let row = 1; row <= ROWS; row++) {
    const failure = await insertOne(session, table, row);
    if (failure === null) made++;
    else reason = failure;
  }
  return made > 0 ? null : reason;
}

/** Tries until a row is taken: where a check or a domain refuses, the columns that it looks at get their next values. */
async function insertOne(session: Session, table: SampleTable, row: number): Promise<string | null> {
  const picks = new Map<string, number>();
  let reason = "";
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const columns = table.columns.filter(({ made }) => !made);
    const values = columns.flatMap((column) => {
      const value = valueFor(table, column, row, picks.get(column.name) ?? 0);
      return value === undefined ? [] : [[quoteIdentifier(column.name), value] as const];
    });
    const insert = values.length === 0
      ? `insert into ${table.name} default values`
      : `insert into ${table.name} (${values.map(([name]) => name).join(", ")}) values (${
        values.map(([, value]) => value).join(", ")
      })`;
    try {
      await session.run(insert);
      return null;
    } catch (error) {
      if (!(error instanceof QueryError) || error.report === null) throw error;
      reason = error.report.message;
      const next = columnsToChange(table, error.report.constraint, error.report.column);
      if (next.length === 0 || !advance(next, table, row, picks)) return reason;
    }
  }
  return reason;
}

/** A value as SQL; undefined to leave the column to its default. */
function valueFor(table: SampleTable, column: SampleColumn, row: number, pick: number): string | undefined {
  const reference = table.references.find(({ columns }) => columns.includes(column.name));
  if (reference !== undefined) {
    const target = quoteIdentifier(reference.targets[reference.columns.indexOf(column.name)]!);
    const own = reference.table === table.name || table.name.endsWith(`.${reference.table}`);
    // The first row can only point to itself, and need not where it may point nowhere.
    if (own && !column.required) return undefined;
    return `(select ${target} from ${reference.table} order by 1 offset ${pick} limit 1)`;
  }
  const candidates = candidatesOf(table, column, row);
  return candidates[pick % candidates.length];
}

function candidatesOf(
  table: SampleTable,
  column: SampleColumn,
  row: number,
): readonly (string | undefined)[] {
  const checks = table.checks.filter(({ columns }) => columns.includes(column.name)).map(({ sql }) => sql);
  const values = candidatesFor(column, row, [...checks, ...column.checks]);
  return values.length > 0 ? values : [column.required ? quoteLiteral("1") : undefined];
}

/** Which columns may be to blame. */
function columnsToChange(
  table: SampleTable,
  constraint: string | undefined,
  column: string | undefined,
): readonly string[] {
  if (column !== undefined) return [column];
  const check = table.checks.find(({ name }) => name === constraint);
  if (check !== undefined) return check.columns;
  const reference = table.references.find(({ columns }) =>
    columns.some((name) => constraint?.includes(name))
  );
  if (reference !== undefined) return reference.columns;
  // A domain's check has no column in its report; and what a check allows may be there already, and have to be unique.
  const checked = new Set(table.checks.flatMap(({ columns }) => columns));
  return table.columns.filter(({ made, name, checks }) => !made && (checks.length > 0 || checked.has(name)))
    .map(({ name }) => name);
}

/** Goes to the next combination of values; false when all have been tried. */
function advance(
  names: readonly string[],
  table: SampleTable,
  row: number,
  picks: Map<string, number>,
): boolean {
  for (const name of names) {
    const column = table.columns.find((column) => column.name === name);
    if (column === undefined) continue;
    const next = (picks.get(name) ?? 0) + 1;
    if (next < candidatesOf(table, column, row).length) {
      picks.set(name, next);
      return true;
    }
    picks.set(name, 0);
  }
  return false;
}
