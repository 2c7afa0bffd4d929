/** The ways out where there is more than one head. */

import type { AppliedIds } from "./applied.ts";
import type { RevisionGraph } from "./graph.ts";
import type { Revision, RevisionId } from "./revision.ts";

/**
 * What can be done about several heads: the command that joins them, and the one that lets a branch follow another.
 * @param heads all of the graph's, or those of one of its branches
 * @param applied what the database has, as far as it is known: a branch that is applied stays where it is
 */
export function headsHints(
  graph: RevisionGraph,
  heads: readonly Revision[],
  applied: AppliedIds,
): readonly string[] {
  const names = heads.length === graph.heads.length ? "" : ` ${heads.map(({ id }) => id).join(" ")}`;
  const move = heads.length === 2 ? movableBranch(graph, [heads[0]!, heads[1]!], applied) : null;
  return [
    `run \`mig merge${names}\` to join them`,
    move === null
      ? "or let a branch that is not applied yet follow another: `mig rebase <revision> --onto <revision>`"
      : `or, as long as ${move.revision.id} is not applied anywhere, let it follow the other: \`mig rebase ${move.revision.id} --onto ${move.onto.id}\``,
  ];
}

/** The first revision of the branch that can follow the other head; of two that can, the younger one. */
function movableBranch(
  graph: RevisionGraph,
  [a, b]: readonly [Revision, Revision],
  applied: AppliedIds,
): { readonly revision: Revision; readonly onto: Revision } | null {
  const ways = [[a, b], [b, a]] as const;
  const found = ways.flatMap(([onto, head]) => {
    const revision = firstBeside(graph, head, onto.id);
    return revision === null || applied.has(revision.id) || graph.isAncestor(revision.id, onto.id)
      ? []
      : [{ revision, onto }];
  });
  // The names of folders begin with their time.
  return found.sort((a, b) => nameOf(a.revision) < nameOf(b.revision) ? 1 : -1)[0] ?? null;
}

/** Where the branch of a head leaves what leads to the other; null where that is not one revision, or they never met. */
function firstBeside(graph: RevisionGraph, head: Revision, other: RevisionId): Revision | null {
  const shared = graph.ancestors([other], "parents");
  let at = head;
  for (;;) {
    if (at.parents.length !== 1) return null;
    const parent = at.parents[0]!;
    if (shared.has(parent)) return at;
    at = graph.get(parent)!;
  }
}

function nameOf({ path }: Revision): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
