/** Names for the states of a database in which a chain is replayed: equal for equal revisions in the same order. */

import { createHash } from "node:crypto";
import { checksum } from "../../revision/checksum.ts";
import { asksForVariables } from "../../sql/fill_in.ts";
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
  const first = hash(["mig shadow 1", ...world]);
  const keys = [world.some(asksForVariables) ? `${PRIVATE}${first}` : first];
  for (const revision of revisions) {
    const text = texts.read(revision, "up") ?? "";
    const before = keys.at(-1)!;
    keys.push(
      `${isPrivate(before) || asksForVariables(text) ? PRIVATE : ""}${
        hash([before, revision.id, checksum(text)])
      }`,
    );
  }
  return keys;
}

/** Whether a state depends on values that may be secrets: it is not kept, and not equal to one of another run. */
export function isPrivate(key: string): boolean {
  return key.startsWith(PRIVATE);
}

const PRIVATE = "private ";

function hash(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 40);
}
