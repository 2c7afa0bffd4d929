/** `mig init`: sets up a project. */

import type { Command } from "./command.ts";
import type { InitData } from "./data.ts";

export const init: Command<InitData> = {
  spec: {
    name: "init",
    operands: "",
    arity: [0, 0],
    about: [
      "Makes mig.json and the folder migrations/ here, each with a comment on what goes where, and has git ignore .mig/, \
where the embedded database lives, and .env, which may hold passwords. What is there already stays as it is.",
      "Inside of a project, in a folder below its mig.json, this makes another project; mig tells where the outer one is.",
    ],
    flags: [],
    examples: [{ command: "mig init", does: 'then: mig new "create users"' }],
  },
  run(_input, app) {
    return Promise.resolve({ kind: "init", ...app.createProject() });
  },
};
