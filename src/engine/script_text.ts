/** The pieces of which every part of a script for psql is made. */

import { READING_SQL, type ScriptTransaction } from "./script_guard.ts";
import { resetSql } from "./step_sql.ts";

/** Lines in a transaction of their own, where the whole script is not one. */
export function bracketed(lines: readonly string[], transaction: ScriptTransaction): string[] {
  return transaction === "each" ? ["begin;", ...lines, "commit;"] : [...lines];
}

/** Takes back what a file set for the session. */
export function takeBackSql(role: string | null): string {
  return `${[...resetSql(role), "deallocate all"].join("; ")}; ${READING_SQL}`;
}

/**
 * Checks what was deferred, as the end of a transaction does, and puts the constraints back to how they begin one. By name: ALL
 * would hold for those too that a later revision makes.
 */
export const CHECK_DEFERRED_SQL = `do $mig$
declare
  checked text;
  put_off text;
begin
  select string_agg(name, ', '), string_agg(name, ', ') filter (where deferred) into checked, put_off
    from (select format('%I.%I', n.nspname, c.conname) as name, bool_or(c.condeferred) as deferred
            from pg_catalog.pg_constraint c join pg_catalog.pg_namespace n on n.oid = c.connamespace
           group by 1 having bool_and(c.condeferrable)) as constraints;
  if checked is not null then execute 'set constraints ' || checked || ' immediate'; end if;
  if put_off is not null then execute 'set constraints ' || put_off || ' deferred'; end if;
end $mig$;`;

/** A line of a comment; a message must not get out of it. */
export function comment(line: string): string {
  return `-- ${line.replaceAll(/\s+/g, (space) => /[\r\n\f\v\u0085\u2028\u2029]/.test(space) ? " " : space)}`
    .trimEnd();
}

/** SQL to which a line can be added. */
export function closedLine(sql: string): string {
  return sql.replace(/\n$/, "");
}
