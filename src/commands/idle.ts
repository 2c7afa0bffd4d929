/** What is told of a run that had nothing to do: why, and what is not as it should be all the same. */

import type { Chain } from "../engine/chain.ts";
import { recentEdits } from "../engine/survey.ts";
import type { AppliedRevision } from "../revision/applied.ts";
import type { Finding } from "../revision/drift.ts";
import type { RevisionGraph } from "../revision/graph.ts";
import type { RevisionId } from "../revision/revision.ts";
import type { MigratedData } from "./data.ts";

/**
 * Sentences without periods, joined; null where there is nothing to say. The way down minds no edited file: it runs others.
 *
 * @param idle what the command itself has to say
 * @param rows the version table
 */
export function idleReason(
  idle: string | undefined,
  direction: MigratedData["direction"],
  chain: Chain,
  rows: readonly AppliedRevision[],
): string | null {
  const found = direction === "down" ? [] : recentEdits(chain, rows);
  const ids = (kind: Finding["kind"]) =>
    found.flatMap((finding) => finding.kind === kind && "revision" in finding ? [finding.revision!.id] : []);
  return [idle, strangers(rows, chain.graph), editedText(ids("edited")), unreadableText(ids("unreadable"))]
    .filter((reason) => reason != null).join("; ") || null;
}

/** Whoever runs mig in the wrong folder, or from another git branch, has nothing to do there. */
function strangers(rows: readonly AppliedRevision[], graph: RevisionGraph): string | null {
  const lacking = rows.filter(({ id }) => !graph.has(id)).length;
  if (lacking === 0) return null;
  return `${lacking} applied ${
    lacking === 1 ? "revision is" : "revisions are"
  } not in this folder, see \`mig status\``;
}

function editedText(ids: readonly RevisionId[]): string | null {
  if (ids.length === 0) return null;
  return ids.length === 1
    ? `revision ${ids[0]} was edited after it was applied, see \`mig status\``
    : `${ids.length} revisions were edited after they were applied, see \`mig status\``;
}

function unreadableText(ids: readonly RevisionId[]): string | null {
  if (ids.length === 0) return null;
  return `the up.sql of ${
    ids.length === 1 ? `revision ${ids[0]}` : `${ids.length} applied revisions`
  } cannot be read, see \`mig status\``;
}
