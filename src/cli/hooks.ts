/** The hooks of the settings, as the verbs can run them. */

import { resolve } from "node:path";
import type { OnEvent } from "../engine/event.ts";
import type { CommandHook, Hook, HookFacts, HookName } from "../engine/hook.ts";
import type { Config } from "./config/config.ts";
import { pathFrom } from "./config/text.ts";
import { runHookCommand } from "./hook_process.ts";

/** The hooks of the settings in their order. */
export function hooksOf(
  { hooks, folder, sources: { cwd, env } }: Config,
  readSql: (path: string) => string,
  onEvent: OnEvent,
): readonly Hook[] {
  return hooks.flatMap(({ name, value }) =>
    value.map((action): Hook => {
      if (typeof action !== "string") {
        const path = pathFrom(cwd, resolve(folder, action.sql));
        return { kind: "sql", name, path, read: () => readSql(path) };
      }
      const run: CommandHook["run"] = (facts, signal) => {
        const variables = {
          ...env,
          ...variablesOf(name, facts, (path) => pathFrom(folder, resolve(cwd, path))),
        };
        return runHookCommand({ name, command: action, folder, variables }, onEvent, signal);
      };
      return { kind: "command", name, command: action, run };
    })
  );
}

/** What a command line is told, as MIG_ variables. Lists are separated by blanks, files by line feeds. */
function variablesOf(
  name: HookName,
  { direction, revisions, step, database, files }: HookFacts,
  fromProject: (path: string) => string,
): Readonly<Record<string, string>> {
  return {
    MIG_HOOK: name,
    MIG_REVISIONS: revisions.join(" "),
    ...direction === undefined ? {} : { MIG_DIRECTION: direction },
    ...database === undefined ? {} : { MIG_DATABASE_DESCRIPTION: database },
    ...step === undefined ? {} : { MIG_REVISION: step.id, MIG_MESSAGE: step.message },
    ...files === undefined ? {} : { MIG_FILES: files.map(fromProject).join("\n") },
  };
}
