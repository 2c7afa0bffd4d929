/**
 * What a database's schema is, read from the system catalogs: every row that describes an object of the user's, with names in
 * the place of numbers. It is equal for equal schemas whatever their history, takes a fraction of the time of pg_dump, and
 * knows what pg_dump does not show, such as whether an index is valid.
 *
 * Which column refers to which catalog is asked of the server (`pg_get_catalog_foreign_keys`, PostgreSQL 14 and later), so that
 * nothing is left out that a later version adds.
 */

import type { Session } from "../database.ts";
import { type CatalogRule, CATALOGS, EXTRA_LINES } from "./catalog_rules.ts";

/** A schema's fingerprint: equal for equal schemas. */
export interface Fingerprint {
  /** A hash for each catalog. */
  readonly hashes: ReadonlyMap<string, string>;
}

/** Reads schemas of one server; what it learns of the catalogs is kept for the next time. */
export class CatalogReader {
  #lines: ReadonlyMap<string, string> | null = null;

  /** The fingerprint of the schema as it is now. */
  async fingerprint(session: Session): Promise<Fingerprint> {
    const lines = await this.#queries(session);
    const hashes = [...lines].map(([catalog, select]) =>
      `select '${catalog}' as catalog, pg_catalog.md5(pg_catalog.string_agg(line, E'\\n' order by line collate "C")) as hash
         from (${select}) as lines`
    );
    const { rows } = await inside(session, hashes.join("\nunion all\n"));
    return { hashes: new Map(rows.map(({ catalog, hash }) => [catalog!, hash ?? ""])) };
  }

  /** The rows behind a fingerprint, as text: for what pg_dump does not tell apart. */
  async lines(session: Session, catalogs: readonly string[]): Promise<readonly string[]> {
    const lines = await this.#queries(session);
    const selects = catalogs.map((catalog) =>
      `select '${catalog}' as catalog, line from (${lines.get(catalog)!}) as lines`
    );
    const { rows } = await inside(session, `${selects.join("\nunion all\n")} order by 1, 2`);
    return rows.map(({ catalog, line }) => `${catalog} ${line}`);
  }

  async #queries(session: Session): Promise<ReadonlyMap<string, string>> {
    return this.#lines ??= await lineQueries(session);
  }
}

/** The catalogs in which two fingerprints differ; none for equal schemas. */
export function differingCatalogs(a: Fingerprint, b: Fingerprint): string[] {
  return [...a.hashes.keys()].filter((catalog) => a.hashes.get(catalog) !== b.hashes.get(catalog));
}

/** Names are written with their schema when nothing is on the search path. */
async function inside(session: Session, query: string) {
  const [, , answer] = await Promise.all([
    session.send("begin"),
    session.send("set local search_path = ''; set local enable_memoize = off; set local jit = off"),
    session.send(query),
    session.send("rollback"),
  ]);
  return answer;
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly refersTo: string | null;
}

async function lineQueries(session: Session): Promise<ReadonlyMap<string, string>> {
  const { rows } = await session.send(`
    select c.relname as catalog, a.attname as name, t.typname as type,
           (select f.pktable::text from pg_catalog.pg_get_catalog_foreign_keys() f
             where f.fktable = c.oid and f.fkcols = array[a.attname::text] limit 1) as single,
           exists (select from pg_catalog.pg_get_catalog_foreign_keys() f
                    where f.fktable = c.oid and a.attname = any(f.fkcols) and pg_catalog.cardinality(f.fkcols) > 1
                      and a.atttypid <> 'pg_catalog.oid'::regtype) as numbers
      from pg_catalog.pg_class c
      join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      join pg_catalog.pg_type t on t.oid = a.atttypid
     where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r'
       and pg_catalog.has_column_privilege(c.oid, a.attnum, 'select')
     order by c.relname, a.attnum`);
  const columns = new Map<string, Column[]>();
  for (const { catalog, name, type, single, numbers } of rows) {
    // Numbers of columns: what is made of them is told by the definitions.
    if (numbers === "t") continue;
    const refersTo = single === null ? null : single!.replace(/^pg_catalog\./, "");
    columns.set(catalog!, [...columns.get(catalog!) ?? [], { name: name!, type: type!, refersTo }]);
  }
  const known = Object.entries(CATALOGS).filter(([catalog]) => columns.has(catalog));
  return new Map([
    ...known.map(([catalog, rule]) => [catalog, lineQuery(catalog, rule, columns.get(catalog)!)] as const),
    ...Object.entries(EXTRA_LINES),
  ]);
}

function lineQuery(catalog: string, rule: CatalogRule, columns: readonly Column[]): string {
  const values = columns.flatMap((column) => {
    if (column.name === "oid" || rule.skip?.includes(column.name)) return [];
    const written = rule.write?.[column.name] ?? valueOf(column, rule);
    return written === null ? [] : [written];
  });
  return `select row(${[...values, ...rule.add ?? []].join(", ")})::text as line
    from pg_catalog.${catalog} x where ${rule.where}`;
}

function valueOf({ name, type, refersTo }: Column, rule: CatalogRule): string | null {
  const column = `x.${name}`;
  if (type === "pg_node_tree") return null;
  if (type === "_aclitem") return aclOf(column, rule.acl);
  if (refersTo === null) return column;
  if (type === "oidvector" || type.startsWith("_")) {
    return `(select pg_catalog.array_agg(${nameOf("e", refersTo)} order by n)
      from pg_catalog.unnest(${column}::oid[]) with ordinality as u (e, n))`;
  }
  return `case when ${column} = 0 then null else ${nameOf(`${column}::oid`, refersTo)} end`;
}

/** Rights, in a fixed order; none given is what the owner has by default. */
function aclOf(column: string, defaults: string | undefined): string {
  const acl = defaults === undefined ? column : `coalesce(${column}, pg_catalog.acldefault(${defaults}))`;
  return `(select pg_catalog.array_agg(a::text order by a::text collate "C") from pg_catalog.unnest(${acl}) a)`;
}

function nameOf(oid: string, catalog: string): string {
  const alias = ALIASES[catalog];
  return alias === undefined
    ? `(pg_catalog.pg_identify_object('pg_catalog.${catalog}'::regclass, ${oid}, 0)).identity`
    : `${oid}::${alias}::text`;
}

/** The types that write numbers as names (manual, "Object Identifier Types"). */
const ALIASES: Readonly<Record<string, string>> = {
  pg_class: "regclass",
  pg_type: "regtype",
  pg_proc: "regprocedure",
  pg_operator: "regoperator",
  pg_namespace: "regnamespace",
  pg_authid: "regrole",
  pg_collation: "regcollation",
  pg_ts_config: "regconfig",
  pg_ts_dict: "regdictionary",
};
