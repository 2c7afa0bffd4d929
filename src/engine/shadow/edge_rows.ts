/** Rows that a table takes and that people forget: without a value, with long ones, and with those of another row. */

import { quoteIdentifier, quoteLiteral } from "../../sql/quote.ts";
import { QueryError } from "../database.ts";
import { type Candidates, type Insert, insertRow, isIdentifier, plainCandidates } from "./sample_rows.ts";
import { modifiersOf } from "./sample_values.ts";
import type { SampleColumn, SampleTable } from "./sample_tables.ts";

/** Their numbers; the plain rows are the first two. */
const NO_VALUES = 3, SOME_VALUES = 4, OTHER_VALUES = 5, LONG = 6, ALIKE = 7;

/** Letters, so that it is no number; one that fits every index. */
const LONGEST_TEXT = 300, LONGEST_NUMBER = 8, LONGEST_FRACTION = 4;

/**
 * Puts them in beside the plain rows, as far as the table takes them.
 *
 * @param text the files of the revision that has to bear them
 */
export async function addEdgeRows(insert: Insert, table: SampleTable, text: string): Promise<void> {
  await insertRow(insert, table, withNull(table, NO_VALUES, () => true));
  await insertRow(insert, table, withNull(table, SOME_VALUES, (at) => at % 2 === 0));
  await insertRow(insert, table, withNull(table, OTHER_VALUES, (at) => at % 2 === 1));
  await insertRow(insert, table, longValues(table, text));
  await copyRow(insert, table);
}

/** NULL where it is allowed and wanted. */
function withNull(table: SampleTable, row: number, wanted: (at: number) => boolean): Candidates {
  const plain = plainCandidates(table, row);
  const optional = table.columns.filter(({ required }) => !required);
  return (column) => {
    const at = optional.indexOf(column);
    return at < 0 || !wanted(at) ? plain(column) : ["null", ...plain(column)];
  };
}

/** Values as long as the type allows, within reason. */
function longValues(table: SampleTable, text: string): Candidates {
  const plain = plainCandidates(table, LONG);
  const referring = new Set(table.references.flatMap(({ columns }) => columns));
  // Such a number may say how often something is done: it is there only where a type may become narrower.
  const narrows = /\btype\b/i.test(text);
  return (column) => {
    const number = narrows ? LARGE_INTEGERS[column.base] : isStray(table, column) ? STRAY : undefined;
    const value = referring.has(column.name) || column.sequence ? null : number ?? longValue(column);
    return value === null ? plain(column) : [`${quoteLiteral(value)}::${column.type}`, ...plain(column)];
  };
}

/** Whether it may lead to a row of another table, or to none, since no foreign key says so. */
function isStray(table: SampleTable, column: SampleColumn): boolean {
  return /^int[248]$/.test(column.base) && !table.unique.includes(column.name) && isIdentifier(table, column);
}

const STRAY = "9700";

/** Each is too large for the next smaller type. */
const LARGE_INTEGERS: Readonly<Record<string, string>> = { int4: "40000", int8: "5000000000" };

function longValue({ base, array, plainType }: SampleColumn): string | null {
  if (array) return "{}";
  const [first, second] = modifiersOf(plainType);
  switch (base) {
    case "text":
    case "citext":
    case "varchar":
    case "bpchar":
      return "abcdefghij".repeat(LONGEST_TEXT / 10).slice(0, first ?? LONGEST_TEXT);
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
      return "1000:02:03";
    case "json":
    case "jsonb":
      return "{}";
    default:
      return null;
  }
}

/** A row that is there once more, but for what has to be unique. */
async function copyRow(insert: Insert, table: SampleTable): Promise<void> {
  const fresh = plainCandidates(table, ALIKE);
  const columns = table.columns.filter(({ generated }) => !generated);
  const values = columns.map((column) =>
    table.unique.includes(column.name) ? fresh(column)[0] ?? "null" : `x.${quoteIdentifier(column.name)}`
  );
  const names = columns.map(({ name }) => quoteIdentifier(name)).join(", ");
  if (names === "") return;
  try {
    await insert(
      `insert into ${table.name} (${names}) overriding system value select ${values.join(", ")} from ${
        table.partitioned ? "" : "only "
      }${table.name} x limit 1`,
    );
  } catch (error) {
    if (!(error instanceof QueryError) || error.report === null) throw error;
  }
}
