/** The hooks of the verbs that write files, and the switch that leaves hooks out. */

import { MigError } from "../error.ts";
import type { Hook, HookFacts } from "../engine/hook.ts";
import { runCommandHook } from "../engine/run_hooks.ts";
import type { RevisionId } from "../revision/revision.ts";
import type { App, CreatedRevision } from "./app.ts";
import type { FlagSpec, Input } from "./command.ts";

/** The switch that leaves the hooks out. */
export const NO_HOOKS: FlagSpec = { name: "no-hooks", summary: "Do not run the hooks of mig.json" };

/** The hooks that are to run. */
export function hooksFor(input: Input, app: Pick<App, "hooks">): readonly Hook[] {
  return input.switches.has("no-hooks") ? [] : app.hooks;
}

/**
 * Runs the hooks after a revision was made.
 *
 * @throws {MigError} `hook-failed` or `interrupted`
 */
export async function runAfterNew({ id, files }: CreatedRevision, input: Input, app: App): Promise<void> {
  await run("after_new", { revisions: [id], files }, `revision ${id} is made`, input, app);
}

/**
 * Runs the hooks after files were edited.
 *
 * @throws {MigError} `hook-failed` or `interrupted`
 */
export async function runAfterEdit(
  revisions: readonly RevisionId[],
  files: readonly string[],
  input: Input,
  app: App,
): Promise<void> {
  await run("after_edit", { revisions, files }, "the files are saved", input, app);
}

/** @param done what stays whatever becomes of the hooks */
async function run(
  name: "after_new" | "after_edit",
  facts: Required<Pick<HookFacts, "revisions" | "files">>,
  done: string,
  input: Input,
  app: App,
): Promise<void> {
  for (const hook of hooksFor(input, app)) {
    if (hook.name !== name || hook.kind !== "command") continue;
    try {
      await runCommandHook(hook, facts, app);
    } catch (error) {
      if (!(error instanceof MigError)) throw error;
      const { code, message, data, cause } = error;
      throw new MigError(code, message, {
        data,
        cause,
        locations: facts.files.map((path) => ({ path })),
        hint: [...error.hints, `${done}; correct what failed, and run the hook by hand`],
      });
    }
  }
}
