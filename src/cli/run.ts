/** One run of the command line, from the arguments to the exit code. The one place where errors are caught. */

import process from "node:process";
import { REGISTRY } from "../commands/registry.ts";
import { EXIT_CODES, MigError } from "../error.ts";
import { renderError } from "../render/error.ts";
import { commandHelp, overview } from "../render/help.ts";
import { renderJsonError } from "../render/json.ts";
import { entryFor, findVerb, type Invocation, readInput } from "./args.ts";
import { type Console, systemConsole } from "./console.ts";
import { explainDenial, permittedEnv } from "./permissions.ts";
import { versionText } from "./version.ts";

/**
 * Runs mig.
 *
 * @param args without the program's own name
 * @returns the exit code: 0 done, 1 failed, 2 usage or configuration, 3 a check found something, 130 interrupted
 */
export async function run(args: readonly string[]): Promise<number> {
  const console = systemConsole(permittedEnv(process.env));
  if (args[0] === COMPLETE) {
    const { complete } = await import("./completion/complete.ts");
    await complete(args.slice(1), console);
    return 0;
  }
  const invocation = findVerb(args);
  let command: string | null = null;
  try {
    if (invocation.verb === null) return answerWithoutVerb(args, invocation, console);
    const entry = entryFor(invocation.verb);
    command = entry.name;
    if (invocation.help) {
      const { spec } = await entry.load();
      console.answer(commandHelp(entry, spec, console.answerStyle));
      return 0;
    }
    if (invocation.version) return answerVersion(console);
    const verb = await entry.load();
    const input = readInput(invocation.rest, verb.spec);
    const { runVerb } = await import("./verb.ts");
    return await runVerb(verb, input, console);
  } catch (error) {
    return report(explainDenial(error), command, invocation, console);
  }
}

/** What the shells' completion calls; no command for people. */
const COMPLETE = "__complete";

function answerWithoutVerb(args: readonly string[], invocation: Invocation, console: Console): number {
  if (invocation.version) return answerVersion(console);
  if (invocation.help || args.length === 0) {
    console.answer(overview(REGISTRY, console.answerStyle));
    return 0;
  }
  throw new MigError("usage", `there is no command in \`mig ${args.join(" ")}\``, {
    hint: "`mig --help` lists the commands",
  });
}

function answerVersion(console: Console): number {
  console.answer(versionText());
  return 0;
}

function report(
  error: unknown,
  command: string | null,
  { json, environment }: Invocation,
  console: Console,
): number {
  const known = error instanceof MigError ? error : faultOfMig(error);
  const text = renderError(known, console.tellStyle);
  // Whoever copies a command out of a hint must not end up in another database.
  const flag = environment === null
    ? ""
    : `--env ${/^[\w.-]+$/.test(environment) ? environment : `'${environment}'`} `;
  console.tell(text.replaceAll("`mig ", `\`mig ${flag}`));
  // Its stack is what helps to mend it.
  if (known !== error) console.tell(console.tellStyle.dim(String((error as Error)?.stack ?? error)));
  try {
    if (json) console.answer(renderJsonError(command, known));
  } catch (unwritable) {
    if (!(unwritable instanceof MigError)) throw unwritable;
  }
  return EXIT_CODES[known.code];
}

/** Whatever is thrown that is not a `MigError` is a fault of mig, which is said. */
function faultOfMig(error: unknown): MigError {
  const message = error instanceof Error ? error.message : String(error);
  return new MigError("internal", `mig has a fault: ${message}`, {
    hint: [
      "`mig status` tells where the database is: a revision is applied whole or not at all, whatever happens to mig",
      "please report it, with the lines below",
    ],
  });
}
