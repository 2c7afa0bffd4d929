/** `mig new`: makes a revision. */

import { MigError } from "../error.ts";
import type { RevisionGraph } from "../revision/graph.ts";
import type { RevisionId } from "../revision/revision.ts";
import type { Command } from "./command.ts";
import type { CreatedData } from "./data.ts";

export const newRevision: Command<CreatedData> = {
  spec: {
    name: "new",
    operands: "<message>",
    arity: [0, Infinity],
    about: [
      "Makes a folder for a new revision, with an up.sql, a down.sql and a meta.json which says that it follows the head. \
The database is not asked.",
    ],
    flags: [{ name: "message", short: "m", value: "TEXT", summary: "The message, as Alembic takes it" }],
    examples: [{ command: 'mig new "phone number"', does: "then write the two SQL files, and run mig up" }],
  },
  async run(input, app) {
    const message = (input.values.message ?? input.operands.join(" ")).trim();
    if (message === "") {
      throw new MigError("usage", "a revision needs a message", {
        hint: 'say what it does: mig new "phone number"',
      });
    }
    const chain = await app.openChain();
    const parents = onlyHead(chain.graph);
    const { id, path, files } = app.createRevision(chain, { parents, message });
    return { kind: "created", id, parents, message, path, files };
  },
};

function onlyHead({ heads }: RevisionGraph): readonly RevisionId[] {
  if (heads.length <= 1) return heads.map(({ id }) => id);
  throw new MigError("heads-multiple", `a revision follows the head, and there are ${heads.length} heads`, {
    locations: heads.map(({ id, message, path }) => ({ path, note: `${id} "${message}"` })),
    hint: "let one of them follow the other: change its parent in meta.json",
  });
}
