/**
 * The version table: which revisions are applied, in the database itself. One row a revision, written in the
 * transaction that runs the revision's SQL; the SQL texts stand in the row, so that a revision can be undone or shown
 * where its folder is not at hand.
 */

import { MigError } from "../error.ts";
import { quoteIdentifier, quoteLiteral } from "../sql/quote.ts";
import { usingTable } from "./table_access.ts";
import { refuseForeignTable } from "./foreign_table.ts";
import type { Session } from "./database.ts";
import { lockKey } from "./lock_key.ts";

/** Where the version table is, or will be made. */
export interface VersionTable {
  readonly schema: string;
  readonly name: string;
  /** Both, quoted: `"public"."mig_version"`. */
  readonly qualified: string;
  /** The advisory lock that runs on this table take: a signed 64-bit number, made from the qualified name. */
  readonly lockKey: bigint;
  readonly exists: boolean;
  readonly schemaExists: boolean;
  /** The role that works on it. */
  readonly role: string;
  /** Whether it has the column for the rounds of batches, which an earlier mig did not make. */
  readonly hasBatchRows: boolean;
  /** See `ServerFacts.setRole`. */
  readonly setRole: string | null;
}

/**
 * Finds the version table.
 *
 * @param name as configured: `mig_version`, looked up in the search path, or `schema.mig_version`
 * @throws {MigError} `version-table-invalid` when something else has that name, or there is no schema for it
 */
export async function findVersionTable(session: Session, name: string): Promise<VersionTable> {
  const { user: role, setRole } = session.server;
  const [schema, table] = partsOf(name);
  const written = writtenName(name);
  const where = place(schema ?? "", table, { exists: true, schemaExists: true, role, setRole });
  const ask = (text: string) => usingTable(where, () => session.send(text));
  const { rows: [found] } = await ask(versionTableQuestion(name));
  if (found === undefined) {
    const { rows: [missing] } = await ask(missingQuestion(schema, table));
    if (schema === null && missing!.elsewhere !== null) {
      throw notInSearchPath(table, missing!.elsewhere!, schemaToMakeItIn(session, table));
    }
    return place(schema ?? schemaToMakeItIn(session, table), table, {
      exists: false,
      schemaExists: schema === null || missing!.schema_exists === "t",
      role,
      setRole,
    });
  }
  const interference = found.may_interfere === "t"
    ? (await ask(interferenceQuestion(written))).rows[0]
    : null;
  refuseForeignTable({ ...found, ...interference }, written);
  const hasBatchRows = (JSON.parse(found.columns!) as string[]).includes("batch_rows");
  return place(found.schema!, table, { exists: true, schemaExists: true, role, setRole, hasBatchRows });
}

/**
 * Looks again for a table that was missing.
 *
 * @param missing what was found then, which is given again where it is missing still
 * @throws {MigError} as `findVersionTable()`
 */
export async function findMissing(
  session: Session,
  name: string,
  missing: VersionTable,
): Promise<VersionTable> {
  const { rows } = await usingTable(missing, () => session.send(versionTableQuestion(name)));
  // A schema that was missing too may have been made meanwhile.
  return rows.length === 0 && missing.schemaExists ? missing : await findVersionTable(session, name);
}

/**
 * What `findVersionTable()` asks first, so that it can be asked ahead. A new session takes several times longer to plan one
 * question with everything in it than this one; what is seldom needed is asked when it is.
 */
export function versionTableQuestion(name: string): string {
  return `
    select (select n.nspname from pg_catalog.pg_namespace n where n.oid = c.relnamespace) as schema,
           c.relkind as kind, c.relhasrules or c.relhastriggers as may_interfere,
           pg_catalog.row_security_active(c.oid) as hides_rows,
           (select pg_catalog.json_agg(a.attname) from pg_catalog.pg_attribute a
             where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
      from pg_catalog.pg_class c
     where c.oid = pg_catalog.to_regclass(${quoteLiteral(writtenName(name))})`;
}

