/** `mig config`: each setting, its value, and where it came from. */

import type { Command } from "./command.ts";
import type { ConfigData } from "./data.ts";

export const config: Command<ConfigData> = {
  spec: {
    name: "config",
    operands: "",
    arity: [0, 0],
    about: [
      "Prints each setting, its value and where it came from: a flag, an environment variable, .env, mig.json, or the \
default. Passwords are hidden.",
    ],
    flags: [],
    examples: [{ command: "mig config --env production", does: "what would be used there" }],
  },
  run(_input, app) {
    return app.describeSettings();
  },
};
