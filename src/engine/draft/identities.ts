/**
 * What objects are, whatever they are called: by what the catalogs number them with, a rename is seen for certain, where two
 * schemas only show that one name is gone and another is there.
 */

import { writeIdentifier } from "../../sql/identifier.ts";
import type { Session } from "../database.ts";
import type { Rename, RenameKind } from "../difference.ts";

/** The objects of a database, by their numbers. */
export type Identities = ReadonlyMap<string, Identity>;

interface Identity {
  readonly kind: RenameKind;
  /** The schema or table that it is in; null for a schema. */
  readonly container: string | null;
  readonly name: string;
  /** `(integer)` after a function's name. */
  readonly suffix: string;
}

/** Reads them. Those that others name, such as the index of a constraint, are left out. */
export async function readIdentities(session: Session): Promise<Identities> {
  const { rows } = await session.send(IDENTITIES);
  return new Map(rows.map(({ key, kind, container, name, suffix }) => [
    key!,
    { kind: kind as RenameKind, container: container ?? null, name: name!, suffix: suffix ?? "" },
  ]));
}

/** What has to be renamed so that the objects of `now` have the names of `wanted`, what contains others first. */
export function renamesBetween(now: Identities, wanted: Identities): Rename[] {
  const found: (Rename & { readonly depth: number })[] = [];
  for (const [key, { kind, container, name, suffix }] of now) {
    const goal = wanted.get(key);
    // What was moved to another schema was not only renamed.
    if (goal === undefined || goal.name === name || goal.container !== container) continue;
    // What contains it has its wanted name by then.
    const within = container === null ? null : fullName(container, wanted) ?? fullName(container, now);
    const from = `${within === null ? "" : `${within}.`}${writeIdentifier(name)}${suffix}`;
    found.push({ kind, from, to: goal.name, depth: depthOf(container, now) });
  }
  return found.sort((a, b) => a.depth - b.depth).map(({ kind, from, to }) => ({ kind, from, to }));
}

function fullName(key: string, identities: Identities): string | null {
  const found = identities.get(key);
  if (found === undefined) return null;
  const { container, name } = found;
  const within = container === null ? null : fullName(container, identities);
  return `${within === null ? "" : `${within}.`}${writeIdentifier(name)}`;
}

function depthOf(container: string | null, identities: Identities): number {
  return container === null ? 0 : 1 + depthOf(identities.get(container)?.container ?? null, identities);
}

/** Schemas that were always there are containers, and have the names they have. */
const IDENTITIES = `
  select 'n' || oid as key, 'schema' as kind, null as container, nspname::text as name, null as suffix
    from pg_catalog.pg_namespace
   where nspname !~ '^pg_' and nspname <> 'information_schema'
  union all
  select 'c' || c.oid,
         case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence'
                        when 'i' then 'index' when 'I' then 'index' else 'table' end,
         'n' || c.relnamespace, c.relname, null
    from pg_catalog.pg_class c
   where c.oid >= 16384 and c.relkind in ('r', 'p', 'v', 'm', 'S', 'i', 'I')
     and not exists (select from pg_catalog.pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x'))
     and not exists (select from pg_catalog.pg_depend d
                      where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid
                        and d.deptype in ('e', 'P'))
  union all
  select 'a' || a.attrelid || '.' || a.attnum, 'column', 'c' || a.attrelid, a.attname, null
    from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
   where c.oid >= 16384 and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and a.attinhcount = 0
  union all
  select 'k' || oid, 'constraint', 'c' || conrelid, conname, null
    from pg_catalog.pg_constraint
   where oid >= 16384 and conrelid <> 0 and coninhcount = 0 and conparentid = 0 and contype not in ('n', 't')
  union all
  select 't' || t.oid, case t.typtype when 'd' then 'domain' else 'type' end, 'n' || t.typnamespace, t.typname, null
    from pg_catalog.pg_type t left join pg_catalog.pg_class c on c.oid = t.typrelid
   where t.oid >= 16384 and t.typtype in ('e', 'd', 'r', 'c') and (t.typrelid = 0 or c.relkind = 'c')
  union all
  select 'g' || oid, 'trigger', 'c' || tgrelid, tgname, null
    from pg_catalog.pg_trigger where oid >= 16384 and not tgisinternal and tgparentid = 0
  union all
  select 'y' || oid, 'policy', 'c' || polrelid, polname, null from pg_catalog.pg_policy
  union all
  select 'p' || oid, case prokind when 'p' then 'procedure' else 'function' end, 'n' || pronamespace, proname,
         '(' || pg_catalog.pg_get_function_identity_arguments(oid) || ')'
    from pg_catalog.pg_proc where oid >= 16384 and prokind <> 'a'
   order by 1`;
