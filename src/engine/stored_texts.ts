/** The SQL of revisions whose folder is not here: it was stored when they were applied. */

import type { Step } from "../revision/plan.ts";
import type { Direction, Revision, RevisionTexts } from "../revision/revision.ts";
import { isStored } from "../revision/stored.ts";
import type { Session } from "./database.ts";
import { readStoredSql } from "./applied_rows.ts";
import { type VersionTable } from "./version_table.ts";

/** The texts for a plan: those of the folders, and for revisions without one those of the version table. */
export async function textsFor(
  plan: readonly Step[],
  texts: RevisionTexts,
  session: Session,
  table: VersionTable,
): Promise<RevisionTexts> {
  const ids = plan.filter(({ revision }) => isStored(revision)).map(({ revision }) => revision.id);
  if (ids.length === 0) return texts;
  const stored = await readStoredSql(session, table, ids);
  const read = (revision: Revision, direction: Direction) => stored.get(revision.id)?.[direction] ?? null;
  return {
    read: (revision, direction) =>
      isStored(revision) ? read(revision, direction) : texts.read(revision, direction),
    open: (revision, direction) =>
      isStored(revision) ? read(revision, direction) : texts.open(revision, direction),
    has: (revision, direction) =>
      isStored(revision) ? read(revision, direction) !== null : texts.has(revision, direction),
    pathOf: (revision, direction) =>
      isStored(revision) ? storedPath(revision.id, direction) : texts.pathOf(revision, direction),
  };
}

/** What stands for the path of a file that was stored. */
export function storedPath(id: string, direction: "up" | "down"): string {
  return `${id}/${direction}.sql (stored in the database)`;
}
