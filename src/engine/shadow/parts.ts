/** What objects of a schema consist of, part by part, as the catalogs have it. */

import type { Session } from "../database.ts";

/** An object of a schema. */
export interface NamedObject {
  /** Its number: it keeps it when it is renamed. */
  readonly key: string;
  /** As the manual calls it. */
  readonly kind: string;
  readonly schema: string;
  readonly name: string;
  /** `(integer)` after a function's name. */
  readonly suffix: string;
}

/** A part of an object, or the object itself. */
export interface Part {
  readonly key: string;
  readonly kind: string;
  readonly name: string;
  /** Its SQL in short. */
  readonly definition: string;
}

/** All objects that have a name of their own. */
export async function readObjects(session: Session): Promise<NamedObject[]> {
  const { rows } = await session.send(OBJECTS);
  return rows.map(({ key, kind, schema, name, suffix }) => ({
    key: key!,
    kind: kind!,
    schema: schema!,
    name: name!,
    suffix: suffix ?? "",
  }));
}

/** The parts of an object, itself first, in the order in which they stand. */
export async function readParts(session: Session, { key }: NamedObject): Promise<Part[]> {
  const oid = Number(key.slice(1));
  const queries: Readonly<Record<string, string>> = { c: RELATION, p: ROUTINE, t: TYPE };
  // Names are written with their schema when nothing is on the search path.
  const [, , { rows }] = await Promise.all([
    session.send("begin"),
    session.send("set local search_path = ''"),
    session.send(queries[key[0]!]!.replaceAll("$1", String(oid))),
    session.send("rollback"),
  ]);
  return rows.map(({ key, kind, name, definition }) => ({
    key: key!,
    kind: kind!,
    name: name!,
    definition: definition!,
  }));
}

const KIND = `case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence'
  when 'f' then 'foreign table' when 'i' then 'index' when 'I' then 'index' when 'c' then 'type' else 'table' end`;

const OBJECTS = `
  select 'c' || c.oid as key, ${KIND} as kind, n.nspname::text as schema, c.relname::text as name, null as suffix
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where c.oid >= 16384 and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f', 'i', 'I', 'c') and n.nspname !~ '^pg_'
  union all
  select 'p' || p.oid, case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end, n.nspname,
         p.proname, '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')'
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace where p.oid >= 16384
  union all
  select 't' || t.oid, case t.typtype when 'd' then 'domain' else 'type' end, n.nspname, t.typname, null
    from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
   where t.oid >= 16384 and t.typtype in ('e', 'd', 'r')
   order by 3, 4, 1`;

const RIGHTS = (acl: string, where: string) => `
  select 'r', 90, 0, 'grants', '', (select pg_catalog.string_agg(a::text, ', ' order by a::text collate "C")
                                from pg_catalog.unnest(${acl}) a)
    from ${where} and ${acl} is not null`;

const COMMENT = (catalog: string, oid: string, part: string) =>
  `coalesce(' comment ' || pg_catalog.quote_literal((select description from pg_catalog.pg_description d
     where d.classoid = 'pg_catalog.${catalog}'::regclass and d.objoid = ${oid} and d.objsubid = ${part})), '')`;

