/** What interrupted CREATE INDEX and REINDEX CONCURRENTLY leave: INVALID indexes, which IF NOT EXISTS takes for real ones. */

import type { IndexChange } from "../sql/index_statement.ts";
import { quoteIdentifier, quoteLiteral } from "../sql/quote.ts";
import type { ObjectName, StandaloneEffect } from "../sql/standalone.ts";
import type { Session } from "./database.ts";

/** An index that cannot be used. */
export interface InvalidIndex {
  readonly name: string;
  /** With its schema, quoted. */
  readonly qualified: string;
  /** The backend that is just building it, as far as the server tells. */
  readonly builder: number | null;
}

/** Whether the index that a statement names is there, and usable; one that is not is given. */
export async function indexState(
  session: Session,
  change: IndexChange,
): Promise<"missing" | "valid" | InvalidIndex> {
  const [index] = await invalidOrValid(session, `i.indexrelid = ${indexOid(change)}`);
  if (index === undefined) return "missing";
  return index.usable ? "valid" : index;
}

/**
 * What an interrupted REINDEX CONCURRENTLY left: the new index (`_ccnew`) or the old one (`_ccold`), on the tables that it
 * works on, their partitions and what they keep beside (TOAST).
 */
export async function reindexLeftovers(
  session: Session,
  effect: Extract<StandaloneEffect, { kind: "reindex" }>,
): Promise<InvalidIndex[]> {
  return await invalidOrValid(
    session,
    `not i.indisvalid and c.relname ~ '_cc(new|old)[0-9]*$' and pg_catalog.has_schema_privilege(n.oid, 'usage')
       and i.indrelid in (${tablesOf(effect)})`,
  );
}

/** Drops what was left of an index, without blocking those who write to the table. */
export async function dropInvalidIndex(session: Session, { qualified }: InvalidIndex): Promise<void> {
  await session.send(`drop index concurrently if exists ${qualified}`);
}

async function invalidOrValid(
  session: Session,
  condition: string,
): Promise<(InvalidIndex & { readonly usable: boolean })[]> {
  const { rows } = await session.send(`
    select n.nspname as schema, c.relname as name, i.indisvalid and i.indisready and i.indislive as usable,
           (select pg_catalog.min(p.pid) from pg_catalog.pg_stat_progress_create_index p
             where p.index_relid = i.indexrelid and p.pid <> pg_catalog.pg_backend_pid()) as builder
      from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where ${condition}`);
  return rows.map(({ schema, name, usable, builder }) => ({
    name: name!,
    qualified: [schema!, name!].map(quoteIdentifier).join("."),
    builder: builder === null ? null : Number(builder),
    usable: usable === "t",
  }));
}

/** A new index goes to its table's schema, whatever the search path says; one to drop is looked up in the path. */
function indexOid(change: IndexChange): string {
  if (change.kind === "drop" || change.table === undefined) {
    return relationSql({ schema: change.schema, name: change.name! });
  }
  return `(select i.oid from pg_catalog.pg_class t join pg_catalog.pg_class i on i.relnamespace = t.relnamespace
       where t.oid = ${relationSql({ schema: change.schema, name: change.table })}
         and i.relname = ${quoteLiteral(change.name!)})`;
}

/** A query for the oids of the tables whose indexes a REINDEX rebuilds. */
function tablesOf({ of, object }: Extract<StandaloneEffect, { kind: "reindex" }>): string {
  const named = object === null ? "null" : relationSql(object);
  const roots = {
    table: `select t.oid from pg_catalog.pg_class t
             where t.oid = ${named} or t.oid in (select relid from pg_catalog.pg_partition_tree(${named}))`,
    index: `select x.indrelid from pg_catalog.pg_index x
             where x.indexrelid = ${named} or x.indexrelid in (select relid from pg_catalog.pg_partition_tree(${named}))`,
    schema: `select t.oid from pg_catalog.pg_class t
              where t.relnamespace = pg_catalog.to_regnamespace(${
      quoteLiteral(quoteIdentifier(object?.name ?? ""))
    })`,
    database: "select t.oid from pg_catalog.pg_class t",
  };
  return `with roots (oid) as (${roots[of]})
    select oid from roots union select t.reltoastrelid from roots join pg_catalog.pg_class t using (oid)`;
}

/** An expression for the oid of a relation, looked up in the search path; null where there is none. */
export function relationSql({ schema, name }: ObjectName): string {
  const written = [schema, name].filter((part) => part !== undefined).map(quoteIdentifier).join(".");
  return `pg_catalog.to_regclass(${quoteLiteral(written)})::oid`;
}
