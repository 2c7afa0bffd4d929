/**
 * What has become of the catalogs since they were read: which rows have come and gone, and which of those that stayed may
 * be described otherwise now.
 *
 * That nothing is overlooked rests on this. PostgreSQL changes a row by putting another one in another place, with the number
 * of the transaction (`xmin`); so the rows of older transactions are those that were there, and there are fewer of them if
 * some have gone. (What it writes in place are flags and statistics that no description shows.) A row's description tells
 * of the row, of the objects whose numbers are in it, and of what those depend on: all are followed in pg_depend. That leaves
 * out what DROP need not know, so expressions are searched for the numbers too, and those with constants that can have names in
 * them (`'{a,b}'::regclass[]`, or of a user's type) are always read. Where one of this does not hold, there is no answer here.
 */

import type { Session } from "../database.ts";
import type { CatalogQuery } from "./catalog_queries.ts";
import { readAffected } from "./catalog_affected.ts";
import { readRows } from "./catalog_read.ts";
import { type CatalogRow, type CatalogRows, changedCatalog, FIRST_OWN, ownersOf } from "./catalog_rows.ts";

/** How many rows a catalog has, and those of them that have come since it was read. */
export interface CatalogCount {
  readonly total: number;
  /** Their places, as an array in SQL; null for none. */
  readonly fresh: string | null;
  readonly file: string;
}

/** The catalogs at one time. */
export interface CatalogState {
  readonly catalogs: ReadonlyMap<string, CatalogRows>;
  /** Transactions with lower numbers had ended. */
  readonly horizon: string;
  /** No object had a higher number. */
  readonly newest: number;
}

/**
 * The catalogs as they are now, in the transaction in which they were counted.
 * @param fresh SQL: whether a row has come since
 * @returns null where they have to be read as a whole
 */
export async function follow(
  session: Session,
  queries: readonly CatalogQuery[],
  since: CatalogState,
  fresh: string,
  counts: ReadonlyMap<string, CatalogCount>,
): Promise<Pick<CatalogState, "catalogs" | "newest"> | null> {
  const changed: { readonly query: CatalogQuery; readonly fresh: string | null; readonly gone: number }[] =
    [];
  for (const query of queries) {
    const before = since.catalogs.get(query.catalog), now = counts.get(query.catalog)!;
    if (before === undefined || before.file !== now.file) return null;
    const gone = before.total - (now.total - placesIn(now.fresh));
    if (now.fresh === null && gone === 0) continue;
    if (query.owners === null) return null;
    changed.push({ query, fresh: now.fresh, gone });
  }
  if (changed.length === 0) return since;

  const come = await readRows(
    session,
    changed.filter(({ fresh }) => fresh !== null).map(({ query, fresh }) => ({
      query,
      where: `x.ctid = any('${fresh}'::pg_catalog.tid[])`,
    })),
  );
  const left = changed.filter(({ gone }) => gone > 0).map(({ query }) => query);
  const gone = await findGone(session, left, since, fresh);
  // A row of the server's own has gone.
  if (changed.some(({ query: { catalog }, gone: wanted }) => wanted !== (gone.get(catalog)?.size ?? 0))) {
    return null;
  }

  const owners = ownersOf([...come.values(), ...gone.values()].flatMap((rows) => [...rows.values()]));
  const numbers = [...owners];
  if (numbers.some((number) => number < FIRST_OWN)) return null;
  const old = numbers.filter((number) => number <= since.newest);
  const others = old.length === 0 ? new Map<string, never>() : await readAffected(session, queries, old);
  if (others === null) return null;

  const catalogs = new Map(since.catalogs);
  for (const [catalog, before] of since.catalogs) {
    const places = [...gone.get(catalog)?.keys() ?? []];
    const rows = new Map([...others.get(catalog) ?? [], ...come.get(catalog) ?? []]);
    if (places.length === 0 && rows.size === 0) continue;
    catalogs.set(catalog, changedCatalog(before, counts.get(catalog)!.total, places, rows));
  }
  return { catalogs, newest: numbers.reduce((a, b) => Math.max(a, b), since.newest) };
}

function placesIn(array: string | null): number {
  return array?.match(/\(/g)?.length ?? 0;
}

/** The rows that are not there any more. */
async function findGone(
  session: Session,
  queries: readonly CatalogQuery[],
  since: CatalogState,
  fresh: string,
): Promise<Map<string, Map<string, CatalogRow>>> {
  if (queries.length === 0) return new Map();
  const selects = queries.map(({ catalog, from }) =>
    `select '${catalog}' as catalog, pg_catalog.string_agg(x.ctid::text, ' ') as places
       from ${from} and not (${fresh})`
  );
  const { rows } = await session.send(selects.join("\nunion all\n"));
  return new Map(rows.map(({ catalog, places }) => {
    const here = new Set(places?.split(" "));
    return [catalog!, new Map([...since.catalogs.get(catalog!)!.rows].filter(([place]) => !here.has(place)))];
  }));
}
