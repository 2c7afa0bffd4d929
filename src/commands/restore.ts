/** `mig restore`: writes the folders of revisions that only the database has. */

import { MigError } from "../error.ts";
import { notStored } from "../engine/recorded.ts";
import { readApplied, readStoredSql, type StoredSql } from "../engine/applied_rows.ts";
import { findVersionTable } from "../engine/version_table.ts";
import { withSession } from "../engine/with_session.ts";
import { notKept } from "../revision/not_kept.ts";
import { resolve } from "../revision/resolve.ts";
import type { Revision } from "../revision/revision.ts";
import { parseSpec } from "../revision/spec.ts";
import { graphWithStored, isStored } from "../revision/stored.ts";
import type { RevisionGraph } from "../revision/graph.ts";
import type { AppliedIds } from "../revision/applied.ts";
import type { Command } from "./command.ts";
import type { RestoredData } from "./data.ts";

export const restore: Command<RestoredData> = {
  spec: {
    name: "restore",
    operands: "[<revision>…]",
    arity: [0, Infinity],
    about: [
      "Writes the folder of a revision that was applied from elsewhere, another git branch or a lost disk, from what the \
database stored when it was applied: its id, parents, message, up.sql and down.sql. Those that it needs and that are not \
here either are written too; without a name, all that the folder lacks.",
    ],
    flags: [],
    examples: [
      { command: "mig restore 3f9a", does: "the folder of 3f9a1c2b" },
      { command: "mig restore", does: "everything that `mig status` calls not-here" },
    ],
  },
  async run(input, app) {
    const chain = await app.openChain();
    const database = await app.openDatabase();
    const { lacking, rows, sql } = await withSession(database, {}, async (session) => {
      const table = await findVersionTable(session, app.table);
      const rows = await readApplied(session, table);
      const graph = graphWithStored(chain.graph, rows);
      const lacking = lackingOf(input.operands, graph, new Map(rows.map((row) => [row.id, row])));
      return { lacking, rows, sql: await readStoredSql(session, table, lacking.map(({ id }) => id)) };
    });
    for (const revision of lacking) refuseNotStored(revision, sql.get(revision.id)!);
    const restored = [];
    for (const { id, parents, dependsOn, labels, message } of lacking) {
      const { up, down } = sql.get(id)!;
      const now = new Date(rows.find((row) => row.id === id)!.appliedAt);
      // Read anew, since what was restored before is what this one follows.
      const here = await app.openChain();
      const made = app.createRevision(here, { id, parents, dependsOn, labels, message, up, down, now });
      restored.push({ id, message, path: made.path });
    }
    return { kind: "restored", database: database.description, revisions: restored };
  },
};

/** Before anything is written: what stands for a file that was too large is not that file. */
function refuseNotStored(revision: Revision, stored: StoredSql): void {
  for (const direction of ["up", "down"] as const) {
    const lost = notKept(stored[direction] ?? "");
    if (lost !== null) throw notStored(revision, direction, lost);
  }
}

/** The revisions to write, parents first. */
function lackingOf(specs: readonly string[], graph: RevisionGraph, applied: AppliedIds): readonly Revision[] {
  const wanted = specs.length === 0 ? applied.keys() : specs.flatMap((text) => {
    const { ids } = resolve(parseSpec(text), graph, applied);
    const here = ids.find((id) => !isStored(graph.get(id)!));
    if (here === undefined) return ids;
    throw new MigError("already-exists", `the folder of revision ${here} is here already`, {
      locations: [{ path: graph.get(here)!.path }],
      hint: `\`mig show ${here} --applied\` prints what was applied`,
    });
  });
  return graph.sort(graph.ancestors(wanted)).filter(isStored);
}
