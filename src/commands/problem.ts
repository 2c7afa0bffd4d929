/** What is wrong, in words, with what to do about it. */

import type { Finding } from "../revision/drift.ts";
import type { RevisionTexts } from "../revision/revision.ts";
import type { Problem } from "./data.ts";

/** A finding as a sentence and a hint; null for one that is nobody's problem now. */
export function problemOf(finding: Finding, texts: RevisionTexts): Problem | null {
  switch (finding.kind) {
    case "edited": {
      const { id, message } = finding.revision;
      return {
        kind: "edited",
        revision: id,
        message: `"${message}" was edited after it was applied: ${texts.pathOf(finding.revision, "up")}`,
        hint:
          `put the file back (\`mig show ${id} --applied\` prints what ran), and make the change in a new revision`,
      };
    }
    case "not-here": {
      const { id, message } = finding.applied;
      return {
        kind: "not-here",
        revision: id,
        message: `"${message}" is applied, but is not in this folder`,
        hint: "was it applied from another branch? Fetch that branch",
      };
    }
    case "unfinished": {
      const { id, message, unfinished } = finding.applied;
      const { direction, statementsDone } = unfinished!;
      return {
        kind: "unfinished",
        revision: id,
        message: `${direction} of "${message}" was interrupted after ${statementsDone} statement${
          statementsDone === 1 ? "" : "s"
        }`,
        hint: direction === "up"
          ? `\`mig up ${id}\` goes on from there`
          : "run the `mig down` again that was stopped",
      };
    }
    case "parent-not-applied":
      return {
        kind: "parent-not-applied",
        revision: finding.revision.id,
        message: `"${finding.revision.message}" is applied, but not what it needs: ${
          finding.missing.join(", ")
        }`,
        hint: "`mig up` applies what is missing",
      };
    case "late":
      return {
        kind: "late",
        revision: finding.revision.id,
        message:
          `"${finding.revision.message}" came after ${finding.other} was applied, and belongs ${finding.place} it`,
        hint: "`mig up` applies it in order",
      };
    case "heads-multiple":
      return {
        kind: "heads-multiple",
        revision: null,
        message: `there are ${finding.heads.length} heads: ${
          finding.heads.map(({ id, message }) => `${id} "${message}"`).join(", ")
        }`,
        hint: "let one follow the other: change its parent in meta.json; `mig up heads` applies them all",
      };
    case "irreversible":
      return null;
  }
}
