/** Values for columns, by their types. Text is made of digits, so that it outlives a change to a number. */

import { quoteLiteral } from "../../sql/quote.ts";
import type { SampleColumn } from "./sample_tables.ts";

/**
 * Values as SQL, the most likely first.
 *
 * @param row which row it is for, from 1: other rows have other values
 * @param checks the checks on the column, whose literals may be the values that are allowed
 * @param far whether they are to be far from what a revision may write by hand: `insert … values (1, 'admin')`
 */
export function candidatesFor(
  column: SampleColumn,
  row: number,
  checks: readonly string[],
  far: boolean,
): string[] {
  // A composite type's own value, all of whose fields are NULL: what its fields need is not looked at.
  if (column.kind === "c" && !column.array) {
    return [`pg_catalog.jsonb_populate_record(null::${column.type}, '{}')`];
  }
  const plain = plainValue(column, row);
  const fitting = checks.flatMap((sql) => literalsIn(sql, column, row));
  const shapes = checks.length === 0 || !isText(column.base) ? [] : SHAPES.map((shape) => shape(row));
  const first = far && FAR_TYPES.has(column.base) ? [String(FAR + row)] : [];
  const texts = [...first, ...(plain === null ? [] : [plain]), ...fitting, ...shapes];
  return [...new Set(texts)].map((text) => {
    const value = `${quoteLiteral(text)}`;
    return column.array ? `array[${value}]::${column.type}` : `${value}::${column.type}`;
  });
}

function plainValue({ base, kind, labels, plainType }: SampleColumn, row: number): string | null {
  const [precision, scale] = modifiersOf(plainType);
  if (base === "numeric" && precision !== undefined && precision <= (scale ?? 0)) {
    return `0.${String(row).padStart(scale!, "0")}`;
  }
  if (kind === "e") return labels.length === 0 ? null : labels[(row - 1) % labels.length]!;
  if (kind === "c") return null;
  return VALUES[base]?.(row) ?? (kind === "b" ? String(row) : null);
}

/** The numbers in a type's brackets: `numeric(10,2)`. */
export function modifiersOf(type: string): readonly number[] {
  return [...type.matchAll(/(?<=\(.*)\d+/g)].map(Number);
}

const day = (row: number) => `2026-01-0${row}`;
const range = (row: number) => `[${row},${row + 1})`;
const dates = (row: number) => `[${day(row)},${day(row + 1)})`;

/** By the names in pg_type; what is not here is tried as a number. */
const VALUES: Readonly<Record<string, (row: number) => string>> = {
  bool: (row) => row % 2 === 1 ? "true" : "false",
  uuid: (row) => `00000000-0000-4000-8000-00000000000${row}`,
  date: day,
  timestamp: (row) => `${day(row)} 12:00:00`,
  timestamptz: (row) => `${day(row)} 12:00:00+00`,
  time: (row) => `12:00:0${row}`,
  timetz: (row) => `12:00:0${row}+00`,
  interval: (row) => `${row} hours`,
  json: (row) => `{"n": ${row}}`,
  jsonb: (row) => `{"n": ${row}}`,
  bytea: (row) => `\\x0${row}`,
  inet: (row) => `10.0.0.${row}`,
  cidr: (row) => `10.0.${row}.0/24`,
  macaddr: (row) => `08:00:2b:01:02:0${row}`,
  macaddr8: (row) => `08:00:2b:01:02:03:04:0${row}`,
  bit: (row) => String(row % 2),
  varbit: (row) => String(row % 2),
  point: (row) => `(${row},${row})`,
  line: (row) => `{1,1,${row}}`,
  lseg: (row) => `[(0,0),(${row},${row})]`,
  box: (row) => `((0,0),(${row},${row}))`,
  path: (row) => `((0,0),(${row},${row}))`,
  polygon: (row) => `((0,0),(${row},${row}),(0,${row}))`,
  circle: (row) => `<(0,0),${row}>`,
  int4range: range,
  int8range: range,
  numrange: range,
  daterange: dates,
  tsrange: dates,
  tstzrange: dates,
  xml: (row) => `<n>${row}</n>`,
  hstore: (row) => `"n"=>"${row}"`,
  ltree: (row) => `n.${row}`,
  pg_lsn: (row) => `0/${row}`,
  regclass: () => "pg_class",
  regtype: () => "integer",
};

/** What checks on text often ask for. */
const SHAPES: readonly ((row: number) => string)[] = [
  (row) => `someone${row}@example.com`,
  (row) => `https://example.com/${row}`,
  (row) => `name-${row}`,
  (row) => `Name ${row}`,
  (row) => `name_${row}`,
  (row) => "abcdefghijklmnopqrstuvwxyz".slice(row - 1, row),
  (row) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ".slice(row - 1, row + 1),
  (row) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ".slice(row - 1, row + 2),
  (row) => `+4930000000${row}`,
  (row) => `0000${row}`,
  (row) => `#00000${row}`,
  (row) => "x".repeat(20 + row),
];

/** The literals of a check, and for numbers those on either side of them. */
function literalsIn(sql: string, { base }: SampleColumn, row: number): string[] {
  if (NUMBERS.has(base)) {
    const found = [...sql.matchAll(/-?\d+(?:\.\d+)?/g)].map(([text]) => Number(text));
    return found.flatMap((n) => [n + row, n - row, n]).map(String);
  }
  const found = [...sql.matchAll(/'((?:[^']|'')*)'/g)].map(([, text]) => text!.replaceAll("''", "'"));
  // The next row begins with the next one, since it may have to be another.
  return [...found.slice(row - 1), ...found.slice(0, row - 1)];
}

/** A smallint can hold it, and few people write it. */
const FAR = 9000;

const NUMBERS: ReadonlySet<string> = new Set([
  "int2",
  "int4",
  "int8",
  "numeric",
  "float4",
  "float8",
  "money",
]);

const FAR_TYPES: ReadonlySet<string> = new Set([
  "int2",
  "int4",
  "int8",
  "numeric",
  "text",
  "varchar",
  "bpchar",
]);

function isText(base: string): boolean {
  return ["text", "varchar", "bpchar", "citext", "name"].includes(base);
}
