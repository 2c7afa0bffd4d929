/** Pending revisions without an up.sql, at which the next run would stop. Their files are looked for, not read. */

import { MigError } from "../error.ts";
import type { AppliedPlace } from "../revision/applied.ts";
import type { Finding } from "../revision/drift.ts";
import type { Revision, RevisionId, RevisionTexts } from "../revision/revision.ts";
import type { Chain } from "./chain.ts";

/**
 * A finding for each, in the order of the graph.
 *
 * @param rows the version table
 * @param seen revisions whose up.sql has been read already
 */
export function findMissingFiles(
  { graph, texts }: Chain,
  rows: readonly AppliedPlace[],
  seen: ReadonlyMap<RevisionId, string>,
): readonly Finding[] {
  const applied = new Set(
    rows.filter(({ unfinished }) => unfinished?.direction !== "up").map(({ id }) => id),
  );
  return graph.order.flatMap((revision): Finding[] => {
    if (applied.has(revision.id) || seen.has(revision.id)) return [];
    const error = faultOf(revision, texts);
    return error === null ? [] : [{ kind: "unreadable", revision, error }];
  });
}

function faultOf(revision: Revision, texts: RevisionTexts): MigError | null {
  try {
    // What is not there says so when it is opened.
    if (!texts.has(revision, "up")) texts.open(revision, "up");
    return null;
  } catch (error) {
    if (error instanceof MigError) return error;
    throw error;
  }
}
