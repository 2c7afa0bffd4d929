/** `mig show`: one revision and its SQL. */

import { MigError } from "../error.ts";
import type { Chain } from "../engine/chain.ts";
import { appliedIds } from "../engine/decide.ts";
import { readApplied, readStoredSql } from "../engine/applied_rows.ts";
import { findVersionTable } from "../engine/version_table.ts";
import { withSession } from "../engine/with_session.ts";
import type { AppliedRevision } from "../revision/applied.ts";
import { LARGEST_TEXT, sizeText } from "../revision/large_text.ts";
import { resolve } from "../revision/resolve.ts";
import { parseSpec } from "../revision/spec.ts";
import type { Direction, Revision, RevisionTexts } from "../revision/revision.ts";
import { graphWithStored } from "../revision/stored.ts";
import type { Command } from "./command.ts";
import { stateOf } from "./current.ts";
import type { ShowData } from "./data.ts";

export const show: Command<ShowData> = {
  spec: {
    name: "show",
    operands: "<revision>",
    arity: [1, 1],
    about: [
      "Prints a revision: its parents, whether it is applied, and its SQL as it stands in the folder. With --applied, the \
SQL that was stored in the database when it was applied; so it is for a revision whose folder is not here.",
    ],
    flags: [
      { name: "applied", summary: "Print the SQL that was applied, as the database has it" },
      { name: "no-db", summary: "Look at the files only" },
    ],
    examples: [
      { command: "mig show head", does: "the newest revision" },
      { command: "mig show 3f9a --applied", does: "what ran when 3f9a1c2b was applied" },
    ],
  },
  async run(input, app) {
    const chain = await app.openChain();
    if (input.switches.has("no-db")) return here(chain, selected(input.operands[0]!, chain, []), undefined);
    const database = await app.openDatabase();
    return await withSession(database, {}, async (session) => {
      const table = await findVersionTable(session, app.table);
      const rows = await readApplied(session, table);
      const id = selected(input.operands[0]!, chain, rows);
      const row = rows.find((row) => row.id === id);
      if (!input.switches.has("applied") && chain.graph.has(id)) return here(chain, id, row);
      const stored = (await readStoredSql(session, table, [id])).get(id);
      if (row === undefined || stored === undefined) throw notApplied(id);
      return {
        kind: "show",
        revision: stateOf(chain.graph, row),
        children: chain.graph.has(id) ? chain.graph.children(id).map(({ id }) => id) : [],
        stored: true,
        up: stored.up,
        down: stored.down,
      };
    });
  },
};

function notApplied(id: string): MigError {
  return new MigError(
    "revision-not-applied",
    `revision ${id} is not applied, so the database has no text of it`,
    {
      hint: `see it as it stands in the folder: mig show ${id}`,
    },
  );
}

function here({ graph, texts }: Chain, id: string, row: AppliedRevision | undefined): ShowData {
  const revision = graph.get(id)!;
  const { message, parents, path } = revision;
  return {
    kind: "show",
    revision: { id, message, parents, path, applied: row === undefined ? null : stateOf(graph, row).applied },
    children: graph.children(id).map(({ id }) => id),
    stored: false,
    up: textToShow(revision, "up", texts) ?? "",
    down: textToShow(revision, "down", texts),
  };
}

function textToShow(revision: Revision, direction: Direction, texts: RevisionTexts): string | null {
  const content = texts.open(revision, direction);
  if (content === null || typeof content === "string") return content;
  return content.bytes <= LARGEST_TEXT
    ? texts.read(revision, direction)
    : `-- This file has ${sizeText(content.bytes)}: too much to be shown.\n`;
}

/** One revision, which the database alone may know. */
function selected(text: string, { graph }: Chain, rows: readonly AppliedRevision[]): string {
  const { ids } = resolve(parseSpec(text), graphWithStored(graph, rows), appliedIds(rows));
  if (ids.length === 1) return ids[0]!;
  throw new MigError(
    "usage",
    `"${text}" stands for ${ids.length === 0 ? "no revision" : ids.join(" and ")}`,
    {
      hint: "name one: mig show <id>",
    },
  );
}
