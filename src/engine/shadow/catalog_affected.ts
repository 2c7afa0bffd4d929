/**
 * The rows that may be described otherwise after something has changed: pg_depend leads to most of them. It leaves out what
 * DROP need not know, so expressions are searched for the numbers of what has changed, and those whose constants can have names
 * in them are always read.
 */

import type { Session } from "../database.ts";
import type { CatalogQuery } from "./catalog_queries.ts";
import { readRows } from "./catalog_read.ts";
import { type CatalogRow, FIRST_OWN } from "./catalog_rows.ts";

/**
 * The rows that have stayed, and have to do with these objects or with what depends on them.
 * @returns null where that is most of them
 */
export async function readAffected(
  session: Session,
  queries: readonly CatalogQuery[],
  objects: readonly number[],
): Promise<Map<string, Map<string, CatalogRow>> | null> {
  const { rows: [found] } = await session.send(`
    with recursive links (one, other) as materialized (
      select objid, refobjid from pg_catalog.pg_depend
      union all
      -- A type of its own depends on nothing but has a row in pg_class, of which its columns are part.
      select oid, typrelid from pg_catalog.pg_type where typrelid <> 0
    ), affected (number) as (
      select pg_catalog.unnest('{${objects.join(",")}}'::oid[])
      union
      select one from links join affected on other = number
    )
    select pg_catalog.array_agg(number) as numbers, pg_catalog.count(*) as count, (${SPEAKING}) as speaking,
           (${NAMES}) as names from affected`);
  if (Number(found!.count) > MOST_AFFECTED) return null;
  const affected = `'${found!.numbers}'::oid[]`;
  const named = `\\m(?:${found!.numbers!.slice(1, -1).replaceAll(",", "|")})\\M`;
  const constant = (types: string) => `:consttype (?:[0-9]{5,}|${types})\\M`;
  return await readRows(
    session,
    queries.filter(({ shown }) => shown !== null).map((query) => ({
      query,
      where: [
        ...query.numbers.map((number) => `${number} = any(${affected})`),
        ...query.lists.map((numbers) => `${numbers} && ${affected}`),
        ...query.trees.map((tree) => {
          const types = tree === "x.relpartbound::text"
            ? `${found!.speaking}|${found!.names}`
            : found!.speaking!;
          return `case when ${query.shown} then ${tree} ~ '${named}|${constant(types)}' end`;
        }),
      ].join(" or ") || "false",
    })),
  );
}

/** From how many on it takes as long to read everything. */
const MOST_AFFECTED = 2000;

/** SQL: the types of PostgreSQL's own whose constants can have names in them, of which pg_depend does not know. */
const SPEAKING = `select pg_catalog.string_agg(t.oid::text, '|') from pg_catalog.pg_type t
  where t.oid < ${FIRST_OWN} and (t.typname ~ '^_(reg|record)' or t.typname in ('record', 'regcollation'))`;

/** SQL: those of which it does know, but not where they are the bounds of partitions. */
const NAMES = `select pg_catalog.string_agg(t.oid::text, '|') from pg_catalog.pg_type t
  where t.oid < ${FIRST_OWN} and t.typname ~ '^reg'`;
