/** What the verbs that move a database decide once they know what is applied. */

import { MigError } from "../error.ts";
import type { AppliedPlace, AppliedRevision } from "../revision/applied.ts";
import { editedHints, MANY_NOT_HERE, manyNotHereHints, notHereHints } from "../revision/drift_hints.ts";
import { notHere } from "../revision/name_lookup.ts";
import { planDowngrade, planGoto, planUpgrade, type Step } from "../revision/plan.ts";
import { planRedo } from "../revision/redo.ts";
import { resolve, resolveDown, resolveUp } from "../revision/resolve.ts";
import type { RevisionGraph } from "../revision/graph.ts";
import type { RevisionId } from "../revision/revision.ts";
import { several } from "../revision/several.ts";
import { graphWithStored, isStored } from "../revision/stored.ts";
import type { Spec } from "../revision/spec.ts";
import type { Chain } from "./chain.ts";
import type { Decide } from "./migrator.ts";
import { findingsOf } from "./survey.ts";

/**
 * Leads up to the specs.
 *
 * The decision throws `revision-edited` when an applied revision's up.sql is not the one that ran, `revision-not-here` when
 * the database has a revision that the folder lacks: what would be built on it is not known.
 */
export function decideUp(chain: Chain, specs: readonly Spec[]): Decide {
  return (rows) => {
    const applied = appliedIds(rows);
    const targets = resolveUp(specs, chain.graph, applied);
    const plan = planUpgrade(chain.graph, applied, targets);
    if (plan.length > 0) refuseDrift(chain, rows);
    return plan;
  };
}

/** Leads down to the spec. Revisions whose folder is not here are undone by the down.sql that is stored with their rows. */
export function decideDown(chain: Chain, spec: Spec): Decide {
  return (rows) => {
    const applied = appliedIds(rows);
    const graph = graphWithStored(chain.graph, rows);
    return planDowngrade(
      graph,
      applied,
      anywhere(spec, chain.graph, graph, (place) => resolveDown(spec, place, applied)),
    );
  };
}

/** Leads to exactly what the specs need: down with everything else, then up. */
export function decideGoto(chain: Chain, specs: readonly Spec[]): Decide {
  return (rows) => {
    const applied = appliedIds(rows);
    // What the folder calls its head is meant, but `current` and `-1` may be a revision that only the database has.
    const graph = graphWithStored(chain.graph, rows);
    const targets = specs.flatMap((spec) =>
      anywhere(spec, chain.graph, graph, (place) => resolve(spec, place, applied, "goto")).ids
    );
    const plan = planGoto(graph, applied, targets);
    const going = new Set(
      plan.filter(({ direction }) => direction === "down").map(({ revision }) => revision.id),
    );
    if (plan.length > going.size) refuseDrift(chain, rows, going);
    return plan;
  };
}

/** Undoes the last revisions, and applies them again as their files are now. */
export function decideRedo(chain: Chain, count: number): Decide {
  return (rows) => {
    const applied = appliedIds(rows);
    const graph = graphWithStored(chain.graph, rows);
    const down = planRedo(graph, applied, count);
    const stranger = down.find(({ revision }) => isStored(revision))?.revision;
    if (stranger !== undefined) throw notHere(stranger.id, applied);
    refuseDrift(chain, rows, new Set(down.map(({ revision }) => revision.id)));
    return [...down, ...down.toReversed().map(({ revision }): Step => ({ direction: "up", revision }))];
  };
}

/**
 * What a spec means in the folder; in the folder and the database together where it is counted from there, or names what only
 * the database has. `head` is always the folder's.
 */
function anywhere<T>(
  { anchor: { kind } }: Spec,
  folder: RevisionGraph,
  everything: RevisionGraph,
  resolveIn: (graph: RevisionGraph) => T,
): T {
  if (kind === "current" || kind === "database") return resolveIn(everything);
  if (kind !== "name" || folder === everything) return resolveIn(folder);
  try {
    return resolveIn(folder);
  } catch (error) {
    if (!(error instanceof MigError)) throw error;
    try {
      return resolveIn(everything);
    } catch {
      throw error;
    }
  }
}

/** The rows of the revisions that are applied, by id; one whose up was interrupted is not. */
export function appliedIds<Row extends AppliedPlace>(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.filter(({ unfinished }) => unfinished?.direction !== "up").map((row) => [row.id, row]));
}

/** @param going revisions that the plan undoes, which nothing is built on */
function refuseDrift(
  chain: Chain,
  rows: readonly AppliedRevision[],
  going: ReadonlySet<RevisionId> = new Set(),
): void {
  const errors: MigError[] = [];
  const unreadable: MigError[] = [];
  const strangers: AppliedRevision[] = [];
  for (const finding of findingsOf(chain, rows)) {
    if (finding.kind === "unreadable" && !going.has(finding.revision.id)) unreadable.push(finding.error);
    // One that was interrupted may be mended behind the statements that are done; going on with it checks those.
    if (finding.kind === "edited" && finding.applied.unfinished === null && !going.has(finding.revision.id)) {
      const { id, message } = finding.revision;
      const path = chain.texts.pathOf(finding.revision, "up");
      errors.push(
        new MigError("revision-edited", `revision ${id} "${message}" was edited after it was applied`, {
          locations: [{ path }],
          hint: editedHints(finding.revision.id, path),
        }),
      );
    }
    if (finding.kind === "not-here" && !going.has(finding.applied.id)) strangers.push(finding.applied);
  }
  // What is wrong with files comes alone: how far the others agree is told once they can be read.
  if (unreadable.length > 0) throw several(unreadable, "cannot read the SQL of what is applied");
  errors.push(...notInFolder(strangers, rows.length > strangers.length));
  if (errors.length === 1) throw errors[0]!;
  if (errors.length > 1) {
    throw new MigError(
      errors[0]!.code,
      `the database and the folder disagree on ${errors.length} revisions`,
      {
        errors,
      },
    );
  }
}

/** @param shared whether the database has any of the folder's own revisions */
function notInFolder(strangers: readonly AppliedRevision[], shared: boolean): MigError[] {
  if (strangers.length < MANY_NOT_HERE) {
    return strangers.map((row) =>
      new MigError(
        "revision-not-here",
        `the database has revision ${row.id} "${row.message}", which is not in this folder`,
        { hint: notHereHints(row) },
      )
    );
  }
  const [first, last] = [strangers[0]!, strangers.at(-1)!];
  return [
    new MigError(
      "revision-not-here",
      `the database has ${strangers.length} revisions that are not in this folder, \
from ${first.id} "${first.message}" to ${last.id} "${last.message}"`,
      { hint: manyNotHereHints(shared), data: { ids: strangers.map(({ id }) => id) } },
    ),
  ];
}
