/** Compares a project's revisions with what the version table says of them. Reads nothing itself. */

import { MigError } from "../error.ts";
import type { AppliedRevision } from "./applied.ts";
import type { RevisionGraph } from "./graph.ts";
import { headsHints } from "./heads_hints.ts";
import type { Revision, RevisionId } from "./revision.ts";

/** Something that is not as it should be. */
export type Finding =
  /** Its up.sql is no longer the one that was run. */
  | { readonly kind: "edited"; readonly revision: Revision; readonly applied: AppliedRevision }
  /**
   * Its up.sql cannot be read: where it is applied, nobody knows whether it is still the one that was run; where it is pending, no
   * run gets past it.
   */
  | { readonly kind: "unreadable"; readonly revision: Revision; readonly error: MigError }
  /** The database has it, its folder is not here. */
  | { readonly kind: "not-here"; readonly applied: AppliedRevision }
  /** It is applied, and something that it needs is not. */
  | {
    readonly kind: "parent-not-applied";
    readonly revision: Revision;
    readonly missing: readonly RevisionId[];
  }
  /**
   * It is not applied, and something that comes after it is (`before`), or something that stands beside it on the
   * same parent (`beside`): it was merged late. It can be applied, in order.
   */
  | {
    readonly kind: "late";
    readonly revision: Revision;
    readonly place: "before" | "beside";
    /** One of the applied revisions that were there first. */
    readonly other: RevisionId;
  }
  /** A no-transaction file was interrupted. */
  | { readonly kind: "unfinished"; readonly revision: Revision | null; readonly applied: AppliedRevision }
  /** Nobody can say what `head` is. */
  | {
    readonly kind: "heads-multiple";
    readonly heads: readonly Revision[];
    /** What can be done about it. */
    readonly hints: readonly string[];
  }
  /** It has no down.sql; `stored` where it had one when it was applied, which the database has kept. */
  | { readonly kind: "irreversible"; readonly revision: Revision; readonly stored: boolean };

/**
 * Everything that the database and the folder disagree on, then several heads of the folder; each kind in the
 * order of the graph. Linear in revisions and rows.
 * @param rows the version table
 * @param checksumOf the checksum of a revision's present up.sql, most likely the expected one; asked for applied revisions
 * only. A MigError that it throws is a finding
 */
export function findDrift(
  graph: RevisionGraph,
  rows: readonly AppliedRevision[],
  checksumOf: (revision: Revision, expected: string) => string,
): readonly Finding[] {
  const applied = new Map(rows.map((row) => [row.id, row]));
  return [
    ...notHere(graph, rows),
    ...unfinished(graph, rows),
    ...edited(graph, applied, checksumOf),
    ...parentNotApplied(graph, applied),
    ...late(graph, applied),
    ...severalHeads(graph, applied),
  ];
}

/**
 * Of these rows alone, whose up.sql is not the one that was run, or cannot be read.
 * @param rows some of the version table
 * @param checksumOf as of `findDrift()`
 */
export function findEdited(
  graph: RevisionGraph,
  rows: readonly AppliedRevision[],
  checksumOf: (revision: Revision, expected: string) => string,
): readonly Finding[] {
  return [...edited(graph, new Map(rows.map((row) => [row.id, row])), checksumOf)];
}

/**
 * The revisions of a folder that have no down.sql, in the order of the graph; where that is no file, nothing is known of it.
 * @param rows the version table
 */
export function findIrreversible(
  graph: RevisionGraph,
  rows: readonly AppliedRevision[],
): readonly Finding[] {
  const kept = new Set(rows.filter(({ reversible }) => reversible).map(({ id }) => id));
  return graph.order.filter(isIrreversible).map((revision) => ({
    kind: "irreversible",
    revision,
    stored: kept.has(revision.id),
  }));
}

function isIrreversible(revision: Revision): boolean {
  try {
    return !revision.reversible;
  } catch (error) {
    if (error instanceof MigError) return false;
    throw error;
  }
}

type Rows = ReadonlyMap<RevisionId, AppliedRevision>;

function notHere(graph: RevisionGraph, rows: readonly AppliedRevision[]): Finding[] {
  return rows.filter((row) => !graph.has(row.id)).map((row) => ({ kind: "not-here", applied: row }));
}

function unfinished(graph: RevisionGraph, rows: readonly AppliedRevision[]): Finding[] {
  return rows.filter((row) => row.unfinished !== null).map((row) => ({
    kind: "unfinished",
    revision: graph.get(row.id) ?? null,
    applied: row,
  }));
}

function* edited(
  graph: RevisionGraph,
  applied: Rows,
  checksumOf: (revision: Revision, expected: string) => string,
): Generator<Finding> {
  for (const revision of graph.order) {
    const row = applied.get(revision.id);
    // A file that was interrupted may be mended behind the statements that are done.
    if (row?.unfinished !== null) continue;
    try {
      if (row.upChecksum === checksumOf(revision, row.upChecksum)) continue;
    } catch (error) {
      if (!(error instanceof MigError)) throw error;
      yield { kind: "unreadable", revision, error };
      continue;
    }
    yield { kind: "edited", revision, applied: row };
  }
}

function* parentNotApplied(graph: RevisionGraph, applied: Rows): Generator<Finding> {
  for (const revision of graph.order) {
    if (!applied.has(revision.id)) continue;
    const missing = [...revision.parents, ...revision.dependsOn].filter((id) => !applied.has(id));
    if (missing.length > 0) yield { kind: "parent-not-applied", revision, missing: [...new Set(missing)] };
  }
}

function* late(graph: RevisionGraph, applied: Rows): Generator<Finding> {
  const firstAfter = firstAppliedAfter(graph, applied);
  const firstChild = firstAppliedChild(graph, applied);
  for (const revision of graph.order) {
    if (applied.has(revision.id)) continue;
    const before = firstAfter.get(revision.id);
    if (before !== undefined) {
      yield { kind: "late", revision, place: "before", other: before };
      continue;
    }
    const parent = revision.parents.find((id) => firstChild.has(id));
    if (parent !== undefined) {
      yield { kind: "late", revision, place: "beside", other: firstChild.get(parent)! };
    }
  }
}

/** For each applied revision, the first applied one that follows it, if there is one. */
function firstAppliedChild(graph: RevisionGraph, applied: Rows): ReadonlyMap<RevisionId, RevisionId> {
  const found = new Map<RevisionId, RevisionId>();
  for (const { id, parents } of graph.order) {
    if (!applied.has(id)) continue;
    for (const parent of parents) if (applied.has(parent) && !found.has(parent)) found.set(parent, id);
  }
  return found;
}

/** For each revision that is not applied, one of the applied ones that need it, if there are any. */
function firstAppliedAfter(graph: RevisionGraph, applied: Rows): ReadonlyMap<RevisionId, RevisionId> {
  const found = new Map<RevisionId, RevisionId>();
  for (let i = graph.order.length - 1; i >= 0; i--) {
    const { id, parents, dependsOn } = graph.order[i]!;
    const after = applied.has(id) ? id : found.get(id);
    if (after === undefined) continue;
    for (const need of [...parents, ...dependsOn]) if (!applied.has(need)) found.set(need, after);
  }
  return found;
}

function severalHeads(graph: RevisionGraph, applied: Rows): readonly Finding[] {
  const { heads } = graph;
  return heads.length > 1
    ? [{ kind: "heads-multiple", heads, hints: headsHints(graph, heads, applied) }]
    : [];
}
