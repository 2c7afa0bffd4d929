/** `mig heads`: the revisions that nobody follows. */

import type { Command } from "./command.ts";
import type { HeadsData } from "./data.ts";

export const heads: Command<HeadsData> = {
  spec: {
    name: "heads",
    operands: "",
    arity: [0, 0],
    about: [
      "Shows the revisions of this folder that nobody follows. With more than one, `mig up` does not know which you mean. \
The database is not asked.",
    ],
    flags: [],
    examples: [{ command: "mig heads", does: "one line a head" }],
  },
  async run(_input, app) {
    const heads = (await app.openChain()).graph.heads.map(({ id, message, path }) => ({ id, message, path }));
    return { kind: "heads", heads };
  },
};
