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
    const old = from.get(fact.id);
    if (old === undefined) continue;
    for (const { attribute, what, of, users } of fixed(fact)) {
      const [before, after] = [old, fact].map(({ payload }) => payload[attribute]);
      if (JSON.stringify(before) === JSON.stringify(after) || !isFixed(attribute, before, after)) continue;
      const user = userOf(of, users, from, to);
      if (user === null) continue;
      const changed = set.get(keyOf(fact.id)) ?? fact;
      set.set(keyOf(fact.id), { ...changed, payload: { ...changed.payload, [attribute]: before! } });
      const { kind, name } = objectOf(user);
      cannot.push({
        object: objectOf(fact.id),
        reason: `PostgreSQL cannot change its ${what} from ${said(before)} to ${
          said(after)
        } while ${kind} ${name} has it`,
      });
    }
  }
  return { facts: set.size === 0 ? to : revise(to, { set }), cannot };
}

/** What cannot be changed of something while something else uses a type. */
interface Fixed {
  readonly attribute: string;
  readonly what: string;
  readonly of: StableId;
  readonly users: readonly StableId["kind"][];
}

function fixed({ id, payload }: Fact): Fixed[] {
  switch (id.kind) {
    case "typeAttribute":
      return [{
        attribute: "type",
        what: "type",
        of: { kind: "type", schema: id.schema, name: id.type },
        users: ["column"],
      }];
    case "domain":
      return [["baseType", "type"], ["collation", "collation"]]
        .map(([attribute, what]) => ({ attribute: attribute!, what: what!, of: id, users: ["column"] }));
    case "type":
      return payload["variant"] === "enum"
        // Columns are taken to the new type by way of their text; what else has it is not.
        ? [{ attribute: "values", what: "values", of: id, users: ["type", "domain"] }]
        : [
          ["subtype", "subtype"],
          ["subtypeOpclass", "operator class"],
          ["subtypeDiff", "function for differences"],
          ["collation", "collation"],
          ["multirangeTypeName", "multirange type"],
        ].map(([attribute, what]) => ({ attribute: attribute!, what: what!, of: id, users: ["column"] }));
    default:
      return [];
  }
}

/** Values can be added to an enum; they cannot be removed, nor change places. */
function isFixed(attribute: string, before: unknown, after: unknown): boolean {
  if (attribute !== "values") return true;
  const [old, wanted] = [before as string[], after as string[]];
  let at = 0;
  for (const value of wanted) if (value === old[at]) at++;
  return at < old.length;
}

/** Something that is there before and after, and uses a type. */
function userOf(type: StableId, kinds: readonly string[], from: FactBase, to: FactBase): StableId | null {
  const key = keyOf(type);
  return to.incomingEdges(type)
    .find((edge) => kinds.includes(edge.from.kind) && keyOf(edge.from) !== key && from.has(edge.from))
    ?.from ?? null;
}

function said(value: unknown): string {
  return Array.isArray(value)
    ? value.join(", ")
    : value === null || value === undefined
    ? "none"
    : String(value);
}