/** A not-null constraint is told with its column, and the index of a constraint with that. */
const RELATION = `
  select key, kind, name, definition from (
  select 'c' as key, 0 as place, 0 as number, ${KIND} as kind, c.relname::text as name,
         case when c.relkind in ('v', 'm') then pg_catalog.pg_get_viewdef(c.oid, true)
              when c.relkind in ('i', 'I') then pg_catalog.pg_get_indexdef(c.oid)
              when c.relkind = 'S' then (select pg_catalog.format('as %s start %s increment %s minvalue %s maxvalue %s cache %s%s',
                pg_catalog.format_type(s.seqtypid, null), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache,
                case when s.seqcycle then ' cycle' else '' end) from pg_catalog.pg_sequence s where s.seqrelid = c.oid)
              else 'in ' || c.relnamespace::regnamespace end
         || case when c.relpersistence = 'u' then ' unlogged' else '' end
         || coalesce(' partition by ' || case when c.relkind = 'p' then pg_catalog.pg_get_partkeydef(c.oid) end, '')
         || coalesce((select ' partition of ' || i.inhparent::regclass || ' ' || pg_catalog.pg_get_expr(c.relpartbound, c.oid)
                        from pg_catalog.pg_inherits i where i.inhrelid = c.oid and c.relispartition), '')
         || case when c.relrowsecurity then ' row level security' else '' end
         || case when c.relforcerowsecurity then ' forced' else '' end
         || coalesce(' with (' || pg_catalog.array_to_string(c.reloptions, ', ') || ')', '')
         || ${COMMENT("pg_class", "c.oid", "0")} as definition
    from pg_catalog.pg_class c where c.oid = $1
  union all
  select 'a' || a.attnum, 1, a.attnum, 'column', a.attname,
         pg_catalog.format_type(a.atttypid, a.atttypmod)
         || coalesce((select ' collate ' || o.oid::regcollation from pg_catalog.pg_collation o
                        join pg_catalog.pg_type t on t.oid = a.atttypid
                       where o.oid = a.attcollation and a.attcollation <> t.typcollation), '')
         || case when a.attnotnull then ' not null' else '' end
         || case a.attidentity when 'a' then ' generated always as identity'
                               when 'd' then ' generated by default as identity' else '' end
         || coalesce(case a.attgenerated when '' then ' default ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid)
              else ' generated always as (' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) || ')' end, '')
         || ${COMMENT("pg_class", "a.attrelid", "a.attnum")}
         || coalesce(' granted ' || pg_catalog.array_to_string(a.attacl, ', '), '')
    from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
    left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'f', 'c')
  union all
  select 'k' || k.oid, 2, 0, 'constraint', k.conname, pg_catalog.pg_get_constraintdef(k.oid, true)
    from pg_catalog.pg_constraint k where k.conrelid = $1 and k.contype <> 'n'
  union all
  select 'i' || i.indexrelid, 3, 0, 'index', c.relname, pg_catalog.pg_get_indexdef(i.indexrelid)
    from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
   where i.indrelid = $1
     and not exists (select from pg_catalog.pg_constraint k where k.conindid = i.indexrelid and k.conrelid = $1)
  union all
  select 'g' || t.oid, 4, 0, 'trigger', t.tgname,
         pg_catalog.pg_get_triggerdef(t.oid, true) || case t.tgenabled when 'O' then '' else ' enabled ' || t.tgenabled::text end
    from pg_catalog.pg_trigger t where t.tgrelid = $1 and not t.tgisinternal
  union all
  select 'y' || y.oid, 5, 0, 'policy', y.polname,
         pg_catalog.format('%s for %s to %s', case when y.polpermissive then 'permissive' else 'restrictive' end,
           case y.polcmd when '*' then 'all' when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' else 'delete' end,
           (select pg_catalog.string_agg(case r when 0 then 'public' else r::regrole::text end, ', ')
              from pg_catalog.unnest(y.polroles) r))
         || coalesce(' using (' || pg_catalog.pg_get_expr(y.polqual, y.polrelid) || ')', '')
         || coalesce(' with check (' || pg_catalog.pg_get_expr(y.polwithcheck, y.polrelid) || ')', '')
    from pg_catalog.pg_policy y where y.polrelid = $1
  union all ${RIGHTS("c.relacl", "pg_catalog.pg_class c where c.oid = $1")}
  ) as parts order by place, number, name`;

const ROUTINE = `
  select key, kind, name, definition from (
  select 'p' as key, 0 as place, 0 as number,
         case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end as kind, p.proname::text as name,
         case p.prokind when 'a' then (select pg_catalog.format('sfunc %s stype %s', a.aggtransfn,
                pg_catalog.format_type(a.aggtranstype, null)) from pg_catalog.pg_aggregate a where a.aggfnoid = p.oid)
              else pg_catalog.pg_get_functiondef(p.oid) end
         || ${COMMENT("pg_proc", "p.oid", "0")} as definition
    from pg_catalog.pg_proc p where p.oid = $1
  union all ${RIGHTS("p.proacl", "pg_catalog.pg_proc p where p.oid = $1")}
  ) as parts order by place, number, name`;

const TYPE = `
  select key, kind, name, definition from (
  select 't' as key, 0 as place, 0::real as number, case t.typtype when 'd' then 'domain' else 'type' end as kind,
         t.typname::text as name,
         case t.typtype when 'd' then pg_catalog.format_type(t.typbasetype, t.typtypmod)
              || case when t.typnotnull then ' not null' else '' end || coalesce(' default ' || t.typdefault, '')
              when 'e' then 'enum'
              else (select 'range of ' || pg_catalog.format_type(r.rngsubtype, null) from pg_catalog.pg_range r
                     where r.rngtypid = t.oid) end
         || ${COMMENT("pg_type", "t.oid", "0")} as definition
    from pg_catalog.pg_type t where t.oid = $1
  union all
  select 'e' || e.oid, 1, e.enumsortorder, 'value', e.enumlabel, pg_catalog.quote_literal(e.enumlabel)
    from pg_catalog.pg_enum e where e.enumtypid = $1
  union all
  select 'k' || k.oid, 2, 0, 'constraint', k.conname, pg_catalog.pg_get_constraintdef(k.oid, true)
    from pg_catalog.pg_constraint k where k.contypid = $1 and k.contype <> 'n'
  union all ${RIGHTS("t.typacl", "pg_catalog.pg_type t where t.oid = $1")}
  ) as parts order by place, number, name`;
