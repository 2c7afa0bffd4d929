/** Revisions that the database has and the folder lacks: made of their rows, so that they can be undone like others. */

import type { AppliedRevision } from "./applied.ts";
import { RevisionGraph } from "./graph.ts";
import type { Revision, RevisionId } from "./revision.ts";

/** Stands for the folder of a revision that has none here. */
const STORED_PATH = "(stored in the database)";

/** Whether a revision was made of its row. */
export function isStored({ path }: Pick<Revision, "path">): boolean {
  return path.startsWith(STORED_PATH);
}

/**
 * The graph with every revision of the database, also those whose folder is not here; the same graph where there are none.
 * What such a revision names and neither side knows is left out: it is gone, and nothing can be done about it.
 *
 * @param rows the version table
 */
export function graphWithStored(graph: RevisionGraph, rows: readonly AppliedRevision[]): RevisionGraph {
  return rows.every(({ id }) => graph.has(id)) ? graph : joinStored(graph.order, rows);
}

/**
 * The same for revisions that need not fit together without those of the database.
 *
 * @param bare folders of theirs that are here, and have lost what makes them revisions; by id
 * @throws {MigError} as `RevisionGraph`, where they do not fit together with them either
 */
export function joinStored(
  folder: readonly Revision[],
  rows: readonly AppliedRevision[],
  bare: ReadonlyMap<RevisionId, string> = new Map(),
): RevisionGraph {
  const here = new Set(folder.map(({ id }) => id));
  const strangers = rows.filter(({ id }) => !here.has(id));
  const known = new Set([...here, ...strangers.map(({ id }) => id)]);
  const names = new Set([...here, ...folder.flatMap(({ labels }) => labels)]);
  const stored = strangers.map((row) => storedRevision(row, bare.get(row.id), names, known));
  return new RevisionGraph([...folder, ...stored]);
}

/**
 * @param names ids and labels of the folder
 * @param known the ids of all revisions
 */
function storedRevision(
  row: AppliedRevision,
  path: string | undefined,
  names: ReadonlySet<string>,
  known: ReadonlySet<string>,
): Revision {
  const { id, message, reversible } = row;
  return {
    id,
    parents: row.parents.filter((parent) => known.has(parent)),
    dependsOn: row.dependsOn.filter((other) => known.has(other)),
    // A label may have moved on to another revision since.
    labels: row.labels.filter((label) => !names.has(label)),
    message,
    reversible,
    path: path ?? `${STORED_PATH} ${id}`,
  };
}
