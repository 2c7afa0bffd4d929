/**
 * What a database's schema is, read from the system catalogs: every row that describes an object of the user's, with names in
 * the place of numbers. It is equal for equal schemas whatever their history, takes a fraction of the time of pg_dump, and
 * knows what pg_dump does not show, such as whether an index is valid.
 */

import { createHash } from "node:crypto";
import type { Session } from "../database.ts";
import { type CatalogCount, type CatalogState, follow } from "./catalog_follow.ts";
import { catalogQueries, type CatalogQuery } from "./catalog_queries.ts";
import { readRows } from "./catalog_read.ts";
import { FIRST_OWN, ownersOf, wholeCatalog } from "./catalog_rows.ts";
import { EXTRA_LINES, SERVER_NAMES } from "./catalog_extras.ts";

/** A schema's fingerprint: equal for equal schemas. */
export interface Fingerprint extends CatalogState {
  /** A hash for each of what stands in no catalog of the database's own. */
  readonly extras: ReadonlyMap<string, string>;
  /** The names that belong to the whole server. */
  readonly names: string;
}

/** Reads schemas of one server; what it learns of the catalogs is kept for the next time. */
export class CatalogReader {
  #queries: readonly CatalogQuery[] | null = null;

  /**
   * The fingerprint of the schema as it is now.
   * @param since one of the same database, earlier: then only what has changed is read
   */
  async fingerprint(session: Session, since: Fingerprint | null = null): Promise<Fingerprint> {
    const queries = this.#queries ??= await catalogQueries(session);
    return await reading(session, async () => {
      const { counts, fresh, ...state } = await survey(session, queries, since);
      const followed = since !== null && since.names === state.names
        ? await follow(session, queries, since, fresh, counts)
        : null;
      if (followed !== null) return { ...state, catalogs: followed.catalogs, newest: followed.newest };
      return { ...state, ...await readWhole(session, queries, counts) };
    });
  }

  /** Names the way in which it reads: what was read otherwise is not to be compared with what it reads. */
  async reading(session: Session): Promise<string> {
    const queries = this.#queries ??= await catalogQueries(session);
    return createHash("sha256").update(JSON.stringify([READING, queries, EXTRA_LINES, SERVER_NAMES])).digest(
      "hex",
    );
  }

  /** The rows behind a fingerprint, as text: for what pg_dump does not tell apart. */
  async lines(session: Session, catalogs: readonly string[]): Promise<readonly string[]> {
    const queries = this.#queries ??= await catalogQueries(session);
    const selects = [
      ...queries.filter(({ shown }) => shown !== null).map(({ catalog, from, shown, line }) => ({
        catalog,
        select: `select '${catalog}' as catalog, ${line} as line from ${from} and ${shown}`,
      })),
      ...Object.entries(EXTRA_LINES).map(([catalog, lines]) => ({
        catalog,
        select: `select '${catalog}' as catalog, line from (${lines}) as lines`,
      })),
    ].filter(({ catalog }) => catalogs.includes(catalog)).map(({ select }) => select);
    const { rows } = await reading(
      session,
      () => session.send(`${selects.join("\nunion all\n")} order by 1, 2`),
    );
    return rows.map(({ catalog, line }) => `${catalog} ${line}`);
  }
}

/** The catalogs in which two fingerprints differ; none for equal schemas. */
export function differingCatalogs(a: Fingerprint, b: Fingerprint): string[] {
  const catalogs = [...a.catalogs].filter(([catalog, { lines, sum }]) => {
    const other = b.catalogs.get(catalog);
    return lines !== other?.lines || sum !== other.sum;
  });
  const extras = [...a.extras].filter(([name, hash]) => b.extras.get(name) !== hash);
  return [...catalogs, ...extras].map(([name]) => name);
}

/** Another number whenever what is read changes otherwise than the queries themselves. */
const READING = 2;

/** What decides how PostgreSQL writes things: names with their schema, since nothing is on the search path. */
const WRITING = `set local search_path = ''; set local timezone = 'UTC'; set local datestyle = 'ISO, MDY';
  set local intervalstyle = 'postgres'; set local extra_float_digits = 1; set local bytea_output = 'hex';
  set local quote_all_identifiers = off; set local enable_memoize = off; set local jit = off`;

/** A transaction that sees one state, and writes equal things equally. */
async function reading<T>(session: Session, read: () => Promise<T>): Promise<T> {
  const begun = session.send("begin isolation level repeatable read, read only");
  const set = session.send(WRITING);
  const [, , result] = await Promise.all([begun, set, read()]);
  await session.send("rollback");
  return result;
}

/** How many rows there are, where those are that are new, and what is always read as a whole. */
async function survey(session: Session, queries: readonly CatalogQuery[], since: Fingerprint | null) {
  const { rows: [server] } = await session.send(`
    select pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot()) as horizon, row(n.*)::text as names,
           pg_catalog.age('${since?.horizon ?? 0}'::pg_catalog.xid) as age from (${SERVER_NAMES}) as n`);
  // Numbers of transactions begin again some day; their ages, which stand still in a transaction, are in order nevertheless.
  const fresh = since === null ? "false" : `pg_catalog.age(x.xmin) <= ${server!.age}`;
  const selects = queries.map(({ catalog, from }) =>
    `select '${catalog}' as catalog, pg_catalog.count(*) as total, pg_catalog.array_agg(x.ctid) filter (where ${fresh}) as fresh,
       pg_catalog.pg_relation_filenode('pg_catalog.${catalog}'::regclass) as file from ${from}`
  );
  const hashes = Object.entries(EXTRA_LINES).map(([name, lines]) =>
    `select '${name}' as name, pg_catalog.md5(pg_catalog.string_agg(line, E'\\n' order by line collate "C")) as hash
       from (${lines}) as lines`
  );
  const [counted, hashed] = await Promise.all([
    session.send(selects.join("\nunion all\n")),
    session.send(hashes.join("\nunion all\n")),
  ]);
  return {
    fresh,
    counts: new Map(counted.rows.map(({ catalog, total, fresh, file }): [string, CatalogCount] => [
      catalog!,
      { total: Number(total), fresh: fresh ?? null, file: file! },
    ])),
    extras: new Map(hashed.rows.map(({ name, hash }) => [name!, hash ?? ""])),
    names: server!.names!,
    // Of the 64 bits, what rows have of it.
    horizon: String(BigInt.asUintN(32, BigInt(server!.horizon!))),
  };
}

async function readWhole(
  session: Session,
  queries: readonly CatalogQuery[],
  counts: ReadonlyMap<string, CatalogCount>,
): Promise<Pick<CatalogState, "catalogs" | "newest">> {
  const rows = await readRows(
    session,
    queries.map((query) => ({
      query,
      where: [
        ...query.owners?.map((owner) => `${owner} >= ${FIRST_OWN}`) ?? [],
        query.shown ?? "false",
      ].join(" or "),
    })),
  );
  const catalogs = new Map(queries.map(({ catalog }) => {
    const { total, file } = counts.get(catalog)!;
    return [catalog, wholeCatalog(total, file, rows.get(catalog)!)];
  }));
  const owners = ownersOf([...rows.values()].flatMap((rows) => [...rows.values()]));
  return { catalogs, newest: [...owners].reduce((a, b) => Math.max(a, b), 0) };
}
