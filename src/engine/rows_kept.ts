/** Whether the rows of a database have survived. */

import { quoteIdentifier, quoteLiteral } from "../sql/quote.ts";
import type { Session } from "./database.ts";
import type { DifferenceStatement } from "./difference.ts";

/** The rows of a database, by what keeps its identity when it is renamed. */
export interface Rows {
  readonly tables: ReadonlyMap<string, TableRows>;
}

interface TableRows {
  /** As it is written: `public.users`. */
  readonly name: string;
  readonly count: number;
  readonly columns: ReadonlyMap<string, ColumnValues>;
}

interface ColumnValues {
  readonly name: string;
  readonly type: string;
  /** Its type, or that of its elements. */
  readonly composite: string;
  readonly count: number;
  readonly hash: string;
}

/** Values that are gone or changed. */
export interface LostRows {
  /** `public.users`, or `public.users.email`. */
  readonly object: string;
  readonly what: "rows" | "values";
}

/** Counts the rows of all tables, and takes a hash over the values of each column. */
export async function readRows(session: Session): Promise<Rows> {
  const { rows: columns } = await session.send(COLUMNS);
  const tables = new Map<string, { name: string; count: number; columns: Map<string, ColumnValues> }>();
  if (columns.length === 0) return { tables };
  const { rows } = await session.send(
    columns.map(({ schema, relation, oid, attname, attnum }) => {
      const [table, column] = [`${quoteIdentifier(schema!)}.${quoteIdentifier(relation!)}`, attname!];
      const value = `${quoteIdentifier(column)}::text`;
      return `select ${quoteLiteral(oid!)} as oid, ${
        quoteLiteral(attnum!)
      } as attnum, count(*) as all, count(${value}) as count,
        md5(string_agg(${value}, ',' order by ${value})) as hash from only ${table}`;
    }).join(" union all "),
  );
  const values = new Map(rows.map((row) => [`${row.oid} ${row.attnum}`, row]));
  for (const { oid, attnum, name, column_name, type, composite } of columns) {
    const { all, count, hash } = values.get(`${oid} ${attnum}`)!;
    const table = tables.get(oid!) ?? { name: name!, count: Number(all), columns: new Map() };
    tables.set(oid!, table);
    table.columns.set(attnum!, {
      name: column_name!,
      type: type!,
      composite: composite!,
      count: Number(count),
      hash: hash ?? "",
    });
  }
  return { tables };
}

/** What is not there any more, and of which no statement has said that it may be lost. */
export function lostRows(before: Rows, after: Rows, statements: readonly DifferenceStatement[]): LostRows[] {
  const announced = new Set(
    statements.filter(({ loss }) => loss !== null)
      .map(({ object }) => object.kind === "attribute" ? object.whole : object.name),
  );
  const lost: LostRows[] = [];
  for (const [oid, table] of before.tables) {
    if (table.count === 0 || announced.has(table.name)) continue;
    const now = after.tables.get(oid);
    if (now === undefined || now.count !== table.count) {
      lost.push({ object: table.name, what: "rows" });
      continue;
    }
    for (const [attnum, column] of table.columns) {
      const kept = now.columns.get(attnum);
      const name = `${table.name}.${column.name}`;
      // A table may have been renamed before, and what is lost of a composite type is lost of all that have it.
      const names = [name, `${now.name}.${column.name}`, `${now.name}.${kept?.name}`, column.composite];
      if (column.count === 0 || names.some((name) => announced.has(name))) continue;
      // With another type the same value may have another text.
      const isKept = kept?.type === column.type ? kept.hash === column.hash : kept?.count === column.count;
      if (!isKept) lost.push({ object: name, what: "values" });
    }
  }
  return lost;
}

/** Computed columns are as good as what they are computed from. */
const COLUMNS = `
  select c.oid, n.nspname as schema, c.relname as relation, a.attname, a.attnum,
         quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name, quote_ident(a.attname) as column_name,
         format_type(a.atttypid, a.atttypmod) as type,
         (select quote_ident(tn.nspname) || '.' || quote_ident(t.typname)
            from pg_catalog.pg_type whole
            join pg_catalog.pg_type t on t.oid = coalesce(nullif(whole.typelem, 0), whole.oid)
            join pg_catalog.pg_namespace tn on tn.oid = t.typnamespace where whole.oid = a.atttypid) as composite
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
   where c.relkind = 'r' and c.oid >= 16384 and a.attgenerated = '' and n.nspname !~ '^pg_(toast|temp)'
     and not exists (
       select from pg_catalog.pg_depend d
        where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
   order by c.oid, a.attnum`;
