/**
 * How each system catalog is read: which of its rows are watched, what of a row makes the fingerprint, and which objects it
 * belongs to. Which column refers to which catalog is asked of the server (`pg_get_catalog_foreign_keys`, PostgreSQL 14 and
 * later), so that nothing is left out that a later version adds.
 */

import type { Session } from "../database.ts";
import { type CatalogRule, CATALOGS, UNREAD } from "./catalog_rules.ts";

/** The reading of a catalog; its rows are called `x`. */
export interface CatalogQuery {
  readonly catalog: string;
  /** SQL: the catalog, and which of its rows are watched at all. */
  readonly from: string;
  /** SQL: which rows make the fingerprint; null for none. */
  readonly shown: string | null;
  /** SQL: what of a row does, with names in the place of numbers. */
  readonly line: string;
  /** SQL: the numbers of the objects that a row describes; null where a change of the catalog may be about more than these. */
  readonly owners: readonly string[] | null;
  /** SQL: every number of an object that a row has, as `oid`, and those that come many at a time, as `oid[]`. */
  readonly numbers: readonly string[];
  readonly lists: readonly string[];
  /** SQL: its expressions and statements as PostgreSQL keeps them. */
  readonly trees: readonly string[];
}

/** Asks the server for its catalogs, as far as they are the database's own. */
export async function catalogQueries(session: Session): Promise<CatalogQuery[]> {
  const columns = Map.groupBy(await readColumns(session), ({ catalog }) => catalog);
  return [...columns].filter(([catalog]) => !UNREAD.has(catalog)).map(([catalog, columns]) => {
    const rule = CATALOGS[catalog];
    return {
      catalog,
      from: `pg_catalog.${catalog} x where ${rule?.watched ?? "true"}`,
      shown: rule?.where ?? null,
      line: rule === undefined ? "''" : lineOf(rule, columns),
      owners: rule?.owners ?? null,
      numbers: columns.filter(({ type }) => NUMBER.test(type)).map(({ name }) => `x.${name}::oid`),
      trees: columns.filter(({ type }) => type === "pg_node_tree").map(({ name }) => `x.${name}::text`),
      lists: columns.filter(({ type }) => NUMBERS.test(type)).map(({ name }) => `x.${name}::oid[]`),
    };
  });
}

const NUMBER = /^(oid|reg[a-z]+)$/, NUMBERS = /^(oidvector|_oid|_reg[a-z]+)$/;

interface Column {
  readonly catalog: string;
  readonly name: string;
  readonly type: string;
  readonly refersTo: string | null;
  /** Numbers of columns: what is made of them is told by the definitions. */
  readonly isPlace: boolean;
}

async function readColumns(session: Session): Promise<Column[]> {
  const [{ rows }, { rows: keys }] = await Promise.all([
    session.send(`
      select c.relname as catalog, a.attname as name, t.typname as type
        from pg_catalog.pg_class c
        join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        join pg_catalog.pg_type t on t.oid = a.atttypid
       where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r' and not c.relisshared
         and pg_catalog.has_column_privilege(c.oid, a.attnum, 'select')
       order by c.relname, a.attnum`),
    session.send(`
      select c.relname as catalog, p.relname as target, pg_catalog.array_to_string(f.fkcols, ' ') as columns
        from pg_catalog.pg_get_catalog_foreign_keys() f
        join pg_catalog.pg_class c on c.oid = f.fktable join pg_catalog.pg_class p on p.oid = f.pktable`),
  ]);
  const single = new Map<string, string>(), together = new Set<string>();
  for (const { catalog, target, columns } of keys) {
    const names = columns!.split(" ").map((name) => `${catalog}.${name}`);
    if (names.length === 1) single.set(names[0]!, target!);
    else for (const name of names) together.add(name);
  }
  return rows.map(({ catalog, name, type }) => ({
    catalog: catalog!,
    name: name!,
    type: type!,
    refersTo: single.get(`${catalog}.${name}`) ?? null,
    isPlace: type !== "oid" && together.has(`${catalog}.${name}`),
  }));
}

function lineOf(rule: CatalogRule, columns: readonly Column[]): string {
  const values = columns.flatMap((column) => {
    if (column.name === "oid" || column.isPlace || rule.skip?.includes(column.name)) return [];
    const written = rule.write?.[column.name] ?? valueOf(column, rule);
    return written === null ? [] : [written];
  });
  const known = new Set(columns.map(({ name }) => name));
  // An older server lacks some columns.
  const added = (rule.add ?? []).filter((sql) =>
    [...sql.matchAll(/\bx\.(\w+)/g)].every(([, name]) => known.has(name!))
  );
  return `row(${[...values, ...added].join(", ")})::text`;
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
