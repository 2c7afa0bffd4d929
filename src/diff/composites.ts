/** Composite types that columns have: PostgreSQL does not change the type of their attributes. */

import type { Fact, FactBase, StableId } from "@supabase/pg-delta/core";
import type { Unexpressed } from "../engine/difference.ts";
import { keyOf, revise } from "./facts.ts";
import { objectOf } from "./object_name.ts";

/** The second facts with such attributes as they are in the first, and what was set aside. */
export function setAsideComposites(
  from: FactBase,
  to: FactBase,
): { readonly facts: FactBase; readonly cannot: readonly Unexpressed[] } {
  const set = new Map<string, Fact>();
  const cannot: Unexpressed[] = [];
  for (const fact of to.facts()) {
    const { id } = fact;
    if (id.kind !== "typeAttribute") continue;
    const old = from.get(id);
    if (old === undefined || old.payload["type"] === fact.payload["type"]) continue;
    const column = columnOf({ kind: "type", schema: id.schema, name: id.type }, to);
    if (column === null) continue;
    set.set(keyOf(id), old);
    cannot.push({
      object: objectOf(id),
      reason: `PostgreSQL cannot change its type from ${old.payload["type"]} to ${fact.payload["type"]} while column ${
        objectOf(column).name
      } has that composite type`,
    });
  }
  return { facts: set.size === 0 ? to : revise(to, { set }), cannot };
}

function columnOf(type: StableId, facts: FactBase): StableId | null {
  return facts.incomingEdges(type).find(({ from }) => from.kind === "column")?.from ?? null;
}
