/** Graphs for tests, drawn in a few lines of text, and what is said about them in one. */

import { MigError } from "../../../src/error.ts";
import type { AppliedRevision } from "../../../src/revision/applied.ts";
import { RevisionGraph } from "../../../src/revision/graph.ts";
import type { Step } from "../../../src/revision/plan.ts";
import type { Revision, RevisionId } from "../../../src/revision/revision.ts";

/**
 * Revisions, one a line: `id`, or `id: parent parent`, then perhaps `~needed`, `#label`, and `!` for an irreversible
 * one. The message of `a1` is `make a1`.
 */
export function revisions(drawing: string): Revision[] {
  return drawing.split("\n").map((line) => line.trim()).filter((line) => line !== "").map((line) => {
    const [id, ...words] = line.split(/[:\s]+/).filter((word) => word !== "");
    const marked = (mark: string) =>
      words.filter((word) => word.startsWith(mark)).map((word) => word.slice(1));
    return {
      id: id!,
      parents: words.filter((word) => /^\w/.test(word)),
      dependsOn: marked("~"),
      labels: marked("#"),
      message: `make ${id}`,
      path: `migrations/${id}`,
      reversible: !words.includes("!"),
    };
  });
}

export function graph(drawing: string): RevisionGraph {
  return new RevisionGraph(revisions(drawing));
}

/** The ids that are applied when a database is at these revisions, as Alembic's version table would have them. */
export function at(graph: RevisionGraph, tips: string): ReadonlySet<RevisionId> {
  return graph.ancestors(words(tips));
}

export function words(text: string): string[] {
  return text.split(" ").filter((word) => word !== "");
}

/** The rows of a version table that has these revisions, applied in the order of the graph. */
export function rowsOf(g: RevisionGraph, applied: ReadonlySet<string>): AppliedRevision[] {
  return g.sort(applied).map(({ id, parents, dependsOn, labels, message, reversible }, at) => ({
    id,
    seq: at + 1,
    parents,
    dependsOn,
    labels,
    message,
    reversible,
    upChecksum: "",
    appliedAt: "2026-11-22T00:00:00Z",
    appliedBy: "postgres",
    durationMs: 1,
    unfinished: null,
  }));
}

/** Steps in one line: `+a +b` for ups, `-b` for a down. */
export function drawn(steps: readonly Step[]): string {
  return steps.map(({ direction, revision }) => (direction === "up" ? "+" : "-") + revision.id).join(" ");
}

/** The error that a function throws. */
export function faultOf(action: () => unknown): MigError {
  let result: unknown;
  try {
    result = action();
  } catch (error) {
    if (error instanceof MigError) return error;
    throw error;
  }
  throw new Error(`expected an error, got ${JSON.stringify(result)}`);
}
