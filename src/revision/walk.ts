/** Counts steps along the graph, and stops where the way is not clear. */

import { MigError } from "../error.ts";
import type { AppliedIds } from "./applied.ts";
import type { RevisionGraph } from "./graph.ts";
import { notHere, titleOf } from "./name_lookup.ts";
import type { Revision, RevisionId } from "./revision.ts";
import type { Spec } from "./spec.ts";

/** Where a walk takes place. */
export interface Ground {
  readonly graph: RevisionGraph;
  readonly applied: AppliedIds;
  /** The branch that it must not leave; null for the whole graph. */
  readonly within: ReadonlySet<RevisionId> | null;
  /** What was typed, for errors. */
  readonly spec: Spec;
  /** For which command, so that what an error proposes does the same; null where a revision is only named. */
  readonly verb: Verb | null;
}

/** The commands that take specs and change the database, or what it says of itself. */
export type Verb = "up" | "down" | "goto" | "stamp";

/** A few specs as an error proposes them: as commands where the command is known. */
export function proposed(verb: Verb | null, specs: readonly string[]): string {
  return specs.slice(0, 5).map((spec) => verb === null ? spec : `\`mig ${verb} ${spec}\``).join(", ");
}

/** How far a walk came. */
interface Walk {
  readonly start: readonly Revision[];
  /** How many steps are done. */
  readonly done: number;
}

/**
 * Goes up from a revision, `null` being the base before the first ones.
 * @throws {MigError} `walk-too-far` or `walk-ambiguous`
 */
export function walkUp(ground: Ground, start: Revision | null): Revision | null {
  let at = start;
  for (let done = 0; done < ground.spec.steps; done++) {
    const choices = inside(ground, at === null ? ground.graph.bases : ground.graph.children(at.id));
    at = onlyChoice(ground, choices, listOf(at), { start: listOf(start), done });
  }
  return at;
}

/**
 * Goes down from a revision by its parents; `null` is the base, one step below a revision that has none.
 * @throws {MigError} `walk-too-far` or `walk-ambiguous`
 */
export function walkDown(ground: Ground, start: Revision | null): Revision | null {
  let at = start;
  for (let done = 0; done < -ground.spec.steps; done++) {
    const walk = { start: listOf(start), done };
    if (at === null) throw tooFar(ground, walk);
    const parents = at.parents.map((id) => ground.graph.get(id)!);
    at = parents.length === 0 ? null : onlyChoice(ground, inside(ground, parents), [at], walk);
  }
  return at;
}

/**
 * Goes up from where the database is. What was left out below comes first (a revision merged late, which something
 * applied needs); then the way leads from the last revisions that are applied. Unlike Alembic, which gives up once
 * there are several of those, it goes on for as long as only one revision can be next.
 * @throws {MigError} `walk-too-far` or `walk-ambiguous`
 */
export function walkUpFromDatabase(ground: Ground): RevisionId {
  const { graph, applied, spec } = ground;
  const skipped = inside(ground, graph.sort(graph.ancestors(applied.keys()))).filter(({ id }) =>
    !applied.has(id)
  );
  const start = tipsOf(ground);
  let tips = tipsOf({ ...ground, applied: new Set([...applied.keys(), ...skipped.map(({ id }) => id)]) });
  let at = skipped[spec.steps - 1];
  for (let done = skipped.length; done < spec.steps; done++) {
    const next = tips.length === 0 ? graph.bases : tips.flatMap(({ id }) => graph.children(id));
    const choices = [...new Set(inside(ground, next))].filter(({ id }) => !applied.has(id));
    const choice = onlyChoice(ground, choices, tips, { start, done });
    tips = [...tips.filter(({ id }) => !choice.parents.includes(id)), choice];
    at = choice;
  }
  return at!.id;
}

/**
 * Goes down from where the database is, which must be one revision.
 * @returns where the walk ends, and where it began
 * @throws {MigError} `walk-too-far`, `walk-ambiguous`, or `revision-not-here` when the database may be at a revision
 * that is not in the graph
 */
export function walkDownFromDatabase(
  ground: Ground,
): { readonly from: Revision; readonly to: Revision | null } {
  const { graph, applied, spec } = ground;
  for (const id of applied.keys()) if (!graph.has(id)) throw notHere(id, applied);
  const [from, ...others] = tipsOf(ground);
  if (from === undefined) throw tooFar(ground, { start: [], done: 0 });
  if (others.length > 0) {
    const tips = [from, ...others];
    throw new MigError(
      "walk-ambiguous",
      `cannot go "${spec.text}": the database is at ${tips.length} revisions, ${
        tips.map(titleOf).join(", ")
      }`,
      {
        hint: tips.map(({ id }) =>
          `name the one to go down from: ${proposed(ground.verb, [`${id}@${spec.steps}`])}`
        ),
        data: choicesOf(tips),
      },
    );
  }
  return { from, to: walkDown(ground, from) };
}

/** The last revisions that are applied, on the branch if there is one. */
export function tipsOf(ground: Ground): Revision[] {
  const { graph, applied, within } = ground;
  if (within === null) return graph.tips(applied);
  return graph.tips(new Set([...applied.keys()].filter((id) => within.has(id))), "parents");
}

function inside(ground: Ground, revisions: readonly Revision[]): readonly Revision[] {
  const { within } = ground;
  return within === null ? revisions : revisions.filter(({ id }) => within.has(id));
}

function onlyChoice(
  ground: Ground,
  choices: readonly Revision[],
  at: readonly Revision[],
  walk: Walk,
): Revision {
  if (choices.length === 1) return choices[0]!;
  if (choices.length === 0) throw tooFar(ground, walk);
  const way = ground.spec.steps > 0 ? "up" : "down";
  throw new MigError(
    "walk-ambiguous",
    `cannot go "${ground.spec.text}": ${choices.length} ways lead ${way} from ${placeNames(at)}, ` +
      `to ${choices.map(titleOf).join(" and ")}`,
    {
      hint: `name one: ${proposed(ground.verb, choices.map(({ id }) => id))}`,
      data: choicesOf(choices),
    },
  );
}

function tooFar(ground: Ground, { start, done }: Walk): MigError {
  const { spec, graph, verb } = ground;
  const side = spec.steps > 0 ? "above" : "below";
  const count = done === 0 ? "nothing is" : done === 1 ? "only 1 revision is" : `only ${done} revisions are`;
  const end = spec.steps < 0 ? "base" : graph.heads.length > 1 ? "heads" : "head";
  return new MigError("walk-too-far", `cannot go "${spec.text}": ${count} ${side} ${placeNames(start)}`, {
    hint: done === 0
      ? "`mig status` shows where the database is, `mig history` all revisions"
      : `${proposed(verb, [end])} goes as far as there is`,
    data: { available: done },
  });
}

function placeNames(revisions: readonly Revision[]): string {
  return revisions.length === 0 ? "the base" : revisions.map(titleOf).join(" and ");
}

function listOf(revision: Revision | null): readonly Revision[] {
  return revision === null ? [] : [revision];
}

function choicesOf(revisions: readonly Revision[]): Readonly<Record<string, unknown>> {
  return { choices: revisions.map(({ id }) => id) };
}
