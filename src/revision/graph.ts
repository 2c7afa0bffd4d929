/** The revisions of a project as a graph: who follows whom. */

import { linkRevisions } from "./graph_links.ts";
import { topologicalOrder } from "./graph_order.ts";
import type { Revision, RevisionId } from "./revision.ts";

/**
 * Which edges a walk follows: `parents` alone, which make branches and heads, or `needs`, which adds what a revision
 * depends on, and decides what must be applied before it.
 */
export type Edges = "parents" | "needs";

/**
 * The revisions of a project. Whoever holds one may rely on this: ids and labels are unique, every parent and every
 * dependency exists, and no revision comes before itself. The order in which the revisions were given does not matter.
 * Everything is linear in revisions and edges.
 */
export class RevisionGraph {
  /**
   * Every revision after everything that it needs. Branches stay together: the walk goes from each head down to its
   * base, heads and parents in the order of their ids.
   */
  readonly order: readonly Revision[];
  /** The revisions that nobody follows. One that others only depend on is a head, as in Alembic. In the order of ids. */
  readonly heads: readonly Revision[];
  /** The revisions that follow nobody, even if they depend on others. In the order of ids. */
  readonly bases: readonly Revision[];
  /** Each label, in lower case, with the revision that carries it. */
  readonly labels: ReadonlyMap<string, Revision>;
  readonly #byId: ReadonlyMap<RevisionId, Revision>;
  readonly #children: ReadonlyMap<RevisionId, readonly Revision[]>;
  readonly #dependents: ReadonlyMap<RevisionId, readonly Revision[]>;
  readonly #position: ReadonlyMap<RevisionId, number>;

  /**
   * @throws {MigError} `revision-duplicate` for two equal ids or labels, `parent-missing`, `graph-cycle`; each names the
   * file and line of every side
   */
  constructor(revisions: Iterable<Revision>) {
    const links = linkRevisions(revisions);
    this.#byId = links.byId;
    this.#children = links.children;
    this.#dependents = links.dependents;
    this.labels = links.labels;
    const { sorted } = links;
    this.heads = sorted.filter((revision) => this.children(revision.id).length === 0);
    this.bases = sorted.filter((revision) => revision.parents.length === 0);
    this.order = topologicalOrder(this.heads, sorted, links.byId);
    this.#position = new Map(this.order.map((revision, position) => [revision.id, position]));
  }

  /** How many revisions there are. */
  get size(): number {
    return this.#byId.size;
  }

  /** The revision with this id, in lower case. Its `dependsOn` holds ids only, where the file may have a label. */
  get(id: RevisionId): Revision | undefined {
    return this.#byId.get(id);
  }

  has(id: RevisionId): boolean {
    return this.#byId.has(id);
  }

  /** The revisions that follow this one, in the order of their ids. */
  children(id: RevisionId): readonly Revision[] {
    return this.#children.get(id) ?? [];
  }

  /** The revisions that depend on this one without following it. */
  dependents(id: RevisionId): readonly Revision[] {
    return this.#dependents.get(id) ?? [];
  }

  /** Revisions that several others follow, in order. */
  get branchPoints(): readonly Revision[] {
    return this.order.filter((revision) => this.children(revision.id).length > 1);
  }

  /** Revisions that follow several others, in order. */
  get mergePoints(): readonly Revision[] {
    return this.order.filter((revision) => revision.parents.length > 1);
  }

  /** These revisions and everything before them. Ids that are not in the graph are left out. */
  ancestors(ids: Iterable<RevisionId>, edges: Edges = "needs"): ReadonlySet<RevisionId> {
    return this.#reach(ids, (revision) => needsOf(revision, edges));
  }

  /** These revisions and everything after them. Ids that are not in the graph are left out. */
  descendants(ids: Iterable<RevisionId>, edges: Edges = "needs"): ReadonlySet<RevisionId> {
    return this.#reach(ids, ({ id }) => {
      const after = edges === "parents" ? this.children(id) : [...this.children(id), ...this.dependents(id)];
      return after.map((revision) => revision.id);
    });
  }

  /** Whether `id` comes before `other`, or is it. */
  isAncestor(id: RevisionId, other: RevisionId, edges: Edges = "needs"): boolean {
    return this.ancestors([other], edges).has(id);
  }

  /** A revision's branch: itself, and everything before and after it by parents. */
  lineage(id: RevisionId): ReadonlySet<RevisionId> {
    return new Set([...this.ancestors([id], "parents"), ...this.descendants([id], "parents")]);
  }

  /** The branch that a label names: the lineage of the revision that carries it; undefined for an unknown label. */
  branchOf(label: string): ReadonlySet<RevisionId> | undefined {
    const revision = this.labels.get(label.toLowerCase());
    return revision === undefined ? undefined : this.lineage(revision.id);
  }

  /**
   * The last ones of a set: those which no other of the set comes after. For the ids that are applied, these are what
   * Alembic keeps in its version table. In the order of ids; ids that are not in the graph are left out.
   */
  tips(ids: { keys(): Iterable<RevisionId> }, edges: Edges = "needs"): Revision[] {
    const members = this.sort(ids.keys());
    const before = this.ancestors(members.flatMap((revision) => needsOf(revision, edges)), edges);
    return members.filter(({ id }) => !before.has(id)).sort(byId);
  }

  /** These revisions in the graph's order. Ids that are not in the graph are left out. */
  sort(ids: Iterable<RevisionId>): Revision[] {
    const positions: number[] = [];
    for (const id of ids) {
      const position = this.#position.get(id);
      if (position !== undefined) positions.push(position);
    }
    return positions.sort((a, b) => a - b).map((position) => this.order[position]!);
  }

  #reach(
    ids: Iterable<RevisionId>,
    next: (revision: Revision) => readonly RevisionId[],
  ): ReadonlySet<RevisionId> {
    const reached = new Set<RevisionId>();
    const waiting = [...ids];
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      const revision = this.#byId.get(id);
      if (revision === undefined || reached.has(id)) continue;
      reached.add(id);
      for (const other of next(revision)) waiting.push(other);
    }
    return reached;
  }
}

function needsOf({ parents, dependsOn }: Revision, edges: Edges): readonly RevisionId[] {
  return edges === "parents" || dependsOn.length === 0 ? parents : [...parents, ...dependsOn];
}

function byId(a: Revision, b: Revision): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
