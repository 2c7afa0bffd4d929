/** `mig current`: the revision that the database is at. */

import { appliedIds } from "../engine/decide.ts";
import { survey } from "../engine/survey.ts";
import type { AppliedPlace, AppliedRevision } from "../revision/applied.ts";
import type { RevisionGraph } from "../revision/graph.ts";
import type { Command } from "./command.ts";
import type { CurrentData, RevisionState } from "./data.ts";

export const current: Command<CurrentData> = {
  spec: {
    name: "current",
    operands: "",
    arity: [0, 0],
    about: [
      "Shows the revision that the database is at: the applied one that no other applied one follows. With branches \
there are several, at base none. --verbose adds parents, folder, and when and by whom it was applied.",
    ],
    flags: [
      {
        name: "check-heads",
        short: "c",
        summary: "Exit with 3 where that is not every head, as Alembic takes it",
      },
    ],
    examples: [{ command: "mig current --json", does: "the same for a program" }],
  },
  async run({ switches }, app) {
    const { chain: { graph }, answer: { database, applied } } = await app.askProject((database) =>
      survey(database, app.table)
    );
    const heads = new Set(graph.heads.map(({ id }) => id));
    const current = currentOf(graph, applied).map((state) => ({ ...state, head: heads.has(state.id) }));
    return {
      kind: "current",
      database,
      current,
      atHeads: current.length === heads.size && current.every(({ head }) => head),
      view: { verbose: switches.has("verbose"), checkHeads: switches.has("check-heads") },
    };
  },
  exitCode: ({ atHeads, view: { checkHeads } }) => checkHeads && !atHeads ? 3 : 0,
};

/** The applied revisions that no applied one follows, by the parents that were recorded when they were applied. */
export function currentOf(graph: RevisionGraph, rows: readonly AppliedRevision[]): RevisionState[] {
  return lastOf(rows).map((row) => stateOf(graph, row));
}

/** The rows of those revisions. */
export function lastOf<Row extends AppliedPlace>(rows: readonly Row[]): Row[] {
  const applied = [...appliedIds(rows).values()];
  const followed = new Set(applied.flatMap(({ parents }) => parents));
  return applied.filter(({ id }) => !followed.has(id));
}

/** An applied revision, with what the folder knows of it. */
export function stateOf(graph: RevisionGraph, row: AppliedRevision): RevisionState {
  const { id, message, parents, appliedAt, appliedBy, durationMs, unfinished } = row;
  return {
    id,
    message,
    parents,
    path: graph.get(id)?.path ?? null,
    applied: { appliedAt, appliedBy, durationMs, unfinished },
  };
}
