/** `mig drift`: what somebody has changed in a database by hand. */

import { appliedIds } from "../engine/decide.ts";
import { type BothWays, findBothWays } from "../engine/draft/both_ways.ts";
import { draftWays } from "../engine/draft/draft.ts";
import { draftRevision, DraftTexts } from "../engine/draft/draft_texts.ts";
import type { RenameCandidate } from "../engine/difference.ts";
import type { Chain } from "../engine/chain.ts";
import { type ChainSurvey, surveyChain } from "../engine/survey.ts";
import { type PreparedRepeatable, prepareRepeatables } from "../engine/repeatable_scripts.ts";
import { MigError } from "../error.ts";
import type { Revision } from "../revision/revision.ts";
import type { App } from "./app.ts";
import type { Command, Input } from "./command.ts";
import { createdData } from "./created.ts";
import type { DraftedFile, DriftData, RevisionName } from "./data.ts";
import { NO_HOOKS, runAfterNew } from "./file_hooks.ts";
import { draftedOf, fileOf, makerOf } from "./new_auto.ts";
import { faultsOf } from "./proof_faults.ts";
import { chooseRenames, RENAME_FLAGS } from "./renames.ts";
import { SHADOW_FLAGS } from "./verify.ts";

export const drift: Command<DriftData> = {
  spec: {
    name: "drift",
    operands: "",
    arity: [0, 0],
    about: [
      "Compares a database with what the chain makes up to the revisions that it has recorded, and prints what was changed by \
hand, as SQL both ways: what leads from the chain to the database, to adopt it, and what leads back, to undo it. It exits with 3 \
if there is anything, and only reads; mig's own table is left out.",
      "The database is not compared as it is: it is rebuilt from its catalog in the same throw-away database, the shadow, in \
which the chain is replayed, so that what another version of PostgreSQL only writes otherwise is no difference. Both ways are \
proven there.",
      "--adopt writes a revision that follows the recorded ones, with both as its SQL files. It is in this database already, so \
record it here by `mig stamp`; `mig up` applies it elsewhere.",
    ],
    flags: [
      { name: "adopt", value: "TEXT", summary: "Write what was changed by hand as a new revision" },
      ...RENAME_FLAGS,
      NO_HOOKS,
      ...SHADOW_FLAGS,
    ],
    examples: [
      { command: "mig drift --env production", does: "has anybody changed production by hand?" },
      { command: 'mig drift --adopt "index of the hotfix"', does: "what they did becomes a revision" },
    ],
  },
  missingDatabase: "refuse",
  async run(input, app) {
    const chain = await app.openChain();
    const database = await app.openDatabase();
    const survey = await surveyChain(database, app.table, chain, await app.readRepeatables());
    const revisions = recorded(survey, chain);
    const at = chain.graph.tips(new Set(revisions.map(({ id }) => id)));
    const message = input.values.adopt?.replaceAll(/\s+/g, " ").trim();
    const to = { kind: "database", database } as const;
    const renames = chooseRenames(input, app);
    const candidates: RenameCandidate[] = [];
    const texts = new DraftTexts(chain.texts);
    await using shadow = await app.openShadow({ ...chain, texts });
    const maker = await makerOf(shadow, texts, app);
    const from = { kind: "revisions", revisions, ...scriptsOf(survey, app) } as const;
    const facts = {
      kind: "drift" as const,
      database: survey.database,
      at: at.map(nameOf),
      edited: survey.findings.flatMap((finding) =>
        finding.kind === "edited" ? [nameOf(finding.revision)] : []
      ),
    };
    if (message === undefined) {
      const ways = await findBothWays(maker, from, to, renames.given, async (found) => {
        const chosen = await renames.chooseGiven(found);
        if (chosen.length === 0) candidates.push(...found);
        return chosen;
      });
      renames.refuseUnused();
      const files = filesOf(ways);
      if (files.adopt.statements.length > 0) app.show(pendingLines(chain, revisions));
      return { ...facts, ...files, candidates, created: null };
    }
    if (message === "") {
      throw new MigError("usage", "the revision needs a message", { hint: 'mig drift --adopt "…"' });
    }
    app.show(pendingLines(chain, revisions));
    const parents = at.map(({ id }) => id);
    const revision = draftRevision(parents, message);
    const draft = await draftWays(maker, revision, from, to, renames.given, renames.choose);
    renames.refuseUnused();
    const place = parents.join(" and ") || "base";
    const { texts: files, up, down } = draftedOf(draft, place, survey.database, "mig drift");
    const created = files === null ? null : await create({ message, parents }, files, input, chain, app);
    return { ...facts, adopt: up!, undo: down, candidates, created };
  },
  exitCode: ({ adopt, created }) =>
    created === null && adopt.statements.length + adopt.cannot.length + adopt.faults.length > 0 ? 3 : 0,
};

/** What the database has, by its version table; it can be compared only where the folder has all of it. */
function recorded({ applied, findings }: ChainSurvey, { graph }: Chain): readonly Revision[] {
  for (const finding of findings) {
    if (finding.kind === "not-here") {
      const { id, message } = finding.applied;
      throw new MigError("revision-not-here", `${id} "${message}" is applied, but is not in this folder`, {
        hint: "what it makes cannot be told from what was changed by hand: `mig restore` writes its folder",
      });
    }
    if (finding.kind === "unfinished") {
      const { id, message } = finding.applied;
      throw new MigError("revision-unfinished", `${id} "${message}" was interrupted, and is half there`, {
        hint: "`mig status` tells how to go on; compare the database after that",
      });
    }
  }
  const ids = appliedIds(applied);
  return graph.order.filter(({ id }) => ids.has(id));
}

/** Repeatable scripts that are applied as they are now have made some of what is there. */
function scriptsOf(
  { repeatable }: ChainSurvey,
  { variables }: App,
): { readonly then?: readonly PreparedRepeatable[] } {
  const files = (repeatable?.states ?? []).flatMap(({ state, file }) =>
    state === "applied" && file !== null ? [file] : []
  );
  return files.length === 0 ? {} : { then: prepareRepeatables(files, variables) };
}

function filesOf(
  { there, back }: BothWays,
): { readonly adopt: DraftedFile; readonly undo: DraftedFile | null } {
  return {
    adopt: fileOf(there, faultsOf(there)),
    undo: back === null ? null : fileOf(back, faultsOf(back)),
  };
}

async function create(
  wanted: { readonly message: string; readonly parents: readonly string[] },
  files: { readonly up: string; readonly down: string | null },
  input: Input,
  chain: Chain,
  app: App,
): Promise<DriftData["created"]> {
  const made = app.createRevision(chain, { ...wanted, ...files });
  await runAfterNew(made, input, app);
  const { kind: _, ...created } = createdData(chain, wanted, made, ["up", "down"]);
  return created;
}

function nameOf({ id, message }: Revision): RevisionName {
  return { id, message };
}

/** One of them may have been adopted from this very database. */
function pendingLines({ graph }: Chain, recorded: readonly Revision[]): string[] {
  const there = new Set(recorded.map(({ id }) => id));
  return graph.order.filter(({ id, parents }) =>
    !there.has(id) && parents.every((parent) => there.has(parent))
  )
    .slice(0, 3)
    .map(({ id, message }) =>
      `pending: ${id} "${message}"; if it was adopted from here, record that: \`mig stamp ${id}\``
    );
}
