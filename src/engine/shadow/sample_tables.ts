/** The tables of the shadow, as far as one has to know them to put rows in. */

import type { Session } from "../database.ts";

/** A table that can hold rows. */
export interface SampleTable {
  /** Its number in pg_class. */
  readonly oid: string;
  /** Qualified and quoted. */
  readonly name: string;
  /** Without its schema and quotes. */
  readonly bare: string;
  /** Its rows are in its partitions. */
  readonly partitioned: boolean;
  readonly columns: readonly SampleColumn[];
  /** The columns of its primary key; none where it has none. */
  readonly key: readonly string[];
  /** All columns that some unique index has. */
  readonly unique: readonly string[];
  /** The numbers of the tables that it refers to. */
  readonly refersTo: readonly string[];
  readonly references: readonly Reference[];
  readonly checks: readonly Check[];
}

/** A column. */
export interface SampleColumn {
  readonly name: string;
  /** With its modifiers: `numeric(10,2)`. */
  readonly type: string;
  /** Of a domain what it is made of, with its modifiers. */
  readonly plainType: string;
  /** Without modifiers, of a domain what it is made of, of an array that of its elements. */
  readonly base: string;
  /** As in pg_type: `b` for a base type, `e` for an enum, `c` for a composite, `r` for a range. */
  readonly kind: string;
  readonly array: boolean;
  readonly required: boolean;
  /** Whether PostgreSQL computes it from other columns. */
  readonly generated: boolean;
  /** Whether it is numbered: an identity or a serial. */
  readonly sequence: boolean;
  /** The labels of an enum. */
  readonly labels: readonly string[];
  /** The checks of a domain, as SQL. */
  readonly checks: readonly string[];
}

/** A foreign key. */
export interface Reference {
  readonly columns: readonly string[];
  readonly table: string;
  readonly targets: readonly string[];
}

/** A check, and the columns that it looks at; the bounds of all partitions are one too. */
export interface Check {
  /** Null for the bounds. */
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly sql: string;
}

/** A table in short. */
export type TableName = Pick<SampleTable, "oid" | "name" | "bare" | "refersTo">;

/** All tables of the user's, but mig's own, in the order of their names; partitions are reached by what they are parts of. */
export async function listTables(session: Session): Promise<TableName[]> {
  const { rows } = await session.send(NAMES);
  return rows.map(({ oid, name, bare, refers_to }) => ({
    oid: oid!,
    name: name!,
    bare: bare!,
    refersTo: refers_to === null ? [] : refers_to!.split(" "),
  }));
}

/** Some tables, with all that is in the catalogs about them. */
export async function readTables(session: Session, oids: readonly string[]): Promise<SampleTable[]> {
  if (oids.length === 0) return [];
  const { rows } = await session.send(describe(oids));
  return rows.map(({ description }) => JSON.parse(description!) as SampleTable);
}

const NAMES = `
select c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname) as name, c.relname as bare, r.refers_to
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  left join (select k.conrelid, pg_catalog.string_agg(distinct k.confrelid::text, ' ') as refers_to
               from pg_catalog.pg_constraint k where k.contype = 'f' group by k.conrelid) r on r.conrelid = c.oid
 where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't' and n.nspname not in ('pg_catalog', 'information_schema')
   and n.nspname !~ '^pg_toast' and c.oid >= 16384
   and not exists (select from pg_catalog.pg_depend d
                    where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
   and pg_catalog.obj_description(c.oid, 'pg_class') is distinct from
     'The revisions that mig has applied to this database. Change it with mig only.'
 order by 2`;

const names = (numbers: string, table: string) =>
  `(select pg_catalog.json_agg(a.attname order by n) from pg_catalog.unnest(${numbers}) with ordinality as u (number, n)
     join pg_catalog.pg_attribute a on a.attrelid = ${table} and a.attnum = u.number)`;

