/** `mig up`: applies revisions. */

import { decideUp } from "../engine/decide.ts";
import { parseSpec } from "../revision/spec.ts";
import type { Command } from "./command.ts";
import type { MigratedData, ScriptData } from "./data.ts";
import { DRY_RUN, namesOf, RUN_FLAGS, runMigration } from "./migrate.ts";
import { makeScript, SCRIPT_FLAGS, wantsScript } from "./script.ts";

export const up: Command<MigratedData | ScriptData> = {
  spec: {
    name: "up",
    operands: "[<revision>…]",
    arity: [0, Infinity],
    about: [
      "Applies every revision that leads to the one you name and is not applied yet, in order; to the head if you name none. \
Each runs in a transaction together with its row in the version table, so it is there whole or not at all.",
      "A revision is named by its id or the beginning of it, by the words of its message (phone_number), as head or heads \
(of all branches), or counted from where the database is: +1, +2.",
      "With --sql it writes a script for psql that a DBA can run, from:to (base:head if you do not say), to the same end: schema, data \
and version table. Its head says how to run it, and it checks that the database is where it begins.",
    ],
    flags: [DRY_RUN, ...SCRIPT_FLAGS, ...RUN_FLAGS],
    examples: [
      { command: "mig up", does: "apply all that is pending" },
      { command: "mig up 3f9a", does: "apply up to revision 3f9a1c2b" },
      { command: "mig up +1", does: "apply the next one" },
      { command: "mig up --dry-run", does: "show what would run" },
      {
        command: "mig up --sql 3f9a:head -o up.sql",
        does: "write a script that leads from 3f9a1c2b to the head",
      },
      { command: "mig up --sql current:head", does: "the same from where the database is" },
    ],
  },
  missingDatabase: "make",
  async run(input, app) {
    if (wantsScript(input)) return await makeScript("up", input, app);
    const specs = (input.operands.length === 0 ? ["head"] : input.operands).map(parseSpec);
    const project = await app.openProject();
    const again = { up: "mig up", down: "mig down" };
    const names = namesOf(specs);
    const idle = names.length === 0
      ? undefined
      : `${names.join(" and ")} ${names.length === 1 ? "is" : "are"} applied already`;
    return await runMigration(
      { again, direction: "up", project, decide: decideUp(project.chain, specs), idle },
      input,
      app,
    );
  },
};
