/** What tables have from those which they inherit or belong to, and which columns are virtual: the library leaves it out. */

import type { Session } from "../engine/database.ts";
import { type Inherited, type Parent, pathKey } from "./catalog.ts";
import { queryRows } from "./pool.ts";

/** Reads it. */
export async function readInherited(session: Session): Promise<Inherited> {
  const columns = await queryRows<{ path: string[]; inherited: boolean; virtual: boolean }>(session, COLUMNS);
  const constraints = await queryRows<{ path: string[] }>(session, CONSTRAINTS);
  const indexes = await queryRows<{ path: string[] }>(session, INDEXES);
  const parents = await queryRows<{ path: string[]; parents: Parent[] }>(session, PARENTS);
  return {
    columns: keysOf(columns.filter(({ inherited }) => inherited)),
    virtual: keysOf(columns.filter(({ virtual }) => virtual)),
    constraints: keysOf(constraints),
    indexes: keysOf(indexes),
    parents: new Map(parents.map(({ path, parents }) => [pathKey(path), parents])),
  };
}

function keysOf(rows: readonly { readonly path: readonly string[] }[]): ReadonlySet<string> {
  return new Set(rows.map(({ path }) => pathKey(path)));
}

const COLUMNS = `
  select array[n.nspname, c.relname, a.attname]::text[] as path, not a.attislocal as inherited, a.attgenerated = 'v' as virtual
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
   where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'f') and (not a.attislocal or a.attgenerated = 'v')`;

const CONSTRAINTS = `
  select array[n.nspname, c.relname, k.conname]::text[] as path
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
   where not k.conislocal`;

const INDEXES = `
  select array[n.nspname, c.relname]::text[] as path
    from pg_inherits i join pg_class c on c.oid = i.inhrelid and c.relkind in ('i', 'I')
    join pg_namespace n on n.oid = c.relnamespace`;

const PARENTS = `
  select array[n.nspname, c.relname]::text[] as path,
         json_agg(json_build_object('schema', pn.nspname, 'name', p.relname) order by i.inhseqno) as parents
    from pg_inherits i join pg_class c on c.oid = i.inhrelid and c.relkind in ('r', 'p', 'f')
    join pg_namespace n on n.oid = c.relnamespace
    join pg_class p on p.oid = i.inhparent join pg_namespace pn on pn.oid = p.relnamespace
   group by 1`;
