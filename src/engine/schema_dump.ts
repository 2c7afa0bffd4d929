/** What pg_dump writes of a schema, cut into its objects, so that two can be compared. */

import { dumpedName } from "./dumped_name.ts";

/** The objects of a dump by what pg_dump calls them: `table public.users`. The values are their SQL. */
export type SchemaDump = ReadonlyMap<string, string>;

/**
 * Cuts a dump into its objects.
 *
 * The columns of a table and the attributes of a type are put in the order of their names: no statement moves them, and what
 * uses them names them. The names of NOT NULL constraints are left out where nobody has chosen them.
 */
export function readSchemaDump(text: string): SchemaDump {
  const objects = new Map<string, string>();
  for (const piece of text.split(/^--\n(?=-- Name: )/m).slice(1)) {
    const [, name, type, schema] = HEADER.exec(piece) ?? [];
    if (type === undefined) continue;
    const key = dumpedName(type, schema!, name!);
    const body = ordered(withoutFrame(piece.slice(piece.indexOf("\n--\n") + 4)), type);
    // pg_dump has several entries for one object, such as the comments on the columns of a table.
    objects.set(key, [...objects.has(key) ? [objects.get(key)!] : [], body].sort().join("\n"));
  }
  return objects;
}

/** Where two dumps differ: null for what one of them does not have. */
export interface DumpDifference {
  /** What pg_dump calls it: `table public.users`. */
  readonly object: string;
  readonly got: string | null;
  readonly wanted: string | null;
}

/** Compares two dumps. */
export function compareDumps(got: SchemaDump, wanted: SchemaDump): DumpDifference[] {
  return [...new Set([...got.keys(), ...wanted.keys()])].sort()
    .map((object) => ({ object, got: got.get(object) ?? null, wanted: wanted.get(object) ?? null }))
    .filter(({ got, wanted }) => got !== wanted);
}

/** An owner or a tablespace is in the SQL too where it matters. */
const HEADER = /^-- Name: (.*?); Type: (.*?); Schema: (.*?)(?:; Owner: .*)?$/m;

/** Without the settings that pg_dump makes between objects, and the end of the file. */
function withoutFrame(body: string): string {
  return body
    .replace(/\n--\n-- PostgreSQL database dump complete\n[^]*$/, "")
    .replaceAll(/^SET default_(?:tablespace|table_access_method) = .*;\n/gm, "")
    .trim();
}

/** The names that PostgreSQL 18 makes for NOT NULL, and keeps when the table or the column gets another. */
const NOT_NULL_NAME = /\bCONSTRAINT (?:"(?:[^"]|"")*_not_null\d*"|\w*_not_null\d*) NOT NULL\b/g;

function ordered(written: string, type: string): string {
  const body = /TABLE$/.test(type) ? written.replaceAll(NOT_NULL_NAME, "NOT NULL") : written;
  const sorted = /TABLE|VIEW|INDEX/.test(type)
    ? body.replaceAll(/\bWITH \(([^()]*)\)/g, sortedOptions)
    : body;
  // Grants are kept in the order in which they were made.
  if (/ACL/.test(type)) return body.split("\n").filter((line) => line !== "").sort().join("\n");
  if (!["TABLE", "TYPE", "FOREIGN TABLE"].includes(type)) return sorted;
  return sorted.replace(
    /^(CREATE [^\n]*\()\n([^]*?)\n(\)[^\n]*)/,
    (whole, head: string, lines: string, tail: string) =>
      head.includes(" ENUM ") || head.includes(" RANGE ")
        ? whole
        : [head, ...lines.split("\n").map((line) => line.replace(/,$/, "")).sort(), tail].join("\n"),
  );
}

/** Storage parameters are kept in the order in which they were set. */
function sortedOptions(_: string, options: string): string {
  return `WITH (${options.split(", ").sort().join(", ")})`;
}
