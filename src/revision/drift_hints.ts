/** The ways out for a person whose folder and database disagree. */

import type { RevisionId } from "./revision.ts";

/** For a revision that was edited after it was applied. */
export function editedHints(id: RevisionId, path: string): readonly string[] {
  return [
    `put ${path} back to what was applied (\`mig show ${id} --applied\` prints it), and make the change in a new revision`,
    `or, where the new text would have done the same: \`mig accept ${id}\` shows the difference and records it`,
  ];
}

/** For a revision that the database has and the folder lacks. */
export function notHereHints(id: RevisionId): readonly string[] {
  return [
    `find its git branch: \`git log --all --oneline -- "*_${id}_*"\`; or write its folder from the database: \`mig restore ${id}\``,
    "or leave that branch: `mig goto head` undoes it by the down.sql stored with it, and applies what this folder has",
  ];
}
