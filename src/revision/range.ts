/** Ranges of revisions, as `mig history a:b` takes them: a spec on either side, both ends included. */

import { MigError } from "../error.ts";
import type { AppliedIds } from "./applied.ts";
import type { RevisionGraph } from "./graph.ts";
import { fromGitRange } from "./git_range.ts";
import { lookUp, titleOf } from "./name_lookup.ts";
import { resolve } from "./resolve.ts";
import type { RevisionId } from "./revision.ts";
import { parseSpec, type Spec } from "./spec.ts";

/** A parsed range; an end that was left out is null: the base below, all heads above. */
export interface Range {
  /** As it was typed, for errors. */
  readonly text: string;
  readonly from: Spec | null;
  readonly to: Spec | null;
}

/**
 * Takes a range apart: `a:b`, `a:`, `:b` or `:`.
 * @throws {MigError} `usage` when it has no form that a range can have
 */
export function parseRange(text: string): Range {
  const [from, to, ...more] = text.split(":").map((end) => end.trim());
  if (to === undefined || more.length > 0) {
    const meant = fromGitRange(text);
    throw new MigError(
      "usage",
      `cannot read "${text}" as a range: it has ${to === undefined ? "no" : "several"} ":"`,
      {
        hint: meant !== null
          ? `write it as \`${meant}\`: both ends are in it`
          : to === undefined
          ? [`\`:${text}\` is what leads to it, \`${text}:\` what comes after it, \`a:b\` what lies between`]
          : "a range is `a:b`, `a:` or `:b`",
      },
    );
  }
  return { text, from: from === "" ? null : parseSpec(from!), to: to === "" ? null : parseSpec(to) };
}

/** Whether a range can only be told once it is known what is applied. */
export function rangeNeedsDatabase({ from, to }: Range): boolean {
  const stepsUp = (spec: Spec) => spec.anchor.kind === "database" && spec.steps > 0;
  const stepsDown = (spec: Spec) => spec.anchor.kind === "database" && spec.steps < 0;
  const counted = (spec: Spec | null) => spec?.anchor.kind === "database" || spec?.anchor.kind === "current";
  return (counted(from) && !stepsDown(from!)) || (counted(to) && !stepsUp(to!));
}

/**
 * The revisions of a range: everything that its upper end needs, as far as it comes after its lower end. As in Alembic,
 * `-3` below is counted from the upper end and `+3` above from the lower one, and neither minds that there are fewer.
 * Unlike Alembic, which refuses to count through a merge or a fork, all ways are followed.
 * @param graph the folder's revisions, and where they matter those which only the database has
 * @param applied what the database has, for `current`
 * @param folder the graph of which `head` and `heads` speak
 * @throws {MigError} as `resolve()`, and `usage` where the lower end does not lead to the upper one
 */
export function resolveRange(
  range: Range,
  graph: RevisionGraph,
  applied: AppliedIds,
  folder: RevisionGraph = graph,
): ReadonlySet<RevisionId> {
  const { from, to } = range;
  const meaning = (spec: Spec) =>
    resolve(spec, spec.anchor.kind.startsWith("head") ? folder : graph, applied).ids;
  if (to !== null && to.anchor.kind === "database" && to.steps > 0) {
    const lower = from === null ? null : lowerEnd(meaning(from));
    return between(range, graph, lower, [...within(stepsUp(graph, lower, to.steps), to, graph, applied)]);
  }
  const upper = upperEnd(to === null ? graph.heads.map(({ id }) => id) : meaning(to), from, graph, applied);
  if (from !== null && from.anchor.kind === "database" && from.steps < 0) {
    return within(stepsDown(graph, upper, -from.steps), from, graph, applied);
  }
  return between(range, graph, from === null ? null : lowerEnd(meaning(from)), upper);
}

/** No ids are the base. */
function lowerEnd(ids: readonly RevisionId[]): readonly RevisionId[] | null {
  return ids.length === 0 ? null : ids;
}

/** Of several revisions, such as all heads, those on the branch of the lower end are meant if it names one, as in Alembic. */
function upperEnd(
  ids: readonly RevisionId[],
  from: Spec | null,
  graph: RevisionGraph,
  applied: AppliedIds,
): readonly RevisionId[] {
  const onBranch = from === null ? [] : [...within(new Set(ids), from, graph, applied)];
  return onBranch.length === 0 ? ids : onBranch;
}

function between(
  range: Range,
  graph: RevisionGraph,
  lower: readonly RevisionId[] | null,
  upper: readonly RevisionId[],
): ReadonlySet<RevisionId> {
  const needed = graph.ancestors(upper);
  if (lower === null) return needed;
  const stray = lower.filter((id) => !needed.has(id));
  if (stray.length > 0) throw notBefore(range, graph, stray, upper);
  const following = graph.descendants(lower, "parents");
  // What only depends on the lower end is on another branch, and the way there is of interest only where nothing else is.
  const after = upper.some((id) => following.has(id)) ? following : graph.descendants(lower);
  return new Set([...needed].filter((id) => after.has(id)));
}

/** Everything within so many steps above; the bases are one step above null, the base. */
function stepsUp(
  graph: RevisionGraph,
  lower: readonly RevisionId[] | null,
  steps: number,
): ReadonlySet<RevisionId> {
  const next = (ids: readonly RevisionId[]) =>
    ids.flatMap((id) => graph.children(id).map((child) => child.id));
  return lower === null
    ? spread(graph.bases.map(({ id }) => id), steps - 1, next)
    : spread(lower, steps, next);
}

function stepsDown(
  graph: RevisionGraph,
  upper: readonly RevisionId[],
  steps: number,
): ReadonlySet<RevisionId> {
  return spread(upper, steps, (ids) => ids.flatMap((id) => graph.get(id)!.parents));
}

function spread(
  start: readonly RevisionId[],
  steps: number,
  next: (ids: readonly RevisionId[]) => readonly RevisionId[],
): ReadonlySet<RevisionId> {
  const reached = new Set(start);
  let edge: readonly RevisionId[] = start;
  for (let done = 0; done < steps && edge.length > 0; done++) {
    edge = [...new Set(next(edge))].filter((id) => !reached.has(id));
    for (const id of edge) reached.add(id);
  }
  return reached;
}

/** Those that are on the branch of a spec, where it has one. */
function within(
  ids: ReadonlySet<RevisionId>,
  { branch }: Spec,
  graph: RevisionGraph,
  applied: AppliedIds,
): ReadonlySet<RevisionId> {
  if (branch === null) return ids;
  const lineage = graph.lineage(lookUp(branch, graph, applied).id);
  return new Set([...ids].filter((id) => lineage.has(id)));
}

function notBefore(
  { text, from, to }: Range,
  graph: RevisionGraph,
  lower: readonly RevisionId[],
  upper: readonly RevisionId[],
): MigError {
  const names = (ids: readonly RevisionId[]) =>
    ids.length === 0 ? "the base" : ids.map((id) => titleOf(graph.get(id)!)).join(", ");
  const after = graph.descendants(upper);
  const turned = upper.length > 0 && lower.every((id) => after.has(id));
  return new MigError(
    "usage",
    `the range "${text}" is empty: ${names(lower)} does not lead to ${names(upper)}`,
    {
      hint: turned
        ? `the older end comes first: \`${to?.text ?? ""}:${from?.text ?? ""}\``
        : "`mig history` draws which revision leads where",
    },
  );
}