/** What pg_class says stays said after the last rule or trigger has gone. */
function interferenceQuestion(written: string): string {
  const table = `pg_catalog.to_regclass(${quoteLiteral(written)})`;
  return `
    select exists (select from pg_catalog.pg_rewrite where ev_class = ${table}) as has_rules,
           exists (select from pg_catalog.pg_trigger
                    where tgrelid = ${table} and not tgisinternal and tgtype & 3 = 3) as has_triggers`;
}

function missingQuestion(schema: string | null, table: string): string {
  // Of a table that another run has just made, to_regclass may not know yet while pg_class has it: in the search path it is no other.
  return `
    select pg_catalog.to_regnamespace(${
    quoteLiteral(quoteIdentifier(schema ?? ""))
  }) is not null as schema_exists,
           (select pg_catalog.min(o.nspname) from pg_catalog.pg_class r
             join pg_catalog.pg_namespace o on o.oid = r.relnamespace
             join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attname = 'up_sql'
            where r.relname = ${quoteLiteral(table)} and r.relkind = 'r' and r.relpersistence <> 't'
              and o.nspname <> all (pg_catalog.current_schemas(false))) as elsewhere`;
}

/**
 * Where the version table is taken to be while no database can be asked: a name without a schema is looked for in `public`.
 *
 * @param name as configured: `mig_version` or `schema.mig_version`
 */
export function assumeVersionTable(name: string): VersionTable {
  const [schema, table] = partsOf(name);
  return place(schema ?? "public", table, { exists: false, schemaExists: true, role: "", setRole: null });
}

/** The SQL that makes the table, in one transaction; for whoever holds the run lock and found it missing. */
export function createVersionTableSql(table: VersionTable): string {
  return ["begin", ...versionTableStatements(table), "commit"].join(";\n");
}

/** The statements that make the table, and its schema where that is missing. */
export function versionTableStatements(table: VersionTable): string[] {
  return [
    ...(table.schemaExists ? [] : [`create schema ${quoteIdentifier(table.schema)}`]),
    `create table ${table.qualified} (
      id text primary key,
      seq bigint not null unique,
      parents text[] not null,
      depends_on text[] not null,
      labels text[] not null,
      message text not null,
      up_sql text not null,
      down_sql text,
      checksum text not null,
      applied_at timestamptz not null,
      applied_by text not null,
      duration_ms bigint,
      unfinished text check (unfinished in ('up', 'down')),
      statements_done integer,
      batch_rows bigint
    )`,
    `comment on table ${table.qualified} is
      'The revisions that mig has applied to this database. Change it with mig only.'`,
  ];
}

function writtenName(name: string): string {
  return partsOf(name).filter((part) => part !== null).map(quoteIdentifier).join(".");
}

function partsOf(name: string): readonly [schema: string | null, table: string] {
  const dot = name.indexOf(".");
  return dot < 0 ? [null, name] : [name.slice(0, dot), name.slice(dot + 1)];
}

function place(
  schema: string,
  name: string,
  found: Pick<VersionTable, "exists" | "schemaExists" | "role" | "setRole"> & {
    readonly hasBatchRows?: boolean;
  },
): VersionTable {
  const qualified = `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
  return { schema, name, qualified, lockKey: lockKey(`mig ${qualified}`), hasBatchRows: true, ...found };
}

function schemaToMakeItIn(session: Session, table: string): string {
  if (session.server.schema !== null) return session.server.schema;
  throw new MigError("version-table-invalid", `there is no schema for the version table "${table}"`, {
    hint: [
      `name one in mig.json: "table": "public.${table}"`,
      "or give the role a search_path that has a schema which exists",
    ],
  });
}

/** A search_path that was changed would have every revision applied again, beside what is there. */
function notInSearchPath(table: string, elsewhere: string, schema: string): MigError {
  return new MigError(
    "version-table-invalid",
    `the search_path has no version table "${table}", but the schema "${elsewhere}" has one`,
    {
      hint: [
        `was the search_path changed? Name the table: --table ${elsewhere}.${table}, or "table" in mig.json`,
        `for another one, on purpose: --table ${schema}.${table}`,
      ],
    },
  );
}
