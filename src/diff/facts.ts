/**
 * The library's facts, as they have to be for its plan to be right: what it leaves out or gets wrong is said here in ways that
 * it understands.
 */

import { buildFactBase, type Fact, type FactBase, type StableId } from "@supabase/pg-delta/core";
import type { StoredCatalog } from "./catalog.ts";
import { pathKey } from "./catalog.ts";
import { pathOf } from "./object_name.ts";

/** Ends the expression of a virtual column, where the library will write STORED. */
export const VIRTUAL = "/*virtual*/";

/**
 * The facts of one catalog, for a comparison with another.
 *
 * @param owner who owns what nobody has given to anybody else; the same for both sides
 */
export function prepareFacts(catalog: StoredCatalog, other: StoredCatalog, owner: string): FactBase {
  const { facts, inherited } = catalog;
  const [owners, others] = [catalog, other].map(ownersOf);
  const oldest = Math.min(catalog.versionNumber, other.versionNumber);
  const notNulls = facts.facts().filter(isDomainNotNull);
  const named = new Set(notNulls.filter((fact) => oldest >= 170_000 && !hasDefaultName(fact)));
  const domains = new Set([...named].map(({ parent }) => keyOf(parent!)));
  const prepared = facts.facts()
    .filter((fact) => !isOwnersRight(fact, owners!) && (!isDomainNotNull(fact) || named.has(fact)))
    .map((fact) => {
      const { payload } = fact;
      switch (fact.id.kind) {
        case "acl":
          return withPayload(fact, { privileges: knownRights(fact, oldest) });
        case "column": {
          const virtual = inherited.virtual.has(pathKey(pathOf(fact.id)));
          return withPayload(fact, {
            // A change of collation is one of type: the library would drop the column and make it anew.
            type: [payload["type"], payload["collation"]].filter(Boolean).join(" collate "),
            collation: null,
            generatedExpr: virtual ? `${payload["generatedExpr"]}${VIRTUAL}` : payload["generatedExpr"],
          });
        }
        case "collation":
          return payload["provider"] === "i" && payload["locale"] === null ? icuOf14(fact) : fact;
        case "domain":
          return domains.has(keyOf(fact.id)) ? withPayload(fact, { notNull: false }) : fact;
        case "default":
          return withPayload(fact, { expr: plainDefault(String(payload["expr"]), facts.get(fact.parent!)) });
        case "index":
          // So PostgreSQL writes each index of a partitioned table; without ONLY, the partitions get theirs.
          return withPayload(fact, {
            def: String(payload["def"]).replace(/^(CREATE (?:UNIQUE )?INDEX .*? ON) ONLY /, "$1 "),
          });
        default:
          return fact;
      }
    });
  const edges = facts.edges.flatMap((edge) => {
    if (edge.kind !== "owner" || edge.to.kind !== "role" || edge.to.name !== catalog.owner) return [edge];
    const counterpart = others!.get(keyOf(edge.from));
    // An owner that is the usual one on both sides need not be named.
    return counterpart === undefined || counterpart === other.owner
      ? []
      : [{ ...edge, to: { ...edge.to, name: owner } }];
  });
  return buildFactBase(prepared, edges, facts.source, facts.referenceOnly, { allowDangling: () => true });
}

/** The same facts with some left out, changed or added; what is part of something left out is left out too. */
export function revise(
  facts: FactBase,
  change: {
    readonly without?: ReadonlySet<string>;
    readonly set?: ReadonlyMap<string, Fact>;
    readonly add?: Fact[];
  },
): FactBase {
  const gone = new Set<string>();
  const isGone = (id: StableId): boolean => {
    const key = keyOf(id);
    if (gone.has(key)) return true;
    const parent = facts.get(id)?.parent;
    if (!change.without?.has(key) && (parent === undefined || !isGone(parent))) return false;
    gone.add(key);
    return true;
  };
  const kept = facts.facts().filter(({ id }) => !isGone(id)).map((fact) =>
    change.set?.get(keyOf(fact.id)) ?? fact
  );
  return buildFactBase([...kept, ...change.add ?? []], [...facts.edges], facts.source, facts.referenceOnly, {
    allowDangling: () => true,
  });
}

/** An id as the key of a map. */
export function keyOf(id: StableId): string {
  return JSON.stringify(id);
}

/** A fact with another payload. */
export function withPayload(fact: Fact, payload: Fact["payload"]): Fact {
  return { ...fact, payload: { ...fact.payload, ...payload } };
}

function ownersOf({ facts }: StoredCatalog): ReadonlyMap<string, string> {
  return new Map(
    facts.edges.flatMap(({ kind, from, to }) =>
      kind === "owner" && to.kind === "role" ? [[keyOf(from), to.name]] : []
    ),
  );
}

/**
 * NOT NULL of a domain, which is a constraint with a name since PostgreSQL 17: the library would write it twice. It is a property of the
 * domain unless somebody has chosen its name.
 */
function isDomainNotNull({ parent, payload }: Fact): boolean {
  return parent?.kind === "domain" && payload["type"] === "n";
}

function hasDefaultName({ id, parent }: Fact): boolean {
  return id.kind === "constraint" && parent?.kind === "domain" &&
    /^_not_null\d*$/.test(id.name.slice(parent.name.length)) && id.name.startsWith(parent.name);
}

/** PostgreSQL 14 has the locale of ICU where it has that of the system. */
function icuOf14(fact: Fact): Fact {
  return withPayload(fact, { locale: fact.payload["lcCollate"], lcCollate: null, lcCtype: null });
}

/** The rights that both versions know; and until PostgreSQL 14 everybody could create in the schema public. */
function knownRights({ id, payload }: Fact, version: number): string[] {
  const isPublic = id.kind === "acl" && id.target.kind === "schema" && id.target.name === "public" &&
    id.grantee === "PUBLIC";
  return (payload["privileges"] as string[]).filter((right) =>
    !(right === "MAINTAIN" && version < 170_000) && !(isPublic && right === "CREATE" && version < 150_000)
  );
}

/** What an owner may do by being the owner; `pg_database_owner` has the schema public since PostgreSQL 15. */
function isOwnersRight({ id, payload }: Fact, owners: ReadonlyMap<string, string>): boolean {
  return id.kind === "acl" && [owners.get(keyOf(id.target)), "pg_database_owner"].includes(id.grantee) &&
    JSON.stringify(payload["privileges"]) === JSON.stringify(payload["_ownerDefault"]);
}

/** `'x'::text` for a column of type text is `'x'`, as a person would write it. */
function plainDefault(expression: string, column: Fact | undefined): string {
  const [, literal, type] = /^('(?:[^']|'')*')::(.+)$/.exec(expression) ?? [];
  const columnType = String(column?.payload["type"]).replace(/\([\d,]+\)/, "");
  return literal !== undefined && type === columnType ? literal : expression;
}
