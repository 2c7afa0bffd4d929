/** Which branches a revision is on, by the labels that its branch carries. */

import type { RevisionGraph } from "./graph.ts";
import type { Revision, RevisionId } from "./revision.ts";

/**
 * The labels of each revision's branch, sorted, as Alembic's `branch_labels` come to be: a label belongs to the revision
 * that carries it, to all that follow it, and to those before it back to where the branch began, which is a base, a
 * revision that others follow too, or a merge. Revisions of unnamed branches are left out.
 */
export function branchLabels(graph: RevisionGraph): ReadonlyMap<RevisionId, readonly string[]> {
  const found = new Map<RevisionId, Set<string>>();
  for (const [label, carrier] of graph.labels) {
    for (const id of [...graph.descendants([carrier.id], "parents"), ...backToStart(carrier, graph)]) {
      const labels = found.get(id) ?? new Set();
      found.set(id, labels.add(label));
    }
  }
  return new Map([...found].map(([id, labels]) => [id, [...labels].sort()]));
}

function backToStart(carrier: Revision, graph: RevisionGraph): RevisionId[] {
  const ids: RevisionId[] = [];
  let at = carrier;
  while (at.parents.length === 1) {
    at = graph.get(at.parents[0]!)!;
    if (graph.children(at.id).length > 1 || at.parents.length > 1) break;
    ids.push(at.id);
  }
  return ids;
}
