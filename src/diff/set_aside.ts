/** Changes for which PostgreSQL has no statement. They are told, and the rest is planned without them. */

import type { Fact, FactBase, StableId } from "@supabase/pg-delta/core";
import type { Unexpressed } from "../engine/difference.ts";
import { keyOf, revise } from "./facts.ts";
import { objectOf } from "./object_name.ts";

/** The second facts with what cannot be changed as it is in the first, and what was set aside. */
export function setAside(
  from: FactBase,
  to: FactBase,
): { readonly facts: FactBase; readonly cannot: readonly Unexpressed[] } {
  const set = new Map<string, Fact>();
  const cannot: Unexpressed[] = [];
  for (const fact of to.facts()) {
    const type = typeOf(fact);
    const old = from.get(fact.id);
    if (type === null || old === undefined) continue;
    const [before, after] = [old, fact].map(({ payload }) => payload[type.attribute]);
    const column = before === after ? null : columnOf(type.id, to);
    if (column === null) continue;
    set.set(keyOf(fact.id), { ...fact, payload: { ...fact.payload, [type.attribute]: before } });
    cannot.push({
      object: objectOf(fact.id),
      reason: `PostgreSQL cannot change its type from ${before} to ${after} while column ${
        objectOf(column).name
      } has it`,
    });
  }
  return { facts: set.size === 0 ? to : revise(to, { set }), cannot };
}

/** The type of which something is a part that cannot be changed while the type is in use. */
function typeOf({ id }: Fact): { readonly id: StableId; readonly attribute: string } | null {
  switch (id.kind) {
    case "typeAttribute":
      return { id: { kind: "type", schema: id.schema, name: id.type }, attribute: "type" };
    case "domain":
      return { id, attribute: "baseType" };
    default:
      return null;
  }
}

function columnOf(type: StableId, facts: FactBase): StableId | null {
  return facts.incomingEdges(type).find(({ from }) => from.kind === "column")?.from ?? null;
}
