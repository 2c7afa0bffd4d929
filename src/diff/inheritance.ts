/** Tables that get other parents: by statements that keep their rows, where the library would drop and make them anew. */

import type { Fact, FactBase } from "@supabase/pg-delta/core";
import type { Unexpressed } from "../engine/difference.ts";
import { writeName } from "../sql/identifier.ts";
import { type Parent, pathKey, type StoredCatalog } from "./catalog.ts";
import type { Draft } from "./draft.ts";
import { keyOf, revise, withPayload } from "./facts.ts";
import { objectOf, pathOf } from "./object_name.ts";

/** The first facts as if the tables had their new parents already, and the statements that make it so. */
export function moveTables(
  from: StoredCatalog,
  to: StoredCatalog,
  fromFacts: FactBase,
  toFacts: FactBase,
): {
  readonly facts: FactBase;
  readonly before: readonly Draft[];
  readonly after: readonly Draft[];
  readonly cannot: readonly Unexpressed[];
} {
  const cannot: Unexpressed[] = [];
  const before: Draft[] = [];
  const after: Draft[] = [];
  const set = new Map<string, Fact>();
  const without = new Set<string>();
  const add: Fact[] = [];
  for (const target of toFacts.facts()) {
    if (target.id.kind !== "table") continue;
    const source = fromFacts.get(target.id);
    if (source === undefined) continue;
    const key = pathKey(pathOf(target.id));
    const [old, wanted] = [from.inherited.parents.get(key) ?? [], to.inherited.parents.get(key) ?? []];
    const same = ["parentTable", "partitionBound"].every((name) =>
      JSON.stringify(source.payload[name]) === JSON.stringify(target.payload[name])
    );
    if (same && JSON.stringify(old) === JSON.stringify(wanted)) continue;
    const { parentTable, partitionBound } = target.payload;
    set.set(keyOf(source.id), withPayload(source, { parentTable, partitionBound }));
    const left = leave(source, old, wanted);
    const joined = join(target, old, wanted, source.payload["partitionBound"]);
    before.push(...left);
    after.push(...joined);
    const columns = [...to.inherited.columns].filter((path) => isColumnOf(path, target));
    if (partitionBound == null && columns.length > 0) {
      cannot.push({
        object: objectOf(target.id),
        reason:
          "PostgreSQL has no statement by which columns that a table has become those of its parents alone",
      });
    }
    for (const part of parts(fromFacts, source)) {
      // What it will have by inheritance need not be dropped.
      if (isInherited(to, part)) without.add(keyOf(part.id));
    }
    for (const part of parts(toFacts, target)) {
      // What it had by inheritance becomes its own.
      if (isInherited(from, part) && fromFacts.get(part.id) === undefined) {
        add.push(part, ...descendants(toFacts, part));
      }
    }
  }
  return {
    facts: set.size === 0 ? fromFacts : revise(fromFacts, { set, without, add }),
    before,
    after,
    cannot,
  };
}

/** `INHERITS (a)`, of which the library knows the first alone, with all. */
export function withAllParents(sql: string, parents: readonly Parent[]): string {
  if (parents.length < 2) return sql;
  return sql.replace(
    / INHERITS \([^)]*\)/,
    () => ` INHERITS (${parents.map(({ schema, name }) => writeName(schema, name)).join(", ")})`,
  );
}

function leave(table: Fact, old: readonly Parent[], wanted: readonly Parent[]): Draft[] {
  const isPartition = table.payload["partitionBound"] != null;
  const name = objectOf(table.id).name;
  const gone = isPartition ? old : old.filter((parent) => !wanted.some((other) => isSame(parent, other)));
  return gone.map((parent) => {
    const of = writeName(parent.schema, parent.name);
    return alter(
      table,
      isPartition ? `alter table ${of} detach partition ${name}` : `alter table ${name} no inherit ${of}`,
    );
  });
}

function join(table: Fact, old: readonly Parent[], wanted: readonly Parent[], oldBound: unknown): Draft[] {
  const bound = table.payload["partitionBound"];
  const name = objectOf(table.id).name;
  const fresh = bound != null || oldBound != null
    ? wanted
    : wanted.filter((parent) => !old.some((other) => isSame(parent, other)));
  return fresh.map((parent) => {
    const of = writeName(parent.schema, parent.name);
    return alter(
      table,
      bound == null
        ? `alter table ${name} inherit ${of}`
        : `alter table ${of} attach partition ${name} ${bound}`,
    );
  });
}

function alter(table: Fact, sql: string): Draft {
  return {
    sql,
    verb: "alter",
    object: objectOf(table.id),
    loss: null,
    refusal: null,
    outsideTransaction: false,
    produces: [],
  };
}

/** Whether a path is one of a column of a table. */
function isColumnOf(path: string, { id }: Fact): boolean {
  return pathKey((JSON.parse(path) as string[]).slice(0, 2)) === pathKey(pathOf(id));
}

function isSame(a: Parent, b: Parent): boolean {
  return a.schema === b.schema && a.name === b.name;
}

function parts(facts: FactBase, table: Fact): Fact[] {
  return facts.childrenOf(table.id).filter(({ id }) => ["column", "constraint", "index"].includes(id.kind));
}

function isInherited({ inherited }: StoredCatalog, { id }: Fact): boolean {
  const { columns, constraints, indexes } = inherited;
  return (id.kind === "column" ? columns : id.kind === "index" ? indexes : constraints).has(
    pathKey(pathOf(id)),
  );
}

function descendants(facts: FactBase, fact: Fact): Fact[] {
  return facts.childrenOf(fact.id).flatMap((child) => [child, ...descendants(facts, child)]);
}
