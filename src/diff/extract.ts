/** Reads a catalog from a session: what the library knows of, and what it does not. */

import { extract } from "@supabase/pg-delta/extract";
import type { FactBase } from "@supabase/pg-delta/core";
import { QueryError, type Session } from "../engine/database.ts";
import type { ExtractOptions, Rename } from "../engine/difference.ts";
import { MigError } from "../error.ts";
import type { StoredCatalog, UnmodelledObject, UnmodelledProperty } from "./catalog.ts";
import { keyOf, revise } from "./facts.ts";
import { readInherited } from "./inherited.ts";
import { poolOver, queryRows } from "./pool.ts";
import { renameStatement } from "./rename.ts";
import { CASTS } from "./unmodelled/casts.ts";
import { COLUMN_PROPERTIES } from "./unmodelled/column_properties.ts";
import { LANGUAGES } from "./unmodelled/languages.ts";
import { OPERATOR_CLASSES, OPERATORS } from "./unmodelled/operators.ts";
import { STATISTICS_OBJECTS } from "./unmodelled/statistics.ts";
import { TABLE_PROPERTIES } from "./unmodelled/table_properties.ts";
import { TEXT_SEARCH, TEXT_SEARCH_MAPPINGS } from "./unmodelled/text_search.ts";

/** Reads a catalog. */
export async function extractCatalog(session: Session, options: ExtractOptions = {}): Promise<StoredCatalog> {
  const { renames = [] } = options;
  await session.run(`begin isolation level repeatable read${renames.length === 0 ? " read only" : ""}`);
  try {
    for (const rename of renames) await makeRename(session, rename);
    // Whatever is not built in is written with its schema.
    await session.run("set local search_path to pg_catalog");
    return (options.without ?? []).reduce(without, await read(session, options));
  } finally {
    await session.run("rollback");
  }
}

async function makeRename(session: Session, rename: Rename): Promise<void> {
  try {
    await session.run(renameStatement(rename));
  } catch (error) {
    if (!(error instanceof QueryError) || error.report === null) throw error;
    const { kind, from, to } = rename;
    throw new MigError("usage", `cannot rename ${kind} ${from} to ${to}: ${error.message}`, {
      server: error.report,
      cause: error,
      hint: "the old name comes first, as it is in the schema from which the SQL leads",
    });
  }
}

async function read(
  session: Session,
  { renames = [], versionNumber = session.server.versionNumber }: ExtractOptions,
): Promise<StoredCatalog> {
  // A password that is left out would be a difference, or be lost; who prints SQL has to hide it.
  const { factBase, diagnostics } = await extract(
    poolOver(session) as unknown as Parameters<typeof extract>[0],
    {
      redactSecrets: false,
    },
  );
  const inherited = await readInherited(session);
  const comments = await queryRows<{ name: string; comment: string }>(session, EXTENSION_COMMENTS);
  const objects: UnmodelledObject[] = [];
  const kinds = new Set(diagnostics.map(({ context }) => context?.["kind"]));
  for (const { of, sql } of OBJECTS) {
    if (of.some((kind) => kinds.has(kind))) objects.push(...await queryRows<UnmodelledObject>(session, sql));
  }
  const properties: UnmodelledProperty[] = [];
  for (const sql of [COLUMN_PROPERTIES, TABLE_PROPERTIES]) {
    properties.push(...await queryRows<UnmodelledProperty>(session, sql));
  }
  const owner = mostFrequentOwner(factBase) ?? session.server.user;
  return {
    versionNumber,
    roles: rolesOf(factBase, owner),
    renames,
    invalidIndexes: (await queryRows<{ name: string }>(session, INVALID_INDEXES)).map(({ name }) => name),
    facts: factBase,
    objects,
    properties,
    inherited,
    extensionComments: new Map(comments.map(({ name, comment }) => [name, comment])),
    owner,
  };
}

const EXTENSION_COMMENTS = `
  select a.name, a.comment from pg_available_extensions a join pg_extension e on e.extname = a.name where a.comment is not null`;

/** A catalog without a table. */
function without(
  catalog: StoredCatalog,
  { schema, name }: NonNullable<ExtractOptions["without"]>[number],
): StoredCatalog {
  const isOther = (path: readonly string[] | null) => path?.[0] !== schema || path[1] !== name;
  return {
    ...catalog,
    facts: revise(catalog.facts, { without: new Set([keyOf({ kind: "table", schema, name })]) }),
    properties: catalog.properties.filter(({ path }) => isOther(path)),
    objects: catalog.objects.filter(({ part_of }) => isOther(part_of)),
  };
}

/** The kinds of which the library says no more than that there are some, in the order in which they need each other. */
const OBJECTS: readonly { readonly of: readonly string[]; readonly sql: string }[] = [
  { of: ["language"], sql: LANGUAGES },
  { of: ["operator"], sql: OPERATORS },
  { of: ["operator class", "operator family"], sql: OPERATOR_CLASSES },
  { of: ["cast", "transform"], sql: CASTS },
  {
    of: ["template", "parser", "dictionary", "configuration"].map((what) => `text search ${what}`),
    sql: TEXT_SEARCH,
  },
  { of: ["text search configuration"], sql: TEXT_SEARCH_MAPPINGS },
  { of: ["statistics object"], sql: STATISTICS_OBJECTS },
];

/** One of a partitioned table is not valid as long as a partition lacks its part, which is told by the parts. */
const INVALID_INDEXES = `
  select format('%I.%I', n.nspname, c.relname) as name
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
   where not i.indisvalid and c.relkind = 'i' and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
   order by 1`;

function mostFrequentOwner(facts: FactBase): string | null {
  const counts = new Map<string, number>();
  for (const { kind, to } of facts.edges) {
    if (kind === "owner" && to.kind === "role") counts.set(to.name, (counts.get(to.name) ?? 0) + 1);
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0] ?? null;
}

/** Predefined roles are everywhere, and so is the owner. */
function rolesOf(facts: FactBase, owner: string): readonly string[] {
  const names = new Set<string>();
  for (const { kind, to } of facts.edges) {
    if (kind === "owner" && to.kind === "role") names.add(to.name);
  }
  for (const { id, payload } of facts.facts()) {
    if ("grantee" in id) names.add(id.grantee);
    if (id.kind === "defaultPrivilege" || id.kind === "userMapping") names.add(id.role);
    if (id.kind === "policy") { for (const role of payload["roles"] as string[]) names.add(role); }
  }
  return [...names].filter((name) => name !== owner && name !== "PUBLIC" && !name.startsWith("pg_")).sort();
}
