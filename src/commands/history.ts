/** `mig history`: the chain, newest first. */

import { survey } from "../engine/survey.ts";
import { appliedIds } from "../engine/decide.ts";
import type { AppliedRevision } from "../revision/applied.ts";
import type { RevisionGraph } from "../revision/graph.ts";
import type { Command } from "./command.ts";
import { currentOf, stateOf } from "./current.ts";
import type { HistoryData, HistoryEntry } from "./data.ts";

export const history: Command<HistoryData> = {
  spec: {
    name: "history",
    operands: "",
    arity: [0, 0],
    about: [
      "Lists every revision, newest first: which are applied, when and by whom, where the database is, and where the \
head. Revisions which the database has and this folder lacks are listed too.",
    ],
    flags: [],
    examples: [{ command: "mig history", does: "the whole chain" }],
  },
  async run(_input, app) {
    const { graph } = await app.openChain();
    const { database, applied } = await survey(await app.openDatabase(), app.table);
    return { kind: "history", database, revisions: entriesOf(graph, applied).reverse() };
  },
};

/** Oldest first: the folder's in their order, then those which only the database has. */
function entriesOf(graph: RevisionGraph, rows: readonly AppliedRevision[]): HistoryEntry[] {
  const applied = appliedIds(rows);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const current = new Set(currentOf(graph, rows).map(({ id }) => id));
  const heads = new Set(graph.heads.map(({ id }) => id));
  const here = graph.order.map(({ id, message, parents, path }): HistoryEntry => {
    const row = byId.get(id);
    return {
      id,
      message,
      parents,
      path,
      applied: row === undefined ? null : stateOf(graph, row).applied,
      head: heads.has(id),
      current: current.has(id),
    };
  });
  const elsewhere = [...applied.values()].filter(({ id }) => !graph.has(id)).map((row): HistoryEntry => ({
    ...stateOf(graph, row),
    head: false,
    current: current.has(row.id),
  }));
  return [...here, ...elsewhere];
}
