/** The ways out for a person whose folder and database disagree. */

import type { AppliedRevision, Unfinished } from "./applied.ts";
import type { RevisionId } from "./revision.ts";

/** For a revision that was edited after it was applied. */
export function editedHints(id: RevisionId, path: string): readonly string[] {
  return [
    `put ${path} back to what was applied (\`mig show ${id} --applied\` prints it), and make the change in a new revision`,
    "or, where its data may go, as on your own machine: `mig redo` undoes it and applies it as it is now; `mig redo <count>`, where others came after it",
    `or, where the new text would have done the same: \`mig accept ${id}\` shows the difference and records it`,
  ];
}

/** For a revision that the database has and the folder lacks. */
export function notHereHints(
  { id, reversible }: { id: RevisionId; reversible?: boolean },
): readonly string[] {
  const log = gitLogOf(id);
  return [
    log === null
      ? "find its git branch, or write its folder from the database: `mig restore`"
      : `find its git branch: \`${log}\`; or write its folder from the database: \`mig restore ${id}\``,
    reversible === false
      ? "it has no down.sql, so it cannot be undone"
      : "or leave that branch: `mig goto head` undoes it by the down.sql stored with it, and applies what this folder has",
  ];
}

/**
 * The command that lists the commits of a revision's folder, on every branch and whatever else is in its name; null for an id
 * that is nothing for a shell.
 */
export function gitLogOf(id: RevisionId): string | null {
  return /^[\w-]+$/.test(id) ? `git log --all --oneline -- "*${id}*"` : null;
}

/** From how many on they are told together. */
export const MANY_NOT_HERE = 4;

/**
 * For many revisions that the database has and the folder lacks.
 * @param shared whether any of the folder's own revisions is applied there
 */
export function manyNotHereHints(shared: boolean): readonly string[] {
  return [
    ...shared ? [] : [
      "none of this folder's revisions is applied there: is it the right folder, and the right database? `mig status` names it",
    ],
    "find their git branch, or write their folders from the database: `mig restore`",
    "or leave that branch: `mig goto head --dry-run` shows what would be undone, by the down.sql stored with each",
  ];
}

/** For a revision without a down.sql; @param stored whether the database has kept the one that it was applied with. */
export function irreversibleHints(id: RevisionId, stored: boolean): readonly string[] {
  return [
    ...stored ? [`\`mig restore ${id}\` writes the down.sql that it was applied with`] : [],
    `${stored ? "or " : ""}write a down.sql, or let it be: \`mig check --ignore irreversible\``,
  ];
}

/** How far an interrupted file came: `2 statements`, `1 statement and 4000 rows of the next one`. */
export function doneText({ statementsDone: done, batchRows }: Unfinished): string {
  const rows = batchRows === 0 ? "" : ` and ${batchRows} row${batchRows === 1 ? "" : "s"} of the next one`;
  return `${done} statement${done === 1 ? "" : "s"}${rows}`;
}

/** For a no-transaction revision that was interrupted. */
export function unfinishedHints({ id, parents, unfinished }: AppliedRevision): readonly string[] {
  if (unfinished?.direction === "down") {
    return ["run the `mig down` again that was stopped: it goes on from there"];
  }
  const before = parents.length === 0 ? "base" : parents.join(" ");
  return [
    `\`mig up ${id}\` goes on from there; where its folder is missing, \`mig restore ${id}\` writes it first`,
    `or put the database right by hand and say so: \`mig stamp ${id}\` if all of it is done, \`mig stamp ${before}\` if nothing is`,
  ];
}
