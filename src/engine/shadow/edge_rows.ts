/** Rows that a table takes and that people forget: without a value, with long ones, and with those of another row. */

import { quoteIdentifier, quoteLiteral } from "../../sql/quote.ts";
import { QueryError, type Session } from "../database.ts";
import { type Candidates, insertRow, plainCandidates } from "./sample_rows.ts";
import { modifiersOf } from "./sample_values.ts";
import type { SampleColumn, SampleTable } from "./sample_tables.ts";

/** The plain rows are the first two. */
const WITHOUT = 3, LONG = 4, ALIKE = 5;

/** Letters, so that it is no number; one that fits every index. */
const LONGEST_TEXT = 300, LONGEST_NUMBER = 8, LONGEST_FRACTION = 4;

/**
 * Puts them in beside the plain rows.
 *
 * @returns whether the table took any of them
 */
export async function addEdgeRows(session: Session, table: SampleTable): Promise<boolean> {
  const without = await insertRow(session, table, withoutValues(table));
  const long = await insertRow(session, table, longValues(table));
  await copyRow(session, table);
  return without === null || long === null;
}

/** NULL wherever it is allowed. */
function withoutValues(table: SampleTable): Candidates {
  const plain = plainCandidates(table, WITHOUT);
  return (column) => column.required ? plain(column) : ["null", ...plain(column)];
}

/** Values as long as the type allows, within reason. */
function longValues(table: SampleTable): Candidates {
  const plain = plainCandidates(table, LONG);
  const referring = new Set(table.references.flatMap(({ columns }) => columns));
  return (column) => {
    const text = referring.has(column.name) || column.sequence ? null : longValue(column);
    return text === null ? plain(column) : [`${quoteLiteral(text)}::${column.type}`, ...plain(column)];
  };
}

function longValue({ base, array, plainType }: SampleColumn): string | null {
  if (array) return "{}";
  const [first, second] = modifiersOf(plainType);
  switch (base) {
    case "text":
    case "citext":
    case "varchar":
    case "bpchar":
      return "abcdefghij".repeat(LONGEST_TEXT / 10).slice(0, first ?? LONGEST_TEXT);
    case "int4":
      return "1000000";
    case "int8":
      return "5000000000";
    case "numeric": {
      const fraction = first === undefined ? LONGEST_FRACTION : Math.min(second ?? 0, LONGEST_FRACTION);
      const whole = Math.min((first ?? Infinity) - (second ?? 0), LONGEST_NUMBER);
      return `${"12345678".slice(0, whole) || "0"}${fraction === 0 ? "" : `.${"1234".slice(0, fraction)}`}`;
    }
    case "float4":
    case "float8":
      return "12345.5";
    case "timestamp":
    case "timestamptz":
      return "2026-01-04 12:34:56.123456";
    case "interval":
      return "1000 days 01:02:03";
    case "json":
    case "jsonb":
      return "{}";
    default:
      return null;
  }
}

/** A row that is there once more, but for what has to be unique. */
async function copyRow(session: Session, table: SampleTable): Promise<void> {
  const fresh = plainCandidates(table, ALIKE);
  const columns = table.columns.filter(({ generated }) => !generated);
  const values = columns.map((column) =>
    table.unique.includes(column.name) ? fresh(column)[0] ?? "null" : `x.${quoteIdentifier(column.name)}`
  );
  const names = columns.map(({ name }) => quoteIdentifier(name)).join(", ");
  if (names === "") return;
  try {
    await session.run(
      `insert into ${table.name} (${names}) overriding system value select ${
        values.join(", ")
      } from only ${table.name} x limit 1`,
    );
  } catch (error) {
    if (!(error instanceof QueryError) || error.report === null) throw error;
  }
}
