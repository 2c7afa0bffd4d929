/** What columns are told one by one: storage, compression, statistics, the names of NOT NULL, comments (manual, "ALTER TABLE"). */

/** A column that gets another type gets the storage of that type. */
const TYPE_TOO = "to_jsonb(array[array[nspname, relname, attname, 'type']]::text[])";

const STORAGE =
  `case %s when 'p' then 'plain' when 'e' then 'external' when 'x' then 'extended' else 'main' end`;
const ALTER = "format('alter table %I.%I alter column %I', nspname, relname, attname)";

/** The columns of the database's user, read once. */
const COLUMNS = `columns as materialized (
    select n.nspname, c.relname, c.relkind, a.attrelid, a.attname, a.attnum, a.atttypid, a.attstorage, t.typstorage,
           a.attcompression::text as attcompression, a.attstattarget, a.attoptions, a.attislocal,
           a.attfdwoptions
      from pg_class c join pg_namespace n on n.oid = relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      join pg_type t on t.oid = a.atttypid
     where c.oid >= 16384 and c.relkind in ('r', 'p', 'f', 'v', 'm', 'c') and n.nspname !~ '^pg_(toast|temp)'
       and not exists (
         select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'))`;

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
  const path = "array[nspname, relname, attname]::text[]";
  return `
  select 'column' as kind, ${path} as path,
         ${options.withType ? TYPE_TOO : "'[]'::jsonb"} as also_with,
         '${name}' as property, ${options.value} as value, ${options.initial} as initial, ${options.set} as set, ${
    options.reset ?? "null"
  } as reset
    from columns where relkind in (${options.relations}) and ${options.where}`;
}

/** The property whose changes have verbs of their own. */
export const FOREIGN_OPTIONS = "options of the foreign column";

const OWN_DEFAULT =
  "(select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = attrelid and adnum = attnum)";
const PARENTS_DEFAULT = `(select pg_get_expr(e.adbin, e.adrelid) from pg_inherits i
  join pg_attribute p on p.attrelid = i.inhparent and p.attname = columns.attname
  join pg_attrdef e on e.adrelid = p.attrelid and e.adnum = p.attnum
  where i.inhrelid = columns.attrelid order by i.inhseqno limit 1)`;

/** The property that goes with NOT NULL itself. */
export const NOT_NULL_NAME = "name of the NOT NULL constraint";

const TABLES = "'r', 'p', 'f'";

export const COLUMN_PROPERTIES = `with ${COLUMNS}` + [
  property("storage", {
    value: STORAGE.replace("%s", "attstorage"),
    initial: STORAGE.replace("%s", "typstorage"),
    set: `${ALTER} || ' set storage %v'`,
    where: "attstorage <> typstorage",
    relations: "'r', 'p', 'm'",
    withType: true,
  }),
  property("compression", {
    value: "case attcompression when 'p' then 'pglz' when 'l' then 'lz4' end",
    initial: "'default'",
    set: `${ALTER} || ' set compression %v'`,
    where: "attcompression <> ''",
    relations: "'r', 'p', 'm'",
    withType: true,
  }),
  property("statistics target", {
    value: "attstattarget::text",
    initial: "'-1'",
    set: `${ALTER} || ' set statistics %v'`,
    where: "attstattarget >= 0",
    relations: "'r', 'p', 'm', 'f'",
  }),
  property("options", {
    value: "array_to_string(attoptions, ', ')",
    initial: "''",
    set: `${ALTER} || ' set (%v)'`,
    reset:
      `${ALTER} || ' reset (' || (select string_agg(split_part(o, '=', 1), ', ') from unnest(attoptions) as o) || ')'`,
    where: "attoptions is not null",
    relations: "'r', 'p', 'm', 'f'",
  }),
  property(NOT_NULL_NAME, {
    value:
      "(select quote_ident(k.conname) from pg_constraint k where k.conrelid = attrelid and k.contype = 'n' and k.conkey = array[attnum])",
    // What is inherited has the name that it has there; otherwise PostgreSQL makes one, and cuts it, which SQL cannot do.
    initial: `coalesce((select quote_ident(k.conname) from pg_inherits i
      join pg_attribute p on p.attrelid = i.inhparent and p.attname = columns.attname
      join pg_constraint k on k.conrelid = i.inhparent and k.contype = 'n' and k.conkey = array[p.attnum]
      where i.inhrelid = columns.attrelid and not columns.attislocal order by i.inhseqno limit 1), '')`,
    set: "format('alter table %I.%I rename constraint %%o to %%v', nspname, relname)",
    where:
      "exists (select from pg_constraint k where k.conrelid = attrelid and k.contype = 'n' and k.conkey = array[attnum])",
    relations: TABLES,
  }),
  property("comment", {
    value: "quote_literal(col_description(attrelid, attnum))",
    initial: "'null'",
    set: "format('comment on column %I.%I.%I is %%v', nspname, relname, attname)",
    where: "col_description(attrelid, attnum) is not null",
    relations: "'v', 'm', 'c'",
  }),
  property("default", {
    value: "(select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = attrelid and adnum = attnum)",
    initial: "''",
    set: "format('alter view %I.%I alter column %I set default %%v', nspname, relname, attname)",
    reset: "format('alter view %I.%I alter column %I drop default', nspname, relname, attname)",
    where: "exists (select from pg_attrdef where adrelid = attrelid and adnum = attnum)",
    relations: "'v'",
  }),
  property(FOREIGN_OPTIONS, {
    value:
      "(select string_agg(format('%I %L', option_name, option_value), ', ') from pg_options_to_table(attfdwoptions))",
    initial: "''",
    set: "format('alter foreign table %I.%I alter column %I options (%%v)', nspname, relname, attname)",
    reset: `format('alter foreign table %I.%I alter column %I options (%s)', nspname, relname, attname,
      (select string_agg(format('drop %I', option_name), ', ') from pg_options_to_table(attfdwoptions)))`,
    where: "attfdwoptions is not null",
    relations: "'f'",
  }),
  property("own default", {
    value: `coalesce(${OWN_DEFAULT}, '')`,
    initial: `coalesce(${PARENTS_DEFAULT}, '')`,
    set: `${ALTER} || coalesce(' set default ' || ${OWN_DEFAULT}, ' drop default')`,
    reset: `${ALTER} || coalesce(' set default ' || ${PARENTS_DEFAULT}, ' drop default')`,
    where: `not attislocal and ${OWN_DEFAULT} is distinct from ${PARENTS_DEFAULT}`,
    relations: TABLES,
  }),
].join(" union all ");
