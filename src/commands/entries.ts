/** Revisions with all that the folder and the database know of them, for the verbs that show many. */

import type { AppliedRevision } from "../revision/applied.ts";
import type { RevisionGraph } from "../revision/graph.ts";
import type { RevisionId } from "../revision/revision.ts";
import { currentOf, stateOf } from "./current.ts";
import type { HistoryEntry } from "./data.ts";

/**
 * The revisions of a graph, newest first.
 * @param graph the folder's revisions and those which only the database has
 * @param folder the folder's alone, whose heads are heads
 * @param rows the version table; none where no database was asked
 */
export function entriesOf(
  graph: RevisionGraph,
  folder: RevisionGraph,
  rows: readonly AppliedRevision[],
): HistoryEntry[] {
  const applied = new Map(rows.map((row) => [row.id, stateOf(folder, row).applied]));
  const current = idsOf(currentOf(folder, rows));
  const heads = idsOf(folder.heads);
  return graph.order.toReversed().map(({ id, message, parents, dependsOn, labels }) => ({
    id,
    message,
    parents,
    dependsOn,
    labels,
    path: folder.get(id)?.path ?? null,
    applied: applied.get(id) ?? null,
    head: heads.has(id),
    current: current.has(id),
  }));
}

function idsOf(revisions: readonly { readonly id: RevisionId }[]): ReadonlySet<RevisionId> {
  return new Set(revisions.map(({ id }) => id));
}
