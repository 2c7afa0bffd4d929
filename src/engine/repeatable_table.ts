/** The table of the repeatable scripts, beside the version table: what of each was applied last. It is made when one is. */

import { createHash } from "node:crypto";
import { MigError } from "../error.ts";
import { checksum } from "../revision/checksum.ts";
import { quoteIdentifier, quoteLiteral, quoteTextArray } from "../sql/quote.ts";
import type { MadeObject } from "../sql/made_objects.ts";
import type { Session } from "./database.ts";
import type { AppliedRepeatable, RepeatableFile } from "./repeatable.ts";
import type { VersionTable } from "./version_table.ts";

/** Where it is, or will be made. */
export interface RepeatableTable {
  /** Qualified and quoted: `"public"."mig_version_repeatable"`. */
  readonly qualified: string;
  readonly exists: boolean;
}

/** Its name, which follows from that of the version table. */
export function repeatableTableName({ schema, name }: Pick<VersionTable, "schema" | "name">): string {
  return [schema, ownName(name)].map(quoteIdentifier).join(".");
}

/** PostgreSQL would cut a longer name, and two of them to the same one. */
function ownName(name: string): string {
  if (new TextEncoder().encode(name + SUFFIX).length <= LONGEST_NAME) return name + SUFFIX;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  const { read } = new TextEncoder().encodeInto(name, new Uint8Array(LONGEST_NAME - SUFFIX.length - 9));
  return `${name.slice(0, read)}_${hash}${SUFFIX}`;
}

const SUFFIX = "_repeatable";
const LONGEST_NAME = 63;

/**
 * Finds it.
 *
 * @throws {MigError} `version-table-invalid` when something else has its name
 */
export async function findRepeatableTable(session: Session, version: VersionTable): Promise<RepeatableTable> {
  const qualified = repeatableTableName(version);
  const { rows: [found] } = await session.send(`
    select c.relkind as kind, (select pg_catalog.json_agg(a.attname) from pg_catalog.pg_attribute a
             where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
      from pg_catalog.pg_class c where c.oid = pg_catalog.to_regclass(${quoteLiteral(qualified)})`);
  if (found === undefined) return { qualified, exists: false };
  const columns = new Set(JSON.parse(found.columns ?? "[]") as string[]);
  const missing = COLUMNS.find((column) => !columns.has(column));
  if (found.kind === "r" && missing === undefined) return { qualified, exists: true };
  throw new MigError(
    "version-table-invalid",
    `${qualified} is not mig's table of the repeatable scripts${
      found.kind === "r" ? `: it has no column "${missing}"` : ""
    }`,
    { hint: "rename it, or choose another name for the version table, from which this one follows: --table" },
  );
}

/** The statements that make it. */
export function repeatableTableStatements({ qualified }: RepeatableTable): string[] {
  return [
    `create table if not exists ${qualified} (
      name text primary key,
      checksum text not null,
      sql text not null,
      made text[] not null,
      revisions bigint not null,
      applied_at timestamptz not null,
      applied_by text not null,
      duration_ms bigint
    )`,
    `comment on table ${qualified} is
      'The repeatable scripts that mig has applied to this database. Change it with mig only.'`,
  ];
}

const COLUMNS = ["name", "checksum", "sql", "made", "revisions", "applied_at", "applied_by", "duration_ms"];

/**
 * All rows by name; none where there is no such table.
 *
 * A revision was undone since where fewer are left of those that were applied before.
 */
export async function readRepeatables(
  session: Session,
  table: RepeatableTable,
  version: VersionTable,
): Promise<AppliedRepeatable[]> {
  if (!table.exists) return [];
  const left = version.exists
    ? `(select count(*) from ${version.qualified} v where v.applied_at <= r.applied_at and ${WHOLE})`
    : "0";
  const { rows } = await session.send(`
    with there as materialized (${thereSql(["view", "function"])})
    select r.name, r.checksum, r.applied_by, r.duration_ms,
           pg_catalog.to_char(r.applied_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as applied_at,
           ${left} < r.revisions as undone,
           exists (select pg_catalog.unnest(r.made) except select object from there) as missing
      from ${table.qualified} r order by r.name collate "C"`);
  return rows.map((row) => ({
    name: row.name!,
    checksum: row.checksum!,
    appliedAt: row.applied_at!,
    appliedBy: row.applied_by!,
    durationMs: row.duration_ms === null ? null : Number(row.duration_ms),
    undone: row.undone === "t",
    missing: row.missing === "t",
  }));
}

/** The texts that were applied, by name. */
export async function readRepeatableSql(
  session: Session,
  table: RepeatableTable,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (!table.exists || names.length === 0) return new Map();
  const { rows } = await session.send(
    `select name, sql from ${table.qualified} where name = any(${quoteTextArray(names)})`,
  );
  return new Map(rows.map((row) => [row.name!, row.sql!]));
}

/**
 * Records that a script was applied.
 *
 * @param duration an expression, in milliseconds
 */
export function recordRepeatableSql(
  { qualified }: RepeatableTable,
  version: VersionTable,
  { name, text }: RepeatableFile,
  made: readonly MadeObject[],
  duration: string,
): string {
  const values = [
    quoteLiteral(name),
    quoteLiteral(checksum(text)),
    quoteLiteral(text),
    madeSql(made),
    `(select count(*) from ${version.qualified} v where ${WHOLE})`,
    // Not before what it came after, whatever the clock of a server that took over says.
    `greatest(clock_timestamp(), (select max(applied_at) from ${version.qualified}))`,
    "session_user",
    duration,
  ];
  const updates = COLUMNS.slice(1).map((column) => `${column} = excluded.${column}`);
  return `insert into ${qualified} (${COLUMNS.join(", ")})
    values (${values.join(", ")})
    on conflict (name) do update set ${updates.join(", ")}`;
}

/** Forgets scripts whose files are gone. */
export function forgetRepeatablesSql({ qualified }: RepeatableTable, names: readonly string[]): string {
  return `delete from ${qualified} where name = any(${quoteTextArray(names)})`;
}

const WHOLE = "v.unfinished is distinct from 'up'";

/** The views and functions that there are, as this table names them. */
const THERE: Readonly<Record<MadeObject["kind"], string>> = {
  view: `select 'view ' || n.nspname || '.' || c.relname as object
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('v', 'm') and n.nspname not in ('pg_catalog', 'information_schema')`,
  function: `select 'function ' || n.nspname || '.' || p.proname as object
      from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
     where n.nspname not in ('pg_catalog', 'information_schema')`,
};

function thereSql(kinds: Iterable<MadeObject["kind"]>): string {
  return [...kinds].map((kind) => THERE[kind]).join("\n    union all\n    ");
}

/** Those that are there now: what a script makes and drops again is not looked for later. */
function madeSql(made: readonly MadeObject[]): string {
  if (made.length === 0) return "'{}'";
  const wanted = made.map(({ kind, schema, name }) =>
    schema === null
      ? `object like ${quoteLiteral(`${kind} %.${likeText(name)}`)}`
      : `object = ${quoteLiteral(`${kind} ${schema}.${name}`)}`
  );
  const there = thereSql(new Set(made.map(({ kind }) => kind)));
  return `array(select distinct object from (${there}) as there
      where ${wanted.join(" or ")} order by object)`;
}

function likeText(text: string): string {
  return text.replaceAll(/[\\%_]/g, "\\$&");
}
