/** What columns are told one by one: storage, compression, statistics, the names of NOT NULL, comments (manual, "ALTER TABLE"). */

/** A column that gets another type gets the storage of that type. */
const TYPE_TOO = "to_jsonb(array[array[n.nspname, c.relname, a.attname, 'type']]::text[])";

const STORAGE = `case %s when 'p' then 'plain' when 'e' then 'external' when 'x' then 'extended' else 'main' end`;
const ALTER = "format('alter table %I.%I alter column %I', n.nspname, c.relname, a.attname)";

/** Tables of the database's user. */
const COLUMNS = `pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  where a.attnum > 0 and not a.attisdropped and n.nspname not in ('pg_catalog', 'information_schema')
    and n.nspname !~ '^pg_(toast|temp)'
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`;

/** One property of columns: `where` leaves those which have what they would have anyway. */
function property(
  name: string,
  options: {
    readonly value: string;
    readonly initial: string;
    readonly set: string;
    readonly reset?: string;
    readonly where: string;
    readonly relations: string;
    readonly withType?: boolean;
  },
): string {
  const path = "array[n.nspname, c.relname, a.attname]::text[]";
  return `
  select 'column' as kind, ${path} as path,
         ${options.withType ? TYPE_TOO : "'[]'::jsonb"} as also_with,
         '${name}' as property, ${options.value} as value, ${options.initial} as initial, ${options.set} as set, ${options.reset ?? "null"} as reset
    from ${COLUMNS} and c.relkind in (${options.relations}) and ${options.where}`;
}

const TABLES = "'r', 'p', 'f'";

export const COLUMN_PROPERTIES = [
  property("storage", {
    value: STORAGE.replace("%s", "a.attstorage"),
    initial: `(select ${STORAGE.replace("%s", "t.typstorage")} from pg_type t where t.oid = a.atttypid)`,
    set: `${ALTER} || ' set storage %v'`,
    where: "a.attstorage <> (select typstorage from pg_type t where t.oid = a.atttypid)",
    relations: "'r', 'p', 'm'",
    withType: true,
  }),
  property("compression", {
    value: "case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end",
    initial: "'default'",
    set: `${ALTER} || ' set compression %v'`,
    where: "a.attcompression::text <> ''",
    relations: "'r', 'p', 'm'",
    withType: true,
  }),
  property("statistics target", {
    value: "a.attstattarget::text",
    initial: "'-1'",
    set: `${ALTER} || ' set statistics %v'`,
    where: "a.attstattarget >= 0",
    relations: "'r', 'p', 'm', 'f'",
  }),
  property("options", {
    value: "array_to_string(a.attoptions, ', ')",
    initial: "''",
    set: `${ALTER} || ' set (%v)'`,
    reset: `${ALTER} || ' reset (' || (select string_agg(split_part(o, '=', 1), ', ') from unnest(a.attoptions) as o) || ')'`,
    where: "a.attoptions is not null",
    relations: "'r', 'p', 'm', 'f'",
  }),
  property("name of the NOT NULL constraint", {
    value: "(select quote_ident(k.conname) from pg_constraint k where k.conrelid = c.oid and k.contype = 'n' and k.conkey = array[a.attnum])",
    initial: "quote_ident(c.relname || '_' || a.attname || '_not_null')",
    set: "format('alter table %I.%I rename constraint %%o to %%v', n.nspname, c.relname)",
    where: `exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'n' and k.conkey = array[a.attnum]
      and k.conislocal and k.conname <> c.relname || '_' || a.attname || '_not_null')`,
    relations: TABLES,
  }),
  property("comment", {
    value: "quote_literal(col_description(c.oid, a.attnum))",
    initial: "'null'",
    set: "format('comment on column %I.%I.%I is %%v', n.nspname, c.relname, a.attname)",
    where: "col_description(c.oid, a.attnum) is not null",
    relations: "'v', 'm', 'c'",
  }),
  property("default", {
    value: "pg_get_expr(e.adbin, e.adrelid)",
    initial: "''",
    set: "format('alter view %I.%I alter column %I set default %%v', n.nspname, c.relname, a.attname)",
    reset: "format('alter view %I.%I alter column %I drop default', n.nspname, c.relname, a.attname)",
    where: "true",
    relations: "'v'",
  }).replace("pg_attribute a", "pg_attrdef e join pg_attribute a on a.attrelid = e.adrelid and a.attnum = e.adnum"),
].join(" union all ");
