/** Which revisions `mig redo` undoes: the last one and those below it, as far as there is one way down. */

import { MigError } from "../error.ts";
import type { AppliedIds } from "./applied.ts";
import type { RevisionGraph } from "./graph.ts";
import { titleOf } from "./name_lookup.ts";
import { planDowngrade, type Step } from "./plan.ts";
import type { Revision } from "./revision.ts";

/**
 * The way down of `mig redo`: as many revisions, counted by their parents from where the database is, and whatever depends on
 * them. A merge is one of them like any other; below it there are several ways, and none is chosen.
 * @param count from 1
 * @throws {MigError} `walk-ambiguous`, `walk-too-far`, and as `planDowngrade()`
 */
export function planRedo(graph: RevisionGraph, applied: AppliedIds, count: number): readonly Step[] {
  const [last, ...others] = graph.tips(applied);
  if (last === undefined) throw tooMany([], count);
  if (others.length > 0) throw severalLast([last, ...others]);
  const way = [last];
  while (way.length < count) {
    const parents = way.at(-1)!.parents.map((id) => graph.get(id)!);
    if (parents.length === 0) throw tooMany(way, count);
    if (parents.length > 1) throw severalWays(way, count, parents);
    way.push(parents[0]!);
  }
  const lowest = way.at(-1)!;
  return planDowngrade(graph, applied, {
    ids: lowest.parents,
    // What else follows its parents stays.
    branch: graph.descendants([lowest.id]),
  });
}

/** @param way those that can be redone, the last one first */
function tooMany(way: readonly Revision[], count: number): MigError {
  const [last] = way;
  if (last === undefined) {
    return new MigError("walk-too-far", "no revision is applied, so there is nothing to redo", {
      hint: "`mig up` applies what is pending",
    });
  }
  return new MigError(
    "walk-too-far",
    `cannot redo ${count} revisions: ${way.length} ${way.length === 1 ? "leads" : "lead"} to ${
      titleOf(last)
    }`,
    { hint: `${redoOf(way)} takes ${way.length === 1 ? "it" : "them all"}`, data: { available: way.length } },
  );
}

function severalLast(tips: readonly Revision[]): MigError {
  return new MigError(
    "walk-ambiguous",
    `cannot tell which revision to redo: the database is at ${tips.length} revisions, ${
      tips.map(titleOf).join(", ")
    }`,
    {
      hint: tips.slice(0, 5).map(({ id }, at) =>
        `${at === 0 ? "" : "or "}undo one and apply it again: \`mig down ${id}@-1\`, then \`mig up ${id}\``
      ),
      data: { choices: tips.map(({ id }) => id) },
    },
  );
}

/** @param way ends with the merge */
function severalWays(way: readonly Revision[], count: number, parents: readonly Revision[]): MigError {
  const last = way[0]!;
  return new MigError(
    "walk-ambiguous",
    `cannot redo ${count} revisions: ${titleOf(way.at(-1)!)} joins ${
      parents.map(titleOf).join(" and ")
    }, and either could be the next`,
    {
      hint: [
        way.length === 1
          ? `${redoOf(way)} takes ${last.id} alone`
          : `${redoOf(way)} goes as far as there is one way`,
        ...parents.slice(0, 5).map(({ id }) =>
          `or undo all that ${id} does not need, and apply it again: \`mig goto ${id}\`, then \`mig up ${last.id}\``
        ),
      ],
      data: { choices: parents.map(({ id }) => id), available: way.length },
    },
  );
}

function redoOf({ length }: readonly Revision[]): string {
  return length === 1 ? "`mig redo`" : `\`mig redo ${length}\``;
}
