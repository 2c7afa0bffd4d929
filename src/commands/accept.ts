/** `mig accept`: records the present text of a revision that was edited after it was applied. */

import { MigError } from "../error.ts";
import { acceptTexts } from "../engine/accept.ts";
import type { Chain } from "../engine/chain.ts";
import { appliedIds } from "../engine/decide.ts";
import { readTexts } from "../engine/recorded.ts";
import { readApplied, readStoredSql, type StoredSql } from "../engine/applied_rows.ts";
import { findVersionTable } from "../engine/version_table.ts";
import { withSession } from "../engine/with_session.ts";
import type { Database } from "../engine/database.ts";
import type { Revision, RevisionId } from "../revision/revision.ts";
import { resolve } from "../revision/resolve.ts";
import { parseSpec } from "../revision/spec.ts";
import { proofOfText } from "./accept_proof.ts";
import type { Command } from "./command.ts";
import type { AcceptedData } from "./data.ts";
import { YES } from "./migrate.ts";
import { textDiff } from "./text_diff.ts";
import { SHADOW_FLAGS } from "./verify.ts";

export const accept: Command<AcceptedData> = {
  spec: {
    name: "accept",
    operands: "<revision>",
    arity: [1, 1],
    about: [
      "Records the present up.sql and down.sql of one revision that was edited after it was applied, after showing what \
differs. No SQL of the revision runs on the database: it is for an edit that changes nothing there, such as a comment, or one \
that was made by hand there too.",
      "Before that it replays both texts of up.sql in a throw-away database, the shadow, and says whether they lead to the same \
schema, or shows what would be another. What they do to rows is not compared.",
    ],
    flags: [
      { ...YES, summary: "Do not ask" },
      { name: "no-proof", summary: "Do not replay the two texts" },
      ...SHADOW_FLAGS,
    ],
    examples: [{ command: "mig accept 3f9a", does: "the text of 3f9a1c2b as it is now is what was applied" }],
  },
  missingDatabase: "refuse",
  async run(input, app) {
    const chain = await app.openChain();
    const database = await app.openDatabase();
    const { revision, stored } = await find(input.operands[0]!, chain, database, app.table);
    const { upText: up, downText: down } = readTexts(revision, chain.texts);
    const now: StoredSql = { up, down };
    const { id, message } = revision;
    const done = { kind: "accepted", database: database.description, revision: { id, message } } as const;
    const diffs = [
      await diffOf("up", revision, chain, stored, now),
      await diffOf("down", revision, chain, stored, now),
    ];
    const lines = diffs.flatMap((diff) => diff?.split("\n") ?? []);
    if (lines.length === 0) return { ...done, changed: false, proof: null };
    const told = await proofOfText(revision, stored, now, chain, input, app);
    const shown = [...lines, ...told.lines, ...stored.down === now.down ? [] : [downUntried(id)]];
    if (input.switches.has("yes")) app.show(shown);
    else await app.confirm(told.question, shown, { proof: told.proof });
    await acceptTexts({ ...app, database }, id, stored, now);
    return { ...done, changed: true, proof: told.proof };
  },
};

/** Only up.sql was replayed. */
function downUntried(id: RevisionId): string {
  return `that tells nothing of down.sql, which is another one too: \`mig verify ${id}\` proves it`;
}

async function find(
  text: string,
  { graph }: Chain,
  database: Database,
  tableName: string,
): Promise<{ revision: Revision; stored: StoredSql }> {
  return await withSession(database, {}, async (session) => {
    const table = await findVersionTable(session, tableName);
    const applied = appliedIds(await readApplied(session, table));
    const { ids } = resolve(parseSpec(text), graph, applied);
    if (ids.length !== 1) {
      throw new MigError(
        "usage",
        `"${text}" stands for ${ids.length === 0 ? "no revision" : ids.join(" and ")}`,
        {
          hint: "name one: mig accept <id>",
        },
      );
    }
    const revision = graph.get(ids[0]!)!;
    const row = applied.get(revision.id);
    const stored = (await readStoredSql(session, table, [revision.id])).get(revision.id);
    if (row !== undefined && row.unfinished === null && stored !== undefined) return { revision, stored };
    throw new MigError(
      "revision-not-applied",
      `revision ${revision.id} "${revision.message}" is not applied, so there is nothing to compare it with`,
      { hint: `\`mig up ${revision.id}\` applies it as it is now` },
    );
  });
}

async function diffOf(
  direction: "up" | "down",
  revision: Revision,
  { texts }: Chain,
  stored: StoredSql,
  now: StoredSql,
): Promise<string | null> {
  return await textDiff(
    { name: `${direction}.sql as it was applied`, text: stored[direction] ?? "" },
    { name: texts.pathOf(revision, direction), text: now[direction] ?? "" },
  );
}
