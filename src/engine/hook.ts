/** Hooks: what a project has mig do before or after a run, beside its revisions. */

import type { Direction, RevisionId } from "../revision/revision.ts";
import type { StepName } from "./event.ts";

/** The moments at which there are hooks. */
export const HOOK_NAMES = [
  "before_up",
  "after_up",
  "before_down",
  "after_down",
  "after_revision",
  "after_new",
  "after_edit",
] as const;

export type HookName = typeof HOOK_NAMES[number];

/** Those that may be SQL files: they run in the session of a run. */
export const SQL_HOOK_NAMES: readonly HookName[] = ["before_up", "after_up", "before_down", "after_down"];

/** One thing to do at one of these moments. */
export type Hook = CommandHook | SqlHook;

/** A command line. */
export interface CommandHook {
  readonly kind: "command";
  readonly name: HookName;
  readonly command: string;
  /**
   * Runs it to its end.
   * @throws {MigError} `hook-failed` with its exit code and what it printed, `interrupted` on `signal`
   */
  run(facts: HookFacts, signal: AbortSignal): Promise<void>;
}

/** A SQL file, which runs in a transaction of its own. */
export interface SqlHook {
  readonly kind: "sql";
  readonly name: HookName;
  /** As the user would type it. */
  readonly path: string;
  /** @throws {MigError} `file-failed`, or `sql-unreadable` when it is not UTF-8 */
  read(): string;
}

/** What a command line is told of its occasion. */
export interface HookFacts {
  readonly direction?: Direction;
  /** In the order in which they run. */
  readonly revisions: readonly RevisionId[];
  /** The one revision of `after_revision`. */
  readonly step?: StepName & { readonly path: string };
  /** Where: a URL or a path without a password. */
  readonly database?: string;
  /** The files that were made or edited, as the user would type them. */
  readonly files?: readonly string[];
}

/** The hook's command line or file, for people. */
export function textOf(hook: Hook): string {
  return hook.kind === "command" ? hook.command : hook.path;
}
