/** `mig redo`: undoes the last revisions and applies them again. */

import { decideRedo } from "../engine/decide.ts";
import { MigError } from "../error.ts";
import type { Command } from "./command.ts";
import type { MigratedData } from "./data.ts";
import { DRY_RUN, RUN_FLAGS, runMigration } from "./migrate.ts";

export const redo: Command<MigratedData> = {
  spec: {
    name: "redo",
    operands: "[<count>]",
    arity: [0, 1],
    about: [
      "Undoes the last revision, or as many as you say, and applies them again as their files are now: for the revision that \
you are writing, on your own machine. The data that only they hold is gone.",
      "They are counted from where the database is, by what each follows. A merge revision counts as one; below it, name the \
branch that is to stay: mig goto <revision>, then mig up.",
    ],
    flags: [DRY_RUN, ...RUN_FLAGS],
    examples: [
      { command: "mig redo", does: "after a change of the last revision's files" },
      { command: "mig redo 3", does: "the last three" },
    ],
  },
  async run(input, app) {
    const count = input.operands[0] ?? "1";
    if (!/^[1-9]\d{0,5}$/.test(count)) {
      throw new MigError("usage", `"${count}" is not a number of revisions`, {
        hint: "say how many: mig redo 2; to go to a revision, see `mig goto`",
      });
    }
    const project = await app.openProject();
    // What it had undone is to be applied, and redo would begin below it.
    const again = { up: "mig up", down: input.operands.length === 0 ? "mig redo" : `mig redo ${count}` };
    const decide = decideRedo(project.chain, Number(count));
    return await runMigration({ again, direction: "both", project, decide }, input, app);
  },
};
