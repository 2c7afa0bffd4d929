/** Dumps of pg_dump that are compared: without what differs from run to run, and object by object. */

import { dumpedName } from "../dumped_name.ts";

/** The text of a dump without the lines that say when, by whom and for whom it was written. */
export function comparable(dump: string): string {
  const lines = dump.split("\n").filter((line) =>
    !/^\\(un)?restrict\b|^-- (Dumped|Started on|Completed on)\b/.test(line)
  );
  return `${lines.join("\n").replace(/\n{3,}/g, "\n\n").trim()}\n`;
}

/** What a dump says of one object. */
export interface DumpedObject {
  /** As people say it: `index public.users_mail`. */
  readonly title: string;
  /** Its SQL. */
  readonly sql: string;
}

/** An object of which two dumps say different things; null in the one that does not have it. */
export interface DumpDifference {
  readonly title: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Compares two dumps object by object, in the order of the dumps. */
export function compareDumps(before: string, after: string): DumpDifference[] {
  const [first, second] = [objectsIn(before), objectsIn(after)];
  const titles = new Set([...first.keys(), ...second.keys()]);
  return [...titles].flatMap((title) => {
    const [a, b] = [first.get(title) ?? null, second.get(title) ?? null];
    return isEqual(a, b) ? [] : [{ title, ...withoutOwner(a, b) }];
  });
}

/** Who owns what is on one side alone, or has the same owner on both, is not what differs. */
function withoutOwner(before: string | null, after: string | null): Omit<DumpDifference, "title"> {
  const [a, b] = [before, after].map((sql) => sql === null ? null : OWNER.exec(sql)?.[0] ?? "");
  if (a !== null && b !== null && a !== b) return { before, after };
  return { before: before?.replace(OWNER, "") ?? null, after: after?.replace(OWNER, "") ?? null };
}

/** Behind the statement that makes an object; where it is all that is said of one, it stays. */
const OWNER = /\n+ALTER [A-Z ]+ \S.* OWNER TO .*;$/;

/** The order of a table's columns does not count: PostgreSQL has no way to restore it. */
function isEqual(a: string | null, b: string | null): boolean {
  if (a === b || a === null || b === null) return a === b;
  const lines = (sql: string) => sql.split("\n").map((line) => line.replace(/,$/, "")).sort().join("\n");
  return a.startsWith("CREATE TABLE") && lines(a) === lines(b);
}

/** The objects of a dump and their SQL. What has the same title, such as several rights on a table, is one. */
function objectsIn(dump: string): Map<string, string> {
  const found = new Map<string, string>();
  // pg_dump's own headers tell what follows; the settings around them are no objects.
  const parts = dump.split(/^--\n-- Name: (.*); Type: (.*); Schema: (.*); Owner: ?.*\n--\n/m);
  for (let at = 1; at + 3 < parts.length; at += 4) {
    const [name, type, schema, body] = parts.slice(at, at + 4) as [string, string, string, string];
    const title = dumpedName(type, schema, name);
    const sql = body.split("\n")
      .filter((line) => !/^(SET (default_\w+|\w+) = .*;|--|-- PostgreSQL database dump complete)$/.test(line))
      .join("\n").trim();
    const earlier = found.get(title);
    found.set(title, earlier === undefined ? sql : `${earlier}\n${sql}`);
  }
  return found;
}

/** What pg_dump does not show: the catalogs' rows themselves. */
export function compareLines(before: readonly string[], after: readonly string[]): DumpDifference[] {
  const [first, second] = [new Set(before), new Set(after)];
  const gone = before.filter((line) => !second.has(line)), come = after.filter((line) => !first.has(line));
  if (gone.length === 0 && come.length === 0) return [];
  const text = (lines: readonly string[]) => lines.length === 0 ? null : lines.join("\n");
  return [{ title: "what only the system catalogs tell", before: text(gone), after: text(come) }];
}
