/** Branches that clash: a revision is replayed after some that it does not follow. */

import type { Revision, RevisionId } from "../../revision/revision.ts";

/** A revision, as far as it says what it follows. */
export type Placed = Pick<Revision, "id" | "parents" | "dependsOn">;

/**
 * The last ones of the branches that were replayed before a revision and that it does not follow.
 * @param replayed all that were, in their order, and the revision itself
 */
export function otherBranches(id: RevisionId, replayed: readonly Placed[]): readonly RevisionId[] {
  const places = new Map(replayed.map((place) => [place.id, place]));
  const before = replayed.slice(0, replayed.findIndex((place) => place.id === id));
  const followed = new Set<RevisionId>();
  const follow = (id: RevisionId): void => {
    if (followed.has(id)) return;
    followed.add(id);
    linksOf(places.get(id)).forEach(follow);
  };
  follow(id);
  const others = before.filter(({ id }) => !followed.has(id));
  const inner = new Set(others.flatMap(linksOf));
  return others.map(({ id }) => id).filter((id) => !inner.has(id));
}

function linksOf(place: Placed | undefined): readonly RevisionId[] {
  return place === undefined ? [] : [...place.parents, ...place.dependsOn];
}

/** What to do where a revision cannot be applied after the branches that it does not follow. */
export function clashHints(id: RevisionId, others: readonly RevisionId[]): string[] {
  const [were, whole] = others.length === 1 ? ["was", "the two"] : ["were", "they"];
  const names = others.slice(0, 5).join(", ");
  return [
    `${id} does not follow ${names}, which ${were} replayed before it: if ${whole} clash, mend one of them while it is not \
applied anywhere`,
    "as long as nothing joins them, `mig merge` tries them in both orders",
  ];
}
