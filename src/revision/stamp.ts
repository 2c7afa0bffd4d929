/** Decides which rows the version table gets and loses when somebody records a state without running anything. */

import type { AppliedRevision } from "./applied.ts";
import type { RevisionGraph } from "./graph.ts";
import type { Selection } from "./resolve.ts";
import type { Revision, RevisionId } from "./revision.ts";

/** What becomes of the version table's rows. */
export interface StampPlan {
  /** Rows that are deleted, newest first. */
  readonly forget: readonly AppliedRevision[];
  /** Rows of interrupted revisions that are written anew, as whole. */
  readonly finish: readonly Revision[];
  /** Revisions that get a row, in the graph's order. */
  readonly record: readonly Revision[];
}

/**
 * The way to the targets on paper (Alembic's `stamp`): what `mig up` would apply is recorded, what `mig down` would undo is
 * forgotten, and what stands beside the targets stays. The base forgets everything.
 * @param rows the version table, oldest first
 * @param targets what each spec means, see `resolve()`
 * @param purge forget every row first, so that exactly what leads to the targets is left
 */
export function planStamp(
  graph: RevisionGraph,
  rows: readonly AppliedRevision[],
  targets: readonly Selection[],
  purge: boolean,
): StampPlan {
  const wanted = graph.ancestors(targets.flatMap(({ ids }) => ids));
  const newestFirst = [...rows].reverse();
  if (purge) return { forget: newestFirst, finish: [], record: graph.sort(wanted) };
  const beyond = graph.descendants(targets.flatMap((target) => rootsBeyond(graph, target)));
  const byId = new Map(rows.map((row) => [row.id, row]));
  const wantedInOrder = graph.sort(wanted);
  return {
    forget: newestFirst.filter(({ id }) => beyond.has(id) && !wanted.has(id)),
    finish: wantedInOrder.filter(({ id }) => byId.get(id)?.unfinished != null),
    record: wantedInOrder.filter(({ id }) => !byId.has(id)),
  };
}

/** The first revisions behind a target; on its branch alone where it was limited to one, as `planDowngrade()` has it. */
function rootsBeyond(graph: RevisionGraph, { ids, branch }: Selection): RevisionId[] {
  const next = ids.length === 0 ? graph.bases : ids.flatMap((id) => graph.children(id));
  return next.map(({ id }) => id).filter((id) => branch?.has(id) ?? true);
}
