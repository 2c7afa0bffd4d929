/** `mig draft-down`: writes down.sql from what up.sql does. */

import { draftDown } from "../engine/draft/draft.ts";
import { DraftTexts } from "../engine/draft/draft_texts.ts";
import type { Chain } from "../engine/chain.ts";
import { MigError } from "../error.ts";
import { titleOf } from "../revision/name_lookup.ts";
import type { Revision } from "../revision/revision.ts";
import { isUnwritten } from "../revision/unwritten.ts";
import type { App } from "./app.ts";
import type { Command, Input } from "./command.ts";
import type { DraftDownData } from "./data.ts";
import { NO_HOOKS, runAfterEdit } from "./file_hooks.ts";
import { namedRevisions } from "./named.ts";
import { downFile, makerOf } from "./new_auto.ts";
import { SHADOW_FLAGS } from "./verify.ts";

export const draftDownCommand: Command<DraftDownData> = {
  spec: {
    name: "draft-down",
    operands: "[<revision>]",
    arity: [0, 1],
    about: [
      "Writes the down.sql of a revision, the head if you name none, from what its up.sql does: in a throw-away database, the \
shadow, the schema before it and after it are compared. It has run there before it is written, and led back to where up.sql \
began. Renames are seen for certain. What it cannot bring back, such as the rows of a table that up.sql drops, is lost; what it \
loses itself has a comment that says so.",
      "A down.sql that is there is shown and kept, unless --force says otherwise. It is proven on empty tables, or on the rows \
that revisions put in: look at what it does to yours. `mig verify` proves the two with rows made for it.",
    ],
    flags: [
      { name: "print", summary: "Print it, and write nothing" },
      { name: "force", short: "f", summary: "Write it over the down.sql that is there" },
      NO_HOOKS,
      ...SHADOW_FLAGS,
    ],
    examples: [
      { command: "mig draft-down", does: "the way back of the newest revision" },
      { command: "mig draft-down 3f9a --print", does: "compare it with the one that is there" },
    ],
  },
  async run(input, app) {
    const chain = await app.openChain();
    const revision = await namedOne(input.operands[0] ?? "head", chain, app);
    const path = chain.texts.pathOf(revision, "down");
    refuseLoss(revision, chain.texts.read(revision, "down"), path, input);
    const { graph } = chain;
    const before = graph.sort(
      new Set([...graph.ancestors([revision.id])].filter((id) => id !== revision.id)),
    );
    const texts = new DraftTexts(chain.texts);
    await using shadow = await app.openShadow({ ...chain, texts });
    const maker = await makerOf(shadow, texts, app);
    const { down: text, file } = downFile(
      await draftDown(maker, revision, chain.texts.read(revision, "up")!, before),
    );
    const written = text !== null && !input.switches.has("print");
    if (written) {
      app.writeSql(revision.path, "down", text);
      await runAfterEdit([revision.id], [path], input, app);
    }
    return {
      kind: "draft-down",
      revision: { id: revision.id, message: revision.message },
      path,
      written,
      down: file,
      text,
      view: { print: input.switches.has("print") },
    };
  },
};

async function namedOne(text: string, chain: Chain, app: App): Promise<Revision> {
  const ids = await namedRevisions(
    text,
    chain,
    app,
    (heads) => heads.slice(0, 5).map((id) => `name one: \`mig draft-down ${id}\``),
  );
  if (ids.length === 1) return chain.graph.get(ids[0]!)!;
  throw new MigError(
    "usage",
    `mig draft-down takes one revision, and "${text}" stands for ${ids.length || "none"}`,
    {
      hint: "name a revision: `mig history` lists them",
    },
  );
}

/** What somebody wrote is not overwritten by the way. */
function refuseLoss(revision: Revision, present: string | null, path: string, { switches }: Input): void {
  if (present === null || isUnwritten(present, "down") || switches.has("force") || switches.has("print")) {
    return;
  }
  throw new MigError("already-exists", `${titleOf(revision)} has a down.sql`, {
    locations: [{ path }],
    hint: ["`mig draft-down --print` prints what mig would write", "--force writes it over what is there"],
  });
}
