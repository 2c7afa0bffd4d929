/** Decides which steps lead a database from what it has applied to what somebody wants. Runs nothing. */

import { MigError } from "../error.ts";
import type { AppliedIds } from "./applied.ts";
import type { RevisionGraph } from "./graph.ts";
import { notHere, titleOf } from "./name_lookup.ts";
import type { Selection } from "./resolve.ts";
import type { Direction, Revision, RevisionId } from "./revision.ts";
import { isStored } from "./stored.ts";

/** One revision to run, and which of its files. */
export interface Step {
  readonly direction: Direction;
  readonly revision: Revision;
  /** Of a way down to a revision: what has it go. Left out where nothing else does, as on the way to the base. */
  readonly because?: Because;
}

/** Why a revision goes with another one: it follows that one, or is on another branch and only depends on it. */
export interface Because {
  readonly edge: "parent" | "depends_on";
  readonly id: RevisionId;
}

/**
 * The way up: the targets and everything that they need, without what is applied, in the graph's order. A revision
 * that was merged late, older than what is applied, takes its place in that order; none is skipped.
 * @param targets ids of the graph, see `resolveUp()`; none is the base, to which nothing leads up
 */
export function planUpgrade(
  graph: RevisionGraph,
  applied: AppliedIds,
  targets: Iterable<RevisionId>,
): readonly Step[] {
  return graph.sort(graph.ancestors(targets)).filter(({ id }) => !applied.has(id)).map((revision) => ({
    direction: "up",
    revision,
  }));
}

/**
 * The way down (Alembic's `downgrade`): the target stays, and what is applied and follows it goes, with all that needs
 * it, last first. Where the target was limited to a branch, other branches stay. The base takes everything.
 * @throws {MigError} `revision-not-applied` when the target is not applied, `irreversible` with every revision of the
 * plan that has no down.sql, `revision-not-here` when one that is not in the graph would have to go
 */
export function planDowngrade(graph: RevisionGraph, applied: AppliedIds, target: Selection): readonly Step[] {
  const missing = target.ids.filter((id) => !applied.has(id));
  if (missing.length > 0) throw notApplied(missing.map((id) => graph.get(id)!));
  const next = target.ids.length === 0 ? graph.bases : target.ids.flatMap((id) => graph.children(id));
  const kept = graph.ancestors(target.ids);
  const roots = next.map(({ id }) => id).filter((id) => !kept.has(id) && (target.branch?.has(id) ?? true));
  const going = graph.descendants(roots);
  refuseStrangers(graph, applied, target.ids.length === 0 ? null : new Set([...going, ...target.ids]));
  const following = graph.descendants(roots, "parents");
  const because = ({ id, parents, dependsOn }: Revision): Because | undefined => {
    const parent = parents.find((parent) => going.has(parent)) ??
      parents.find((parent) => target.ids.includes(parent));
    if (following.has(id) || parents.some((parent) => going.has(parent))) {
      return parent === undefined ? undefined : { edge: "parent", id: parent };
    }
    return { edge: "depends_on", id: dependsOn.find((need) => going.has(need))! };
  };
  return stepsDown(graph, applied, going).map((step) => ({ ...step, because: because(step.revision) }));
}

/**
 * The way from wherever the database is to the targets, over branches: first down with what the targets do not need,
 * then up.
 * @throws {MigError} `irreversible` or `revision-not-here`
 */
export function planGoto(
  graph: RevisionGraph,
  applied: AppliedIds,
  targets: Iterable<RevisionId>,
): readonly Step[] {
  const ids = [...targets];
  const wanted = graph.ancestors(ids);
  refuseStrangers(graph, applied, null);
  const going = new Set([...applied.keys()].filter((id) => !wanted.has(id)));
  return [...stepsDown(graph, applied, going), ...planUpgrade(graph, applied, ids)];
}

function stepsDown(
  graph: RevisionGraph,
  applied: AppliedIds,
  going: ReadonlySet<RevisionId>,
): readonly Step[] {
  const revisions = graph.sort(going).filter(({ id }) => applied.has(id)).reverse();
  const irreversible = revisions.filter((revision) => !revision.reversible);
  if (irreversible.length > 0) throw noWayDown(irreversible, applied);
  return revisions.map((revision) => ({ direction: "down", revision }));
}

/**
 * A revision that is applied but not in the graph cannot be taken down, and may stand on one that can.
 * @param touched what goes or is left as the last; null for everything
 */
function refuseStrangers(
  graph: RevisionGraph,
  applied: AppliedIds,
  touched: ReadonlySet<RevisionId> | null,
): void {
  const standsOnTouched = (id: RevisionId): boolean => {
    if (touched === null) return true;
    const seen = new Set<RevisionId>();
    const waiting = [id];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (touched.has(at)) return true;
      if (graph.has(at) || seen.has(at)) continue;
      seen.add(at);
      const parents = applied.get?.(at)?.parents;
      // Without its row nobody knows where it stands.
      if (parents === undefined) return true;
      waiting.push(...parents);
    }
    return false;
  };
  for (const id of applied.keys()) if (!graph.has(id) && standsOnTouched(id)) throw notHere(id, applied);
}

function notApplied(missing: readonly Revision[]): MigError {
  const names = missing.map(titleOf).join(", ");
  return new MigError("revision-not-applied", `cannot go down to ${names}: it is not applied`, {
    hint: ["`mig status` shows where the database is", `\`mig up ${missing[0]!.id}\` leads there from below`],
    data: { revisions: missing.map(({ id }) => id) },
  });
}

function noWayDown(revisions: readonly Revision[], applied: AppliedIds): MigError {
  const kept = revisions.filter((revision) =>
    !isStored(revision) && applied.get?.(revision.id)?.reversible === true
  );
  const names = revisions.map(titleOf).join(", ");
  const message = revisions.length === 1
    ? `cannot go down: ${names} is irreversible, it has no down.sql`
    : `cannot go down: ${revisions.length} revisions are irreversible, they have no down.sql: ${names}`;
  return new MigError("irreversible", message, {
    hint: [
      ...kept.map(({ id }) => `\`mig restore ${id}\` writes the down.sql that it was applied with`),
      `${kept.length === 0 ? "" : "or "}write the down.sql that undoes its up.sql; nothing was run`,
      ...revisions.filter(isStored).map(({ id }) =>
        `its folder is not here; \`mig restore ${id}\` writes it`
      ),
    ],
    locations: revisions.filter((revision) => !isStored(revision)).map((revision) => ({
      path: `${revision.path}/down.sql`,
      note: revision.message,
    })),
    data: { revisions: revisions.map(({ id }) => id) },
  });
}
