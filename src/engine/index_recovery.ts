/** What an interrupted CREATE INDEX CONCURRENTLY leaves: an INVALID index, which IF NOT EXISTS takes for the real one. */

import type { IndexChange } from "../sql/index_statement.ts";
import { quoteIdentifier, quoteLiteral } from "../sql/quote.ts";
import type { Session } from "./database.ts";

/** Whether the index that a statement names is there, and usable. */
export async function indexState(
  session: Session,
  change: IndexChange,
): Promise<"missing" | "valid" | "invalid"> {
  const { rows: [row] } = await session.send(`
    select i.indisvalid and i.indisready and i.indislive as usable from pg_catalog.pg_index i
     where i.indexrelid = ${await indexOid(session, change)}`);
  if (row === undefined) return "missing";
  return row.usable === "t" ? "valid" : "invalid";
}

/** Drops what was left of the index, without blocking those who write to the table. */
export async function dropInvalidIndex(session: Session, change: IndexChange): Promise<void> {
  const { rows: [row] } = await session.send(`
    select n.nspname as schema from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.oid = ${await indexOid(session, change)}`);
  const name = [row!.schema!, change.name!].map(quoteIdentifier).join(".");
  await session.send(`drop index concurrently ${name}`);
}

/** A new index goes to its table's schema, whatever the search path says; one to drop is looked up in the path. */
async function indexOid(session: Session, change: IndexChange): Promise<string> {
  const index = quoteLiteral([change.schema, change.name].filter(isPresent).map(quoteIdentifier).join("."));
  if (change.kind === "drop" || change.table === undefined) {
    return await scalar(session, `pg_catalog.to_regclass(${index})::oid`);
  }
  const table = quoteLiteral([change.schema, change.table].filter(isPresent).map(quoteIdentifier).join("."));
  return await scalar(
    session,
    `(select i.oid from pg_catalog.pg_class t join pg_catalog.pg_class i on i.relnamespace = t.relnamespace
       where t.oid = pg_catalog.to_regclass(${table}) and i.relname = ${quoteLiteral(change.name!)})`,
  );
}

async function scalar(session: Session, expression: string): Promise<string> {
  const { rows: [row] } = await session.send(`select ${expression} as value`);
  return row?.value ?? "0";
}

function isPresent<T>(value: T | undefined): value is T {
  return value !== undefined;
}
