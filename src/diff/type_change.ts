/** Which changes of a column's type PostgreSQL makes by itself, and which want to be told how. */

/** A type without its modifiers, and those: `numeric(10,2)` is `numeric` and `["10", "2"]`. */
export interface ParsedType {
  readonly name: string;
  readonly modifiers: readonly string[];
}

/** Takes a type apart as `format_type()` writes it. */
export function parseType(type: string): ParsedType {
  const plain = type.replace(/ collate .*$/s, "");
  const modifiers = /\(([\d, ]+)\)/.exec(plain)?.[1]?.split(/, */) ?? [];
  return { name: plain.replace(/\([\d, ]+\)/, ""), modifiers };
}

/**
 * Whether `ALTER COLUMN … TYPE` needs no USING: PostgreSQL has a cast for assignments (manual, "CREATE CAST"). It also fails
 * where a value is too long, which the explicit cast would cut.
 */
export function isAssignable(from: string, to: string): boolean {
  const [old, wanted] = [parseType(from).name, parseType(to).name];
  if (old === wanted) return true;
  // Everything can be assigned to text, but not to an array.
  if (wanted === "text" || wanted === "character varying") return !old.endsWith("]");
  const family = familyOf(old);
  return family !== null && family === familyOf(wanted) && !TIMES_APART.has(`${old} ${wanted}`);
}

/** Types among which values are assigned. */
export function familyOf(name: string): "number" | "time" | "text" | "json" | null {
  return FAMILIES[name] ?? null;
}

const FAMILIES: Readonly<Record<string, "number" | "time" | "text" | "json">> = {
  smallint: "number",
  integer: "number",
  bigint: "number",
  numeric: "number",
  real: "number",
  "double precision": "number",
  text: "text",
  "character varying": "text",
  character: "text",
  date: "time",
  "timestamp without time zone": "time",
  "timestamp with time zone": "time",
  "time without time zone": "time",
  "time with time zone": "time",
  json: "json",
  jsonb: "json",
};

/** There is no cast from these to those. */
const TIMES_APART = new Set(
  ["time without time zone", "time with time zone"].flatMap((time) =>
    ["date", "timestamp without time zone", "timestamp with time zone"].flatMap((
      moment,
    ) => [`${time} ${moment}`, ...moment === "date" ? [`${moment} ${time}`] : []])
  ),
);
