/** `mig goto`: leads to a revision from wherever the database is. */

import { decideGoto } from "../engine/decide.ts";
import { parseSpec } from "../revision/spec.ts";
import type { Command } from "./command.ts";
import type { MigratedData } from "./data.ts";
import { DRY_RUN, RUN_FLAGS, runMigration, YES } from "./migrate.ts";

export const goTo: Command<MigratedData> = {
  spec: {
    name: "goto",
    operands: "<revision>…",
    arity: [1, Infinity],
    about: [
      "Leads the database to the revisions that you name from wherever it is: undoes what they do not need, newest first, \
then applies what they need and is not there.",
      "A revision that was applied from another git branch, whose folder is not here, is undone by the down.sql that was \
stored when it was applied. Before anything is undone, mig shows the plan and asks; --yes answers.",
    ],
    flags: [DRY_RUN, YES, ...RUN_FLAGS],
    examples: [
      { command: "mig goto head", does: "from another branch's state to that of this folder" },
      { command: "mig goto 3f9a --dry-run", does: "show the way" },
    ],
  },
  missingDatabase: "make",
  async run(input, app) {
    const specs = input.operands.map(parseSpec);
    const project = await app.openProject();
    const command = `mig goto ${input.operands.join(" ")}`;
    return await runMigration(
      {
        again: { up: command, down: command },
        direction: "both",
        project,
        decide: decideGoto(project.chain, specs),
        question: {
          before: "undoing",
          text: (what) => `This undoes ${what}, with the data that nothing else holds. Go on?`,
        },
      },
      input,
      app,
    );
  },
};
