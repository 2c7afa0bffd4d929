/** `mig completion`: the script by which a shell completes what is typed after `mig`. */

import { MigError } from "../error.ts";
import type { Command, Input } from "./command.ts";
import type { CompletionData } from "./data.ts";
import { BASH } from "./shells/bash.ts";
import { FISH } from "./shells/fish.ts";
import { POWERSHELL } from "./shells/powershell.ts";
import { ZSH } from "./shells/zsh.ts";

const SCRIPTS: Readonly<Record<string, string>> = {
  bash: BASH,
  zsh: ZSH,
  fish: FISH,
  powershell: POWERSHELL,
};
const SHELLS = Object.keys(SCRIPTS);

export const completion: Command<CompletionData> = {
  spec: {
    name: "completion",
    operands: "<shell>",
    arity: [1, 1],
    choices: SHELLS,
    about: [
      "Prints a script for bash, zsh, fish or powershell. With it the Tab key completes commands, their options, \
environments of mig.json, and the ids of revisions with their messages. It looks at the files of the project alone, never at a \
database.",
    ],
    flags: [],
    examples: [
      { command: 'eval "$(mig completion bash)"', does: "in ~/.bashrc" },
      { command: 'eval "$(mig completion zsh)"', does: "in ~/.zshrc, after compinit" },
      { command: "mig completion fish > ~/.config/fish/completions/mig.fish", does: "for fish" },
      { command: "mig completion powershell | Out-String | Invoke-Expression", does: "in $PROFILE" },
    ],
  },
  run: (input) => Promise.resolve(scriptFor(input)),
  // It stands in .bashrc, and a shell may be opened in any folder.
  answer: scriptFor,
};

function scriptFor({ operands }: Input): CompletionData {
  const shell = operands[0]!;
  const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
  if (script !== undefined) return { kind: "completion", shell, script };
  throw new MigError("usage", `there is no completion for "${shell}"`, {
    hint: `the shells are ${SHELLS.join(", ")}`,
  });
}
