/** `mig heads`: the revisions that nobody follows. */

import { branchLabels } from "../revision/branch_labels.ts";
import type { Command } from "./command.ts";
import type { HeadsData } from "./data.ts";

export const heads: Command<HeadsData> = {
  spec: {
    name: "heads",
    operands: "",
    arity: [0, 0],
    about: [
      "Shows the revisions of this folder that nobody follows, with the labels of their branches. With more than one, `mig up` does \
not know which you mean: `mig merge` joins them. The database is not asked.",
    ],
    flags: [],
    examples: [{ command: "mig heads", does: "one line a head" }],
  },
  async run(_input, app) {
    const { graph } = await app.openChain();
    const labels = branchLabels(graph);
    const heads = graph.heads.map(({ id, message, path }) => ({
      id,
      message,
      path,
      labels: labels.get(id) ?? [],
    }));
    return { kind: "heads", heads };
  },
};
