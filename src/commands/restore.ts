/** `mig restore`: writes the folders and files of revisions that only the database has. */

import { notStored } from "../engine/recorded.ts";
import { readApplied, readStoredSql, type StoredSql } from "../engine/applied_rows.ts";
import { findVersionTable } from "../engine/version_table.ts";
import { withSession } from "../engine/with_session.ts";
import { notKept } from "../revision/not_kept.ts";
import type { Direction, Revision } from "../revision/revision.ts";
import { isStored } from "../revision/stored.ts";
import type { Command } from "./command.ts";
import type { RestoredData } from "./data.ts";
import { withoutDeadEnds } from "./restore_faults.ts";
import { findLost } from "./restore_lost.ts";
import type { RestoredRevision } from "./state_data.ts";

export const restore: Command<RestoredData> = {
  spec: {
    name: "restore",
    operands: "[<revision>…]",
    arity: [0, Infinity],
    about: [
      "Writes the folder of a revision that was applied from elsewhere, another git branch or a lost disk, from what the \
database stored when it was applied: its id, parents, message, up.sql and down.sql. Those that it needs and that are not \
here either are written too; without a name, all that the folder lacks.",
      "The folder gets the path at which git has seen it last, on any branch; where git knows nothing of it, its name is made of \
the time at which it was applied, since the database does not know when it was made.",
      "Of a revision that is here and has lost its up.sql or its meta.json, that file alone is written; a down.sql that is not \
here any more only where the revision is named, since it may have been removed on purpose. A folder without meta.json is \
known by its path in git, or by the id in its name.",
    ],
    flags: [],
    examples: [
      { command: "mig restore 3f9a", does: "the folder of 3f9a1c2b, or what it lacks" },
      { command: "mig restore", does: "everything applied that `mig status` calls not-here or unreadable" },
    ],
  },
  missingDatabase: "refuse",
  async run(input, app) {
    // They need not fit together: what comes between them may be what was lost.
    const found = await app.readRevisions();
    const database = await app.openDatabase();
    const { lost, rows, sql, former } = await withSession(database, {}, async (session) => {
      const table = await findVersionTable(session, app.table);
      const rows = await readApplied(session, table);
      const ids = new Set(found.revisions.map(({ id }) => id));
      const former = rows.every(({ id }) => ids.has(id)) ? new Map() : await app.formerFolders();
      const lost = withoutDeadEnds(() => findLost(input.operands, found, rows, former));
      const sql = await readStoredSql(session, table, lost.map(({ revision }) => revision.id));
      return { lost, rows, sql, former };
    });
    for (const { revision, files } of lost) refuseNotStored(revision, files, sql.get(revision.id)!);

    const here = new Map(found.revisions.map((revision) => [revision.id, revision]));
    const appliedAt = new Map(rows.map((row) => [row.id, new Date(row.appliedAt)]));
    const revisions = lost.map(({ revision, files, metadata }): RestoredRevision => {
      const { id, message } = revision;
      const stored = sql.get(id)!;
      if (isStored(revision)) {
        const made = app.restoreRevision(here, revision, stored, former.get(id), appliedAt.get(id)!);
        here.set(id, { ...revision, path: made.path });
        return { id, message, path: made.path, files: made.files };
      }
      const { path } = revision;
      const sqlFiles = files.flatMap((direction) => {
        const text = stored[direction];
        return text === null ? [] : [app.writeSql(path, direction, text)];
      });
      here.set(id, revision);
      // Last, since it makes a revision of the folder.
      return {
        id,
        message,
        path,
        files: [
          ...sqlFiles,
          ...metadata ? [app.writeMetadata(path, revision, former.get(id)?.metadata)] : [],
        ],
      };
    });
    return { kind: "restored", database: database.description, revisions };
  },
};

/** Before anything is written: what stands for a file that was too large is not that file. */
function refuseNotStored(revision: Revision, files: readonly Direction[], stored: StoredSql): void {
  for (const direction of files) {
    const lost = notKept(stored[direction] ?? "");
    if (lost !== null) throw notStored(revision, direction, lost);
  }
}
