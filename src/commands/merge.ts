/** `mig merge`: joins branches by a revision that follows several. */

import { titleOf } from "../revision/name_lookup.ts";
import type { Revision } from "../revision/revision.ts";
import type { Command } from "./command.ts";
import { createdData } from "./created.ts";
import type { MergeData } from "./data.ts";
import { NO_HOOKS, runAfterNew } from "./file_hooks.ts";
import { headsToJoin } from "./merge_heads.ts";
import { proofOfMerge } from "./merge_proof.ts";
import { YES } from "./migrate.ts";
import { SHADOW_FLAGS } from "./verify.ts";

export const merge: Command<MergeData> = {
  spec: {
    name: "merge",
    operands: "[<revision>…]",
    arity: [0, Infinity],
    about: [
      "Makes a revision that follows several heads, all of them if you name none, so that there is one head again. Its SQL \
files hold a comment only: the branches' own SQL runs as it is. Write something there where the two do not fit together.",
      "Before that it proves that the branches fit together: in a throw-away database, the shadow, they are replayed one after \
the other and the other way round. Where both lead to the same schema, nobody is asked; where they do not, it shows what they \
clash on, and asks.",
      "Where one of the branches is not applied anywhere yet, `mig rebase` makes a chain of them instead. The database is not \
asked.",
    ],
    flags: [
      { name: "message", short: "m", value: "TEXT", summary: "The message (merge <a> and <b>)" },
      {
        name: "branch-label",
        value: "NAME",
        repeatable: true,
        summary: "A name for the branch that begins here",
      },
      { name: "id", alias: "rev-id", value: "ID", summary: "Its id, instead of a random one" },
      { name: "no-proof", summary: "Do not replay the branches" },
      { ...YES, summary: "Do not ask where the branches clash" },
      ...SHADOW_FLAGS,
      NO_HOOKS,
    ],
    examples: [
      { command: "mig merge", does: "join all heads" },
      { command: 'mig merge 3f9a 91c0 -m "billing and tags"', does: "join these two" },
    ],
  },
  async run(input, app) {
    const { operands, values, lists } = input;
    const chain = await app.openChain();
    const { graph } = chain;
    const parents = await headsToJoin(operands, "message" in values, chain, app);
    if (parents.length < 2) {
      return { kind: "merge", created: null, proof: null, heads: graph.heads.map(named) };
    }
    const message = values.message?.trim() || `merge ${listed(parents.map(({ id }) => id))}`;
    const ids = parents.map(({ id }) => id);
    const proof = await proofOfMerge(parents, chain, input, app);
    const made = app.createRevision(chain, {
      message,
      parents: ids,
      id: values.id,
      labels: lists["branch-label"],
      up: `-- This revision joins ${listed(parents.map(inComment))}.
-- It needs no SQL, unless the branches do not fit together: what mends that belongs here.
`,
      down: `-- This revision joins ${listed(parents.map(inComment))}; there is no SQL to take back.
`,
    });
    await runAfterNew(made, input, app);
    const { kind: _, ...created } = createdData(chain, { message, parents: ids }, made, ["up", "down"]);
    return { kind: "merge", created, proof, heads: created.heads };
  },
};

/** `a and b`, `a, b and c`. */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** A revision's name that stays within a line of a SQL comment. */
function inComment(revision: Revision): string {
  return titleOf(revision).replaceAll(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
}

function named({ id, message }: Revision) {
  return { id, message };
}
