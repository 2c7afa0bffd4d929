/** `mig down`: undoes revisions. */

import { decideDown } from "../engine/decide.ts";
import { parseSpec } from "../revision/spec.ts";
import type { Command } from "./command.ts";
import type { MigratedData, ScriptData } from "./data.ts";
import { DRY_RUN, namesOf, RUN_FLAGS, runMigration, YES } from "./migrate.ts";
import { makeScript, SCRIPT_FLAGS, wantsScript } from "./script.ts";

export const down: Command<MigratedData | ScriptData> = {
  spec: {
    name: "down",
    operands: "<revision>",
    arity: [1, 1],
    about: [
      "Undoes every applied revision that comes after the one you name, newest first, by its down.sql. The one you name stays \
applied; base undoes them all.",
      "-1 undoes the last one, -2 the last two. A revision without a down.sql is irreversible: mig says so before it undoes \
anything.",
      "What is on another branch and depends on a revision that goes (depends_on) goes too. mig shows the plan then, and asks; \
--yes answers. --dry-run tells of each revision why it goes.",
      "With --sql it writes a script for psql that a DBA can run, from:to.",
    ],
    flags: [DRY_RUN, YES, ...SCRIPT_FLAGS, ...RUN_FLAGS],
    examples: [
      { command: "mig down -1", does: "undo the last one" },
      { command: "mig down 91c0", does: "undo all that came after revision 91c07d5e" },
      { command: "mig down base", does: "undo everything" },
      { command: "mig down -1 --dry-run", does: "show what would run" },
      { command: "mig down --sql head:-1", does: "write a script that undoes the newest one" },
    ],
  },
  async run(input, app) {
    if (wantsScript(input)) return await makeScript("down", input, app);
    const spec = parseSpec(input.operands[0]!);
    const project = await app.openProject();
    const again = { up: "mig up", down: "mig down" };
    const [name] = namesOf([spec]);
    const idle = name === undefined ? undefined : `nothing that comes after ${name} is applied`;
    return await runMigration(
      {
        again,
        direction: "down",
        project,
        decide: decideDown(project.chain, spec),
        idle,
        question: {
          before: "undoing-dependents",
          text: (what) => `This undoes ${what}, on other branches too where they depend on what goes. Go on?`,
        },
      },
      input,
      app,
    );
  },
};
