/** How a script for a DBA begins: it makes sure that it runs as it has to, where it has to, before it changes anything. */

import type { RevisionId } from "../revision/revision.ts";
import { dollarTag, quoteIdentifier, quoteLiteral, quoteTextArray } from "../sql/quote.ts";
import { type VersionTable, versionTableStatements } from "./version_table.ts";

/**
 * How a script commits: all of it at once, by `psql -1`, or revision by revision as `mig up` does, where PostgreSQL does not let
 * it be at once.
 */
export type ScriptTransaction = "one" | "each";

/** Where a script begins. */
export interface ScriptStart {
  readonly table: VersionTable;
  /** The version table's name without a schema, where the place of the table is only assumed. */
  readonly assumed: string | null;
  /** The ids that are applied; nothing else may be. */
  readonly applied: readonly RevisionId[];
}

/** Whatever the DBA's ~/.psqlrc says: psql stops at the first error, and takes the script as it is written. */
export const PSQL_SETTINGS = [
  "\\set ON_ERROR_STOP on",
  "\\set ON_ERROR_ROLLBACK off",
  "\\set AUTOCOMMIT on",
  "\\set SINGLELINE off",
  "\\set QUIET on",
].join("\n");

/** The settings by which the script is read. RESET ALL takes them back, so they follow each one. */
export const READING_SQL = "set client_encoding = 'UTF8'; set standard_conforming_strings = on;";

/** Fails where the script is run in the other way than its head says. */
export function runningSql(transaction: ScriptTransaction): string {
  return transaction === "one"
    ? "-- Without psql -1 this fails, and nothing has happened.\nsavepoint mig_script; release savepoint mig_script;"
    : "-- With psql -1 this fails, and nothing has happened.\ndiscard all;";
}

/**
 * Takes mig's lock, and fails unless the version table has exactly the rows for which the script was made. Makes the table
 * where the script begins at the base.
 */
export function guardScriptSql(start: ScriptStart, transaction: ScriptTransaction, remedy: string): string {
  const { table, assumed, applied } = start;
  const lock = transaction === "one" ? "pg_try_advisory_xact_lock" : "pg_try_advisory_lock";
  const name = quoteLiteral(table.qualified);
  const body = `
declare
  expected constant text[] := ${quoteTextArray([...applied].sort())};
  found text[] := '{}';
begin
  if not pg_catalog.${lock}(${table.lockKey}) then
    raise exception using message = 'mig is at work on this database: nothing was changed',
      hint = 'wait until it is done, then look whether this script is still needed: mig status';
  end if;
${assumed === null ? "" : placeSql(table, assumed)}\
  if pg_catalog.to_regclass(${name}) is not null then
    lock table ${table.qualified} in share row exclusive mode;
    select coalesce(array_agg(id || coalesce(' (interrupted ' || unfinished || ')', '') order by id collate "C"), '{}')
      into found from ${table.qualified};
  end if;
  if found <> expected then
    raise exception using message = 'the database is not where this script begins: nothing was changed',
      detail = concat_ws('; ',
        'expected, but not applied: ' || (select string_agg(e, ', ') from unnest(expected) e where e <> all (found)),
        'applied, but not expected: ' || (select string_agg(f, ', ') from unnest(found) f where f <> all (expected))),
      hint = ${quoteLiteral(`make a script for where it is: ${remedy}`)};
  end if;
${applied.length === 0 ? makeTableSql(table) : ""}end`;
  const tag = dollarTag(body);
  return `do ${tag}${body} ${tag};`;
}

/** The table of a name without a schema is where the search path has it, and the script must not make another one. */
function placeSql(table: VersionTable, assumed: string): string {
  const unqualified = quoteLiteral(quoteIdentifier(assumed));
  return `  if pg_catalog.to_regclass(${unqualified}) is distinct from pg_catalog.to_regclass(${
    quoteLiteral(table.qualified)
  })
    or (pg_catalog.to_regclass(${unqualified}) is null
        and pg_catalog.current_schema() is distinct from ${quoteLiteral(table.schema)}) then
    raise exception using message = 'this script takes ${
    table.qualified.replaceAll("'", "''")
  } for the version table, and here it is another: nothing was changed',
      hint = ${quoteLiteral(`name the right one: --table SCHEMA.${assumed}`)};
  end if;
`;
}

function makeTableSql(table: VersionTable): string {
  const indented = (sql: string) => `    ${sql};\n`;
  const schema = `if pg_catalog.to_regnamespace(${
    quoteLiteral(quoteIdentifier(table.schema))
  }) is null then create schema ${quoteIdentifier(table.schema)}; end if`;
  return `  if pg_catalog.to_regclass(${quoteLiteral(table.qualified)}) is null then
${[schema, ...versionTableStatements({ ...table, schemaExists: true })].map(indented).join("")}  end if;
`;
}
