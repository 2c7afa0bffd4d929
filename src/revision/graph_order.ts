/** Puts revisions into an order in which each comes after everything that it needs. */

import { MigError } from "../error.ts";
import { placeOf } from "./place.ts";
import type { Revision, RevisionId } from "./revision.ts";

/**
 * A depth-first order: each revision after its parents and what it depends on, a branch in one piece.
 * @param heads where to start, in the order that decides between equals
 * @param all every revision in that order; those which no head leads to stand on a cycle or behind one
 * @throws {MigError} `graph-cycle`, with the place of every reference on the cycle
 */
export function topologicalOrder(
  heads: readonly Revision[],
  all: readonly Revision[],
  byId: ReadonlyMap<RevisionId, Revision>,
): readonly Revision[] {
  const order: Revision[] = [];
  const state = new Map<RevisionId, "open" | "done">();
  // A stack of our own: a chain of 20,000 revisions is deeper than the call stack.
  const stack: { readonly revision: Revision; readonly needs: readonly RevisionId[]; next: number }[] = [];

  const enter = (revision: Revision) => {
    if (state.get(revision.id) === "done") return;
    if (state.get(revision.id) === "open") {
      const start = stack.findIndex((frame) => frame.revision === revision);
      throw cycleError(stack.slice(start).map((frame) => frame.revision));
    }
    state.set(revision.id, "open");
    stack.push({ revision, needs: sortedNeeds(revision), next: 0 });
  };

  for (const start of [...heads, ...all]) {
    enter(start);
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      const need = frame.needs[frame.next++];
      if (need !== undefined) {
        enter(byId.get(need)!);
      } else {
        state.set(frame.revision.id, "done");
        order.push(frame.revision);
        stack.pop();
      }
    }
  }
  return order;
}

function sortedNeeds(revision: Revision): readonly RevisionId[] {
  const { parents, dependsOn } = revision;
  return parents.length + dependsOn.length < 2
    ? [...parents, ...dependsOn]
    : [...parents, ...dependsOn].sort();
}

/** @param cycle each revision needs the one after it, and the last needs the first */
function cycleError(cycle: readonly Revision[]): MigError {
  const ids = cycle.map((revision) => revision.id);
  const shown = ids.length > 6 ? [...ids.slice(0, 3), "…", ...ids.slice(-2)] : ids;
  const message = ids.length === 1
    ? `the revision "${ids[0]}" follows itself`
    : `the revisions follow each other in a circle: ${[...shown, ids[0]].join(" → ")}`;
  return new MigError("graph-cycle", message, {
    locations: cycle.map((revision, i) => {
      const needed = ids[(i + 1) % ids.length]!;
      const [key, verb] = revision.parents.includes(needed)
        ? ["parent", "follows"]
        : ["depends_on", "depends on"];
      return placeOf(revision, key!, needed, `"${revision.id}" ${verb} "${needed}"`);
    }),
    hint: [
      "correct `parent` or `depends_on` in one of these files: the oldest of them follows something older, or null",
      '`git log -p -- "*meta.json"` shows what they followed before',
    ],
    data: { cycle: ids },
  });
}
