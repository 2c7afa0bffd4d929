/** Revisions that are given as values instead of folders. */

import type { Chain } from "../engine/chain.ts";
import { RevisionGraph } from "../revision/graph.ts";
import { parseMetadata } from "../revision/metadata.ts";
import type { Direction, Revision, RevisionId } from "../revision/revision.ts";
import { several } from "../revision/several.ts";

/** A revision as a value: what its meta.json would say, and its two files. */
export interface RevisionLiteral {
  readonly id: RevisionId;
  /** What it follows: null for a base, several for a merge. */
  readonly parent: RevisionId | readonly RevisionId[] | null;
  readonly message: string;
  /** The text of up.sql. */
  readonly up: string;
  /** The text of down.sql; without one the revision is irreversible. */
  readonly down?: string | null;
  readonly labels?: readonly string[];
  readonly depends_on?: readonly string[];
}

/**
 * Links revisions; errors name them as files, `3f9a1c2b/up.sql`.
 *
 * @throws {MigError} what a folder with the same meta.json and files would bring: `metadata-invalid`, `parent-missing` …
 */
export async function chainOf(literals: readonly RevisionLiteral[]): Promise<Chain> {
  const texts = new Map(literals.map((literal) => [String(literal.id).toLowerCase(), literal]));
  const revisions: Revision[] = [];
  const faults = [];
  for (const literal of literals) {
    const { id, up: _up, down, ...rest } = literal;
    const metadata = JSON.stringify({ id, ...rest }, null, 2);
    const parsed = parseMetadata(metadata);
    const path = String(id).toLowerCase();
    if (parsed !== null) revisions.push({ ...parsed, path, reversible: typeof down === "string", metadata });
    else {
      const { explainMetadata } = await import("../revision/metadata_faults.ts");
      faults.push(explainMetadata(metadata, `${path}/meta.json`));
    }
  }
  if (faults.length > 0) throw several(faults, "cannot read the revisions that were given");
  const read = ({ id }: Revision, direction: Direction) => texts.get(id)?.[direction] ?? null;
  return {
    graph: new RevisionGraph(revisions),
    texts: {
      read,
      // A value is in memory already.
      open: read,
      has: (revision, direction) => read(revision, direction) !== null,
      pathOf: ({ path }, direction) => `${path}/${direction}.sql`,
    },
  };
}
