/** Chooses the hooks of a run, and checks their SQL before anything runs. */

import { MigError } from "../error.ts";
import { checkScript } from "../sql/classify.ts";
import { fillIn, type Variables } from "../sql/fill_in.ts";
import { parseScript } from "../sql/script.ts";
import type { SqlScript } from "../sql/statement.ts";
import type { Direction } from "../revision/revision.ts";
import type { CommandHook, Hook, HookName, SqlHook } from "./hook.ts";

/** A SQL file that can run. */
export interface PreparedSqlHook extends SqlHook {
  readonly script: SqlScript;
}

/** A hook that can run, and the steps for which it does. */
export type PlannedHook<H = CommandHook | PreparedSqlHook> = H & { readonly direction: Direction };

/** The hooks of one run. */
export interface PlannedHooks {
  /** Under the lock, before the first step, in the order of the settings. */
  readonly before: readonly PlannedHook[];
  /** Under the lock, after the last step. */
  readonly within: readonly PlannedHook<PreparedSqlHook>[];
  /** For each revision in turn, once the session is closed. */
  readonly each: readonly CommandHook[];
  /** Then. */
  readonly after: readonly PlannedHook<CommandHook>[];
}

/**
 * The hooks for a plan: none where it is empty.
 *
 * @throws {MigError} for a SQL file that cannot be read, split or run in a transaction
 */
export function planHooks(
  hooks: readonly Hook[],
  steps: readonly { readonly direction: Direction }[],
  variables: Variables,
): PlannedHooks {
  // A plan goes down first and then up.
  const directions = (["down", "up"] as const).filter((direction) =>
    steps.some((step) => step.direction === direction)
  );
  const at = (moment: "before" | "after") =>
    directions.flatMap((direction) =>
      hooks.filter(({ name }) => name === `${moment}_${direction}`)
        .map((hook) => ({ ...(hook.kind === "sql" ? prepareSqlHook(hook, variables) : hook), direction }))
    );
  const after = at("after");
  return {
    before: at("before"),
    within: after.filter((hook) => hook.kind === "sql"),
    each: steps.length === 0 ? [] : hooks.filter((hook) => hook.kind === "command")
      .filter(({ name }) => name === "after_revision"),
    after: after.filter((hook) => hook.kind === "command"),
  };
}

/** The SQL files among them. */
export function sqlHooksOf({ before, within }: PlannedHooks): readonly PreparedSqlHook[] {
  return [...before.filter((hook) => hook.kind === "sql"), ...within];
}

/** A hook of a plan, for reports. */
export interface ReportedHook {
  readonly hook: HookName;
  /** The command line; null for a SQL file. */
  readonly command: string | null;
  /** The path of a SQL file; null for a command line. */
  readonly sql: string | null;
}

/** The hooks in the order in which they run. */
export function reportHooks({ before, within, each, after }: PlannedHooks): ReportedHook[] {
  return [...before, ...within, ...each, ...after].map((hook) => ({
    hook: hook.name,
    command: hook.kind === "command" ? hook.command : null,
    sql: hook.kind === "sql" ? hook.path : null,
  }));
}

function prepareSqlHook(hook: SqlHook, variables: Variables): PreparedSqlHook {
  const { path } = hook;
  const script = fillIn(parseScript(hook.read(), path), path, variables);
  if (!script.directives.transaction) {
    throw new MigError("sql-refused", `the hook ${hook.name} asks to run outside a transaction`, {
      locations: [{ path }],
      hint:
        "delete the directive: a SQL hook runs in one transaction; what cannot is for a command line, or a revision",
    });
  }
  checkScript(script, path, "hook");
  return { ...hook, script };
}
