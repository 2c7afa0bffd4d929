/** Names for the states of a database in which a chain is replayed: equal for equal revisions in the same order. */

import { createHash } from "node:crypto";
import { checksum } from "../../revision/checksum.ts";
import type { Revision, RevisionTexts } from "../../revision/revision.ts";

/**
 * The key of the state after each revision; the first is the state before them all.
 *
 * @param world what else decides the state: the version of PostgreSQL, the version table, the setup file
 */
export function chainKeys(
  world: readonly string[],
  revisions: readonly Revision[],
  texts: RevisionTexts,
): string[] {
  const keys = [hash(["mig shadow 1", ...world])];
  for (const revision of revisions) {
    keys.push(hash([keys.at(-1)!, revision.id, checksum(texts.read(revision, "up") ?? "")]));
  }
  return keys;
}

function hash(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 40);
}
