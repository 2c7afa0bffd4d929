/**
 * Tables that go together: each before the tables to which it refers, so that its foreign keys go with it. The library drops every
 * foreign key by itself first, which only tables that refer to each other in a circle need.
 */

import type { Action } from "@supabase/pg-delta/plan";
import type { FactBase, StableId } from "@supabase/pg-delta/core";
import { pathKey } from "./catalog.ts";
import { pathOf } from "./object_name.ts";

/** A foreign key of a table that is dropped: the two tables, by their paths as keys. */
interface Reference {
  readonly action: Action;
  readonly from: string;
  readonly to: string | null;
}

/** The actions of a plan with no more drops of foreign keys than are needed. */
export function tableDrops(actions: readonly Action[], facts: FactBase): Action[] {
  const drops = new Map(actions.flatMap((action) => {
    const table = droppedTable(action);
    return table === null ? [] : [[table, action] as const];
  }));
  const references = actions.flatMap((action) => referenceOf(action, facts, drops));
  if (references.length === 0) return [...actions];
  const parents = [...drops].flatMap(([table, { destroys }]) =>
    facts.outgoingEdges(destroys[0]!).filter(({ to }) => to.kind === "table")
      .map(({ to }) => ({ from: table, to: pathKey(pathOf(to)) }))
  );
  const order = sorted([...drops.keys()], [...references, ...parents]);
  const isNeeded = ({ from, to }: Reference) => to !== null && order.indexOf(to) < order.indexOf(from);
  const needless = new Set(
    references.filter((reference) => !isNeeded(reference)).map(({ action }) => action),
  );
  return placed(actions.filter((action) => !needless.has(action)), order, drops, [...references, ...parents]);
}

function droppedTable({ verb, destroys: [id] }: Action): string | null {
  return verb === "drop" && id?.kind === "table" ? pathKey(pathOf(id)) : null;
}

function referenceOf(action: Action, facts: FactBase, drops: ReadonlyMap<string, Action>): Reference[] {
  const [id] = action.destroys;
  if (action.verb !== "drop" || id?.kind !== "constraint" || facts.get(id)?.payload["type"] !== "f") {
    return [];
  }
  const from = pathKey([id.schema, id.table]);
  const to = facts.outgoingEdges(id).map(({ to }) => tableOf(to)).find((table) =>
    table !== null && table !== from
  );
  // What stays, and is referred to, does not mind.
  return drops.has(from) ? [{ action, from, to: to !== undefined && drops.has(to!) ? to! : null }] : [];
}

function tableOf(id: StableId): string | null {
  if ("table" in id) return pathKey([id.schema, id.table]);
  return id.kind === "table" ? pathKey(pathOf(id)) : null;
}

type Pair = Pick<Reference, "from" | "to">;

/** Each table before those to which it refers, as far as that is possible, and otherwise as they were. */
function sorted(tables: readonly string[], pairs: readonly Pair[]): string[] {
  const order: string[] = [];
  for (let left = [...tables]; left.length > 0;) {
    const next = left.find((table) =>
      !pairs.some(({ from, to }) =>
        to === table && from !== table && left.includes(from)
      )
    ) ??
      left[0]!;
    order.push(next);
    left = left.filter((table) => table !== next);
  }
  return order;
}

/** Tables wait for those that refer to them; everything else stays where it is. */
function placed(
  actions: readonly Action[],
  order: readonly string[],
  drops: ReadonlyMap<string, Action>,
  pairs: readonly Pair[],
): Action[] {
  const result: Action[] = [];
  const gone = new Set<string>();
  let waiting: string[] = [];
  const place = (table: string) => order.indexOf(table);
  const isReady = (table: string) =>
    pairs.every(({ from, to }) => to !== table || gone.has(from) || place(from) >= place(table));
  for (const action of actions) {
    const table = droppedTable(action);
    if (table === null) {
      result.push(action);
      continue;
    }
    waiting.push(table);
    for (let next; (next = waiting.find(isReady)) !== undefined;) {
      result.push(drops.get(next)!);
      gone.add(next);
      waiting = waiting.filter((other) => other !== next);
    }
  }
  return result;
}
