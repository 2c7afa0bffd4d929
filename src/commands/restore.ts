/** `mig restore`: writes the folders and files of revisions that only the database has. */

import { MigError } from "../error.ts";
import { notStored } from "../engine/recorded.ts";
import { readApplied, readStoredSql, type StoredSql } from "../engine/applied_rows.ts";
import { findVersionTable } from "../engine/version_table.ts";
import { withSession } from "../engine/with_session.ts";
import type { AppliedRevision } from "../revision/applied.ts";
import type { RevisionGraph } from "../revision/graph.ts";
import { notKept } from "../revision/not_kept.ts";
import { resolve } from "../revision/resolve.ts";
import type { Direction, Revision, RevisionTexts } from "../revision/revision.ts";
import { parseSpec } from "../revision/spec.ts";
import { isStored, joinStored } from "../revision/stored.ts";
import type { FormerFolder } from "./app.ts";
import type { Command } from "./command.ts";
import { withoutDeadEnds } from "./restore_faults.ts";
import type { RestoredData } from "./data.ts";
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
      "Of a revision that is here and has lost its up.sql, that file alone is written; a down.sql that is not here any more \
only where the revision is named, since it may have been removed on purpose.",
    ],
    flags: [],
    examples: [
      { command: "mig restore 3f9a", does: "the folder of 3f9a1c2b, or what it lacks" },
      { command: "mig restore", does: "everything applied that `mig status` calls not-here or unreadable" },
    ],
  },
  async run(input, app) {
    // They need not fit together: what comes between them may be what was lost.
    const { revisions: folder, texts } = await app.readRevisions();
    const database = await app.openDatabase();
    const { lost, rows, sql } = await withSession(database, {}, async (session) => {
      const table = await findVersionTable(session, app.table);
      const rows = await readApplied(session, table);
      const applied = new Map(rows.map((row) => [row.id, row]));
      const graph = withoutDeadEnds(() => joinStored(folder, rows));
      const lost = withoutDeadEnds(() => lostOf(input.operands, graph, applied, texts));
      return {
        lost,
        rows,
        sql: await readStoredSql(session, table, lost.map(({ revision }) => revision.id)),
      };
    });
    for (const { revision, files } of lost) refuseNotStored(revision, files, sql.get(revision.id)!);

    const anew = lost.some(({ revision }) => isStored(revision));
    const former = anew ? await app.formerFolders() : new Map<string, FormerFolder>();
    const here = new Map(folder.map((revision) => [revision.id, revision]));
    const appliedAt = new Map(rows.map((row) => [row.id, new Date(row.appliedAt)]));
    const revisions: RestoredRevision[] = [];
    for (const { revision, files } of lost) {
      const { id, message } = revision;
      const stored = sql.get(id)!;
      if (!isStored(revision)) {
        const written = files.flatMap((direction) => {
          const text = stored[direction];
          return text === null ? [] : [app.writeSql(revision, direction, text)];
        });
        revisions.push({ id, message, path: revision.path, files: written });
        continue;
      }
      const made = app.restoreRevision(here, revision, stored, former.get(id), appliedAt.get(id)!);
      here.set(id, { ...revision, path: made.path });
      revisions.push({ id, message, path: made.path, files: made.files });
    }
    return { kind: "restored", database: database.description, revisions };
  },
};

/** A revision, and those of its SQL files that are not here. */
interface Lost {
  readonly revision: Revision;
  readonly files: readonly Direction[];
}

/** What to write, parents first. */
function lostOf(
  specs: readonly string[],
  graph: RevisionGraph,
  applied: ReadonlyMap<string, AppliedRevision>,
  texts: RevisionTexts,
): readonly Lost[] {
  const named = new Set(specs.flatMap((text) => resolve(parseSpec(text), graph, applied).ids));
  const wanted = graph.sort(graph.ancestors(specs.length === 0 ? applied.keys() : named));
  const lost = wanted.flatMap((revision): Lost[] => {
    if (isStored(revision)) return [{ revision, files: ["up", "down"] }];
    const row = applied.get(revision.id);
    if (row === undefined) return [];
    const files: Direction[] = [
      ...texts.has(revision, "up") ? [] : ["up" as const],
      ...named.has(revision.id) && row.reversible && !revision.reversible ? ["down" as const] : [],
    ];
    return files.length === 0 ? [] : [{ revision, files }];
  });
  const writing = new Set(lost.map(({ revision }) => revision.id));
  const whole = [...named].find((id) => !writing.has(id));
  if (whole === undefined) return lost;
  throw new MigError("already-exists", `the folder of revision ${whole} is here already`, {
    locations: [{ path: graph.get(whole)!.path }],
    hint: applied.has(whole)
      ? `\`mig show ${whole} --applied\` prints what was applied`
      : "it is not applied, so the database knows nothing of it",
  });
}

/** Before anything is written: what stands for a file that was too large is not that file. */
function refuseNotStored(revision: Revision, files: readonly Direction[], stored: StoredSql): void {
  for (const direction of files) {
    const lost = notKept(stored[direction] ?? "");
    if (lost !== null) throw notStored(revision, direction, lost);
  }
}
