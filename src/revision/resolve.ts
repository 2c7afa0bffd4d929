/** What a spec means, in a graph and for a database. */

import { MigError } from "../error.ts";
import type { AppliedIds } from "./applied.ts";
import type { RevisionGraph } from "./graph.ts";
import { headsHints } from "./heads_hints.ts";
import { lookUp, notHere, titleOf } from "./name_lookup.ts";
import { placeOf } from "./place.ts";
import type { Revision, RevisionId } from "./revision.ts";
import type { Spec } from "./spec.ts";
import {
  type Ground,
  proposed,
  tipsOf,
  type Verb,
  walkDown,
  walkDownFromDatabase,
  walkUp,
  walkUpFromDatabase,
} from "./walk.ts";

/** What a spec stands for. */
export interface Selection {
  /** The revisions meant; none is the base, before the first revision. */
  readonly ids: readonly RevisionId[];
  /** The branch that the spec was limited to: a way down leaves what is beside it alone. Null for the whole graph. */
  readonly branch: ReadonlySet<RevisionId> | null;
}

/**
 * Finds what a spec means.
 * @param spec what was typed, parsed
 * @param applied what the database has: `current`, `+1` and `-1` are counted from there
 * @param verb the command that it is for, so that errors propose the same one
 * @throws {MigError} `revision-unknown`, `revision-ambiguous`, `revision-not-here`, `heads-multiple`, `walk-too-far`,
 * `walk-ambiguous`
 */
export function resolve(
  spec: Spec,
  graph: RevisionGraph,
  applied: AppliedIds,
  verb: Verb | null = null,
): Selection {
  const branchName = spec.branch;
  const within = branchName === null ? null : graph.lineage(lookUp(branchName, graph, applied).id);
  const ground: Ground = { graph, applied, within, spec, verb };
  const { anchor, steps } = spec;
  if (anchor.kind === "name" && (graph.has(anchor.whole) || applied.has(anchor.whole))) {
    return { ids: [memberOf(ground, lookUp(anchor.whole, graph, applied)).id], branch: within };
  }
  if (steps === 0) return { ids: anchored(ground), branch: within };
  if (anchor.kind === "database" || anchor.kind === "current") {
    if (steps > 0) return { ids: [walkUpFromDatabase(ground)], branch: within };
    const { from, to } = walkDownFromDatabase(ground);
    return { ids: idsOf(to), branch: within ?? graph.lineage(from.id) };
  }
  const start = startOf(ground);
  return { ids: idsOf(steps > 0 ? walkUp(ground, start) : walkDown(ground, start)), branch: within };
}

/**
 * The targets of `mig up`: what every spec means, together.
 * @throws {MigError} as `resolve()`, and `usage` for a spec that leads down
 */
export function resolveUp(
  specs: readonly Spec[],
  graph: RevisionGraph,
  applied: AppliedIds,
): readonly RevisionId[] {
  const wrong = specs.find((spec) => isRelative(spec) && spec.steps < 0);
  if (wrong !== undefined) throw wrongWay(wrong, "down");
  return [...new Set(specs.flatMap((spec) => resolve(spec, graph, applied, "up").ids))];
}

/**
 * The target of `mig down`.
 * @throws {MigError} as `resolve()`, and `usage` for a spec that leads up
 */
export function resolveDown(spec: Spec, graph: RevisionGraph, applied: AppliedIds): Selection {
  if (isRelative(spec) && spec.steps > 0) throw wrongWay(spec, "up");
  return resolve(spec, graph, applied, "down");
}

/** The revisions that a spec without steps stands for. */
function anchored(ground: Ground): readonly RevisionId[] {
  const { graph, applied, within, spec: { anchor } } = ground;
  switch (anchor.kind) {
    case "base":
      return [];
    case "head":
      return onlyHead(ground);
    case "heads":
      return headsOf(ground).map(({ id }) => id);
    case "name":
      return [memberOf(ground, lookUp(anchor.name, graph, applied, within)).id];
    case "current":
    case "database":
      for (const id of applied.keys()) if (!graph.has(id)) throw notHere(id, applied);
      return tipsOf(ground).map(({ id }) => id);
  }
}

/** Where a walk begins that was not counted from the database: one revision, or `null` for the base. */
function startOf(ground: Ground): Revision | null {
  const { graph, applied, within, spec: { anchor } } = ground;
  if (anchor.kind === "base") return null;
  if (anchor.kind === "name") return memberOf(ground, lookUp(anchor.name, graph, applied, within));
  const [head] = onlyHead(ground);
  return head === undefined ? null : graph.get(head)!;
}

function headsOf({ graph, within }: Ground): readonly Revision[] {
  return within === null ? graph.heads : graph.heads.filter(({ id }) => within.has(id));
}

/** The one head; none where there are no revisions at all. */
function onlyHead(ground: Ground): readonly RevisionId[] {
  const heads = headsOf(ground);
  if (heads.length < 2) return heads.map(({ id }) => id);
  const ids = heads.map(({ id }) => id);
  throw new MigError(
    "heads-multiple",
    `cannot tell which revision "${ground.spec.text}" means: ${heads.length} heads exist, ${
      heads.map(titleOf).join(", ")
    }`,
    {
      locations: heads.map((head) => placeOf(head, "id", head.id, head.message)),
      hint: [
        ...headsHints(ground.graph, heads, ground.applied),
        `or name one: ${proposed(ground.verb, ids)}`,
        `or take them all: ${proposed(ground.verb, ["heads"])}`,
      ],
      data: { heads: ids },
    },
  );
}

function memberOf(ground: Ground, revision: Revision): Revision {
  if (ground.within === null || ground.within.has(revision.id)) return revision;
  const { spec } = ground;
  throw new MigError(
    "revision-unknown",
    `the revision "${revision.id}" is not on the branch "${spec.branch}"`,
    {
      hint: `\`mig history\` shows the branches; without "${spec.branch}@" the revision is found anywhere`,
    },
  );
}

function isRelative({ anchor }: Spec): boolean {
  return anchor.kind === "database" || anchor.kind === "current";
}

function wrongWay(spec: Spec, way: "up" | "down"): MigError {
  const other = way === "up" ? "down" : "up";
  return new MigError("usage", `cannot go ${other} by "${spec.text}": it leads ${way}`, {
    hint: `run \`mig ${way} ${spec.text}\``,
  });
}

function idsOf(revision: Revision | null): readonly RevisionId[] {
  return revision === null ? [] : [revision.id];
}
