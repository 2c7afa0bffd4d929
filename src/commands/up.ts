/** `mig up`: applies revisions. */

import { decideUp } from "../engine/decide.ts";
import { parseSpec } from "../revision/spec.ts";
import type { Command } from "./command.ts";
import type { MigratedData } from "./data.ts";
import { DRY_RUN, namesOf, RUN_FLAGS, runMigration } from "./migrate.ts";

export const up: Command<MigratedData> = {
  spec: {
    name: "up",
    operands: "[<revision>…]",
    arity: [0, Infinity],
    about: [
      "Applies every revision that leads to the one you name and is not applied yet, in order; to the head if you name none. \
Each runs in a transaction together with its row in the version table, so it is there whole or not at all.",
      "A revision is named by its id or the beginning of it, by the words of its message (phone_number), as head or heads \
(of all branches), or counted from where the database is: +1, +2.",
    ],
    flags: [DRY_RUN, ...RUN_FLAGS],
    examples: [
      { command: "mig up", does: "apply all that is pending" },
      { command: "mig up 3f9a", does: "apply up to revision 3f9a1c2b" },
      { command: "mig up +1", does: "apply the next one" },
      { command: "mig up --dry-run", does: "show what would run" },
    ],
  },
  async run(input, app) {
    const specs = (input.operands.length === 0 ? ["head"] : input.operands).map(parseSpec);
    const chain = await app.openChain();
    const again = { up: "mig up", down: "mig down" };
    const names = namesOf(specs);
    const idle = names.length === 0
      ? undefined
      : `${names.join(" and ")} ${names.length === 1 ? "is" : "are"} applied already`;
    return await runMigration(
      { again, direction: "up", chain, decide: decideUp(chain, specs), idle },
      input,
      app,
    );
  },
};
