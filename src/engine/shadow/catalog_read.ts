/** Reads rows of the system catalogs. */

import type { Session } from "../database.ts";
import type { CatalogQuery } from "./catalog_queries.ts";
import { type CatalogRow, parseRows, rowText } from "./catalog_rows.ts";

/** Reads rows of catalogs, each by a condition. */
export async function readRows(
  session: Session,
  wanted: readonly { readonly query: CatalogQuery; readonly where: string }[],
): Promise<Map<string, Map<string, CatalogRow>>> {
  if (wanted.length === 0) return new Map();
  const selects = wanted.map(({ query: { catalog, from, shown, line, owners }, where }) => {
    const hash = shown === null ? "''" : `case when ${shown} then pg_catalog.md5(${line}) end`;
    return `select '${catalog}' as catalog, pg_catalog.string_agg(${
      rowText(owners ?? [], hash)
    }, E'\\n') as rows
      from ${from} and (${where})`;
  });
  const { rows } = await session.send(selects.join("\nunion all\n"));
  return new Map(rows.map(({ catalog, rows }) => [catalog!, parseRows(rows!)]));
}
