/** What tables are told after they are made: the index by which they are clustered, the type which they are of. */

/** Tables of the database's user. */
const TABLES = `pg_class c join pg_namespace n on n.oid = c.relnamespace and c.oid >= 16384
    and n.nspname !~ '^pg_(toast|temp)'
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`;

export const TABLE_PROPERTIES = `
  select 'table' as kind, array[n.nspname, c.relname]::text[] as path,
         jsonb_build_array(jsonb_build_array(n.nspname, ic.relname), jsonb_build_array(n.nspname, c.relname, ic.relname)) as also_with,
         'order' as property, quote_ident(ic.relname) as value, '' as initial,
         format('alter table %I.%I cluster on %%v', n.nspname, c.relname) as set,
         format('alter table %I.%I set without cluster', n.nspname, c.relname) as reset
    from ${TABLES} join pg_index i on i.indrelid = c.oid and i.indisclustered join pg_class ic on ic.oid = i.indexrelid
  union all
  select 'table', array[n.nspname, c.relname]::text[], '[]'::jsonb, 'type', c.reloftype::regtype::text, '',
         format('alter table %I.%I of %%v', n.nspname, c.relname), format('alter table %I.%I not of', n.nspname, c.relname)
    from ${TABLES} where c.reloftype <> 0
  union all
  select 'table', array[n.nspname, c.relname]::text[], '[]'::jsonb, 'toast.' || split_part(o, '=', 1), split_part(o, '=', 2), '',
         format('alter table %I.%I set (toast.%s = %%v)', n.nspname, c.relname, split_part(o, '=', 1)),
         format('alter table %I.%I reset (toast.%s)', n.nspname, c.relname, split_part(o, '=', 1))
    from ${TABLES} join pg_class t on t.oid = c.reltoastrelid cross join unnest(t.reloptions) as o
  union all
  select 'index', array[n.nspname, c.relname]::text[], '[]'::jsonb, 'statistics target of column ' || a.attnum,
         a.attstattarget::text, '-1', format('alter index %I.%I alter column %s set statistics %%v', n.nspname, c.relname, a.attnum),
         null
    from ${TABLES} join pg_attribute a on a.attrelid = c.oid and a.attstattarget >= 0
   where c.relkind in ('i', 'I')`;
