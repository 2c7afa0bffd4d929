/** `mig branches`: where the chain parts. */

import { branchLabels } from "../revision/branch_labels.ts";
import type { RevisionGraph } from "../revision/graph.ts";
import type { Revision } from "../revision/revision.ts";
import type { Command } from "./command.ts";
import type { BranchesData, BranchName } from "./data.ts";

export const branches: Command<BranchesData> = {
  spec: {
    name: "branches",
    operands: "",
    arity: [0, 0],
    about: [
      "Shows the revisions that several others follow, and under each the branches that begin there, with their labels and \
the heads to which they lead. The database is not asked.",
    ],
    flags: [],
    examples: [{ command: "mig branches", does: "every branch point and its branches" }],
  },
  async run(_input, app) {
    const { graph } = await app.openChain();
    const labels = branchLabels(graph);
    const named = ({ id, message, path }: Revision): BranchName => ({
      id,
      message,
      path,
      labels: labels.get(id) ?? [],
      heads: headsAbove(id, graph),
    });
    return {
      kind: "branches",
      branchPoints: graph.branchPoints.map((point) => ({
        ...named(point),
        branches: graph.children(point.id).map(named),
      })),
    };
  },
};

function headsAbove(id: string, graph: RevisionGraph): string[] {
  const after = graph.descendants([id], "parents");
  return graph.heads.map((head) => head.id).filter((head) => after.has(head));
}
