/** Whether branches fit together: each order in which they can be applied has to lead to the same schema. */

import { MigError } from "../../error.ts";
import type { RevisionGraph } from "../../revision/graph.ts";
import type { Revision, RevisionId } from "../../revision/revision.ts";
import type { DumpDifference } from "./dump_text.ts";
import type { Shadow } from "./shadow.ts";
import { differencesSince } from "./states.ts";

/** What came out. */
export type MergeProof =
  /** Both orders lead to the same schema. */
  | { readonly kind: "equal" }
  /** They do not: what the first order leads to is `before`. */
  | { readonly kind: "differs"; readonly differences: readonly DumpDifference[] }
  /** One order does not work, or neither does, and each branch works by itself. */
  | {
    readonly kind: "order";
    readonly error: MigError;
    readonly other: "works" | "fails";
    readonly first: RevisionId;
    readonly then: RevisionId;
  }
  /** One of them cannot be replayed, not even by itself. */
  | { readonly kind: "unproven"; readonly error: MigError };

/** Replays the branches in the order of `heads`, and in the opposite one. */
export async function proveMerge(
  shadow: Shadow,
  graph: RevisionGraph,
  heads: readonly RevisionId[],
): Promise<MergeProof> {
  const backwards = heads.toReversed();
  const first = await attempt(shadow, orderOf(graph, heads));
  if (first instanceof MigError) {
    const other = await attempt(shadow, orderOf(graph, backwards));
    if (other === null) return orderFailure(first, heads, "works");
    for (const head of heads) {
      const alone = await attempt(shadow, graph.sort(graph.ancestors([head])));
      if (alone !== null) return { kind: "unproven", error: alone };
    }
    return orderFailure(first, heads, "fails");
  }
  const fingerprint = await shadow.fingerprint();
  const second = await attempt(shadow, orderOf(graph, backwards));
  if (second instanceof MigError) return orderFailure(second, backwards, "works");
  const differences = await differencesSince(shadow, fingerprint, () => shadow.at(orderOf(graph, heads)));
  return differences.length === 0 ? { kind: "equal" } : { kind: "differs", differences };
}

function orderFailure(error: MigError, heads: readonly RevisionId[], other: "works" | "fails"): MergeProof {
  return { kind: "order", error, other, first: heads[0]!, then: heads.at(-1)! };
}

/** What the branches have in common comes first, then each branch as a whole. */
function orderOf(graph: RevisionGraph, heads: readonly RevisionId[]): Revision[] {
  const reach = heads.map((id) => graph.ancestors([id]));
  const common = graph.sort(reach[0]!).filter(({ id }) => reach.every((ids) => ids.has(id)));
  const order = new Map(common.map((revision) => [revision.id, revision]));
  for (const ids of reach) for (const revision of graph.sort(ids)) order.set(revision.id, revision);
  return [...order.values()];
}

async function attempt(shadow: Shadow, revisions: readonly Revision[]): Promise<MigError | null> {
  try {
    await shadow.at(revisions);
    return null;
  } catch (error) {
    if (!(error instanceof MigError) || error.code === "interrupted") throw error;
    return error;
  }
}
