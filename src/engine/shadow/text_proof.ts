/** Whether another text of a revision would have made the same of the schema as the one that was applied. */

import { MigError } from "../../error.ts";
import type { RevisionGraph } from "../../revision/graph.ts";
import { notKept } from "../../revision/not_kept.ts";
import type { Revision } from "../../revision/revision.ts";
import { sameStatements } from "../../sql/same_statements.ts";
import type { StoredSql } from "../applied_rows.ts";
import type { DraftTexts } from "../draft/draft_texts.ts";
import { notStored } from "../recorded.ts";
import type { DumpDifference } from "./dump_text.ts";
import type { Shadow } from "./shadow.ts";
import { differencesSince } from "./states.ts";

/** What came out. */
export type TextProof =
  /** The statements are the same: only comments or blank space differ. */
  | { readonly kind: "comments" }
  /** Both lead to the same schema. */
  | { readonly kind: "equal" }
  /** They do not: what was applied leads to `before`. */
  | { readonly kind: "differs"; readonly differences: readonly DumpDifference[] }
  /** What was applied can be replayed, the other one cannot. */
  | { readonly kind: "fails"; readonly error: MigError }
  /** What was applied cannot be replayed, or there is nothing in which to try it. */
  | { readonly kind: "unproven"; readonly error: MigError };

/**
 * Replays what the revision needs, then it, with either up.sql.
 *
 * @param texts what the shadow reads
 * @param stored what was applied
 * @param now what stands there now
 */
export async function proveText(
  shadow: Shadow,
  texts: DraftTexts,
  graph: RevisionGraph,
  revision: Revision,
  stored: StoredSql,
  now: StoredSql,
): Promise<TextProof> {
  if (stored.up === now.up || sameStatements(stored.up, now.up)) return { kind: "comments" };
  const tooLarge = notKept(stored.up) ?? notKept(now.up);
  if (tooLarge !== null) return { kind: "unproven", error: notStored(revision, "up", tooLarge) };
  const before = graph.sort(graph.ancestors([revision.id])).filter(({ id }) => id !== revision.id);
  const replay = async (files: StoredSql) => {
    // It knows by the texts what it has replayed, and would take the other text for this one.
    await shadow.close();
    await shadow.at([...before, texts.set(revision, files)]);
  };
  try {
    await replay(stored);
    const fingerprint = await shadow.fingerprint();
    try {
      await replay(now);
    } catch (error) {
      return { kind: "fails", error: known(error) };
    }
    const differences = await differencesSince(shadow, fingerprint, () => replay(stored));
    return differences.length === 0 ? { kind: "equal" } : { kind: "differs", differences };
  } catch (error) {
    return { kind: "unproven", error: known(error) };
  }
}

/** A failure that tells something of the text, or of the shadow; all others go on their way. */
function known(error: unknown): MigError {
  if (error instanceof MigError && error.code !== "interrupted") return error;
  throw error;
}