/** A domain over a domain is followed to what they are made of, from the columns' types: those of all tables are many. */
const describe = (oids: readonly string[]) => `
with recursive bases (oid, base) as (
  select a.atttypid, a.atttypid from pg_catalog.pg_attribute a where a.attrelid in (${
  oids.join(", ")
}) and a.attnum > 0
  union
  select b.oid, t.typbasetype from bases b join pg_catalog.pg_type t on t.oid = b.base where t.typtype = 'd'
)
select pg_catalog.json_build_object(
  'oid', c.oid::text,
  'name', pg_catalog.format('%I.%I', n.nspname, c.relname),
  'bare', c.relname,
  'partitioned', c.relkind = 'p',
  'columns', coalesce((
    select pg_catalog.json_agg(pg_catalog.json_build_object(
      'name', a.attname,
      'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
      'plainType', pg_catalog.format_type(t.oid, case when a.atttypmod = -1 then d.typtypmod else a.atttypmod end),
      'base', coalesce(e.typname, t.typname),
      'kind', coalesce(e.typtype, t.typtype),
      'array', e.oid is not null,
      'required', a.attnotnull or d.typnotnull,
      'generated', a.attgenerated <> '',
      'sequence', a.attidentity <> ''
        or coalesce(pg_catalog.pg_get_expr(f.adbin, f.adrelid) like 'nextval(%', false),
      'labels', coalesce((select pg_catalog.json_agg(l.enumlabel order by l.enumsortorder) from pg_catalog.pg_enum l
                           where l.enumtypid = coalesce(e.oid, t.oid)), '[]'),
      'checks', coalesce((select pg_catalog.json_agg(pg_catalog.pg_get_constraintdef(k.oid)) from pg_catalog.pg_constraint k
                           where k.contypid = a.atttypid and k.contype = 'c'), '[]')
    ) order by a.attnum)
    from pg_catalog.pg_attribute a
    join pg_catalog.pg_type d on d.oid = a.atttypid
    join bases b on b.oid = a.atttypid
    join pg_catalog.pg_type t on t.oid = b.base and t.typtype <> 'd'
    left join pg_catalog.pg_type e on e.oid = t.typelem and t.typcategory = 'A'
    left join pg_catalog.pg_attrdef f on f.adrelid = a.attrelid and f.adnum = a.attnum
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]'),
  'key', coalesce((select ${names("k.conkey", "c.oid")} from pg_catalog.pg_constraint k
                    where k.conrelid = c.oid and k.contype = 'p'), '[]'),
  'unique', coalesce((select pg_catalog.json_agg(distinct a.attname) from pg_catalog.pg_index i
                       join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
                      where i.indrelid = c.oid and i.indisunique), '[]'),
  'refersTo', coalesce((select pg_catalog.json_agg(distinct k.confrelid::text) from pg_catalog.pg_constraint k
                         where k.conrelid = c.oid and k.contype = 'f'), '[]'),
  'references', coalesce((select pg_catalog.json_agg(pg_catalog.json_build_object(
      'columns', ${names("k.conkey", "k.conrelid")},
      'table', k.confrelid::regclass::text,
      'targets', ${names("k.confkey", "k.confrelid")}))
    from pg_catalog.pg_constraint k where k.conrelid = c.oid and k.contype = 'f'), '[]'),
  'checks', coalesce((select pg_catalog.json_agg(pg_catalog.json_build_object(
      'name', k.name, 'columns', coalesce(k.columns, '[]'), 'sql', k.sql))
    from (
      select k.conname as name, ${
  names("k.conkey", "k.conrelid")
} as columns, pg_catalog.pg_get_constraintdef(k.oid) as sql
        from pg_catalog.pg_constraint k where k.conrelid = c.oid and k.contype = 'c'
      union all
      select null, ${names("p.partattrs::pg_catalog.int2[]", "p.partrelid")},
             (select pg_catalog.string_agg(pg_catalog.pg_get_expr(t.relpartbound, t.oid), ' ' order by t.relname)
                from pg_catalog.pg_inherits i join pg_catalog.pg_class t on t.oid = i.inhrelid where i.inhparent = c.oid)
        from pg_catalog.pg_partitioned_table p where p.partrelid = c.oid
    ) k where k.sql is not null), '[]')
) as description
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.oid in (${oids.join(", ")}) order by 1::text`;
