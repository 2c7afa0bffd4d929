/** Runs the hooks of a run, and says what stands when one fails. */

import { MigError } from "../error.ts";
import type { Notice, Session } from "./database.ts";
import type { OnEvent } from "./event.ts";
import { type CommandHook, type Hook, type HookFacts, textOf } from "./hook.ts";
import type { PlannedHook, PlannedHooks, PreparedSqlHook } from "./plan_hooks.ts";
import type { CheckedStep } from "./checked_step.ts";
import { runHookSql } from "./run_hook_sql.ts";
import { nameOf } from "./run_transaction.ts";
import type { Timeouts } from "./timeouts.ts";
import type { Watch } from "./watch.ts";

/** What the hooks of a run share. */
export interface HookContext {
  readonly database: string;
  readonly timeouts: Timeouts;
  /** Tells who is in the way of the session. */
  readonly watch: Pick<Watch, "takeBlockers">;
  readonly onEvent: OnEvent;
  readonly onNotice: (notice: Notice) => void;
  readonly signal: AbortSignal;
}

/** What is needed for command lines alone. */
type CommandContext = Omit<HookContext, "timeouts" | "watch" | "onNotice">;

/**
 * Runs what comes before the first step.
 *
 * @throws {MigError} `hook-failed` or `interrupted`: no step has run
 */
export async function runBefore(
  session: Session,
  { before }: PlannedHooks,
  steps: readonly CheckedStep[],
  context: HookContext,
): Promise<void> {
  for (const [at, hook] of before.entries()) {
    try {
      await runOne(session, hook, steps, context);
    } catch (error) {
      if (!(error instanceof MigError)) throw error;
      const earlier = at === 0 ? "" : `; ${at} hook${at === 1 ? "" : "s"} before it ran`;
      throw withHints(error, [
        `no revision was applied or undone${earlier}`,
        ...error.code === "interrupted"
          ? []
          : error.data.tries !== undefined
          ? ["then run the command again; --no-hooks leaves the hooks out"]
          : ["correct it and run the command again; --no-hooks leaves the hooks out"],
      ]);
    }
  }
}

/**
 * Runs the SQL files that come after the last step.
 *
 * @throws {MigError} `hook-failed` or `interrupted`: every step has run
 */
export async function runWithin(
  session: Session,
  { within }: PlannedHooks,
  steps: readonly CheckedStep[],
  context: HookContext,
): Promise<void> {
  await afterSteps(steps, within, (hook) => runOne(session, hook, steps, context));
}

/**
 * Runs the command lines that come after a run: those of each revision, then the others.
 *
 * @throws {MigError} `hook-failed` or `interrupted`: every step has run
 */
export async function runAfter(
  { each, after }: PlannedHooks,
  steps: readonly CheckedStep[],
  context: CommandContext,
): Promise<void> {
  await afterSteps(steps, steps, (step) => runEach(each, [step], context));
  await afterSteps(steps, after, (hook) => runCommandHook(hook, factsOf(hook, steps, context), context));
}

/**
 * Runs the hooks of the revisions that a failed run has finished all the same.
 *
 * @param error with `data.done`, where it is known what was finished
 * @returns the error, with what came of it
 */
export async function runForDone(
  error: unknown,
  { each }: PlannedHooks,
  steps: readonly CheckedStep[],
  context: CommandContext,
): Promise<unknown> {
  if (!(error instanceof MigError) || each.length === 0) return error;
  const ids: unknown = error.data.done;
  if (!Array.isArray(ids) || ids.length === 0) return error;
  if (error.code === "interrupted") return withHints(error, ["the hook after_revision was not run for them"]);
  const last = new Map(steps.map((step) => [step.revision.id, step]));
  try {
    await runEach(
      each,
      steps.filter((step) => last.get(step.revision.id) === step && ids.includes(step.revision.id)),
      context,
    );
    return error;
  } catch (second) {
    if (!(second instanceof MigError)) throw second;
    return withHints(error, [`besides, for the revisions that are done, ${second.message}`]);
  }
}

/** Runs the hooks of each of these revisions in turn. */
async function runEach(
  each: readonly CommandHook[],
  steps: readonly CheckedStep[],
  context: CommandContext,
): Promise<void> {
  for (const step of steps) {
    const { direction, revision: { id }, path } = step;
    const { database } = context;
    for (const hook of each) {
      const facts = { direction, revisions: [id], step: { ...nameOf(step), path }, database };
      await runCommandHook(hook, facts, context);
    }
  }
}

/** Runs a command line, and tells of it. */
export async function runCommandHook(
  hook: CommandHook,
  facts: HookFacts,
  { onEvent, signal }: Pick<HookContext, "onEvent" | "signal">,
): Promise<void> {
  await told(hook, onEvent, () => hook.run(facts, signal));
}

async function runOne(
  session: Session,
  hook: PlannedHook,
  steps: readonly CheckedStep[],
  context: HookContext,
): Promise<void> {
  if (hook.kind === "command") return await runCommandHook(hook, factsOf(hook, steps, context), context);
  await told(hook, context.onEvent, () => runHookSql(session, hook, context));
}

async function told(hook: Hook, onEvent: OnEvent, act: () => Promise<void>): Promise<void> {
  const started = performance.now();
  const names = { hook: hook.name, text: textOf(hook) };
  onEvent({ type: "hook-started", ...names });
  try {
    await act();
  } catch (error) {
    onEvent({ type: "hook-failed", ...names });
    throw error;
  }
  onEvent({ type: "hook-finished", ...names, ms: performance.now() - started });
}

function factsOf(
  { direction }: PlannedHook<CommandHook>,
  steps: readonly CheckedStep[],
  { database }: Pick<HookContext, "database">,
): HookFacts {
  const own = steps.filter((step) => step.direction === direction);
  return { direction, revisions: own.map(({ revision }) => revision.id), database };
}

/** Runs something for each hook or step; whatever fails, the revisions are what the plan made them. */
async function afterSteps<T extends PlannedHook<CommandHook> | PlannedHook<PreparedSqlHook> | CheckedStep>(
  steps: readonly CheckedStep[],
  items: readonly T[],
  act: (item: T) => Promise<void>,
): Promise<void> {
  for (const [at, item] of items.entries()) {
    try {
      await act(item);
    } catch (error) {
      if (!(error instanceof MigError)) throw error;
      const left = items.length - at - 1;
      throw withHints(error, [
        steps.length === 0
          ? "the repeatable scripts of this run are applied"
          : `every revision of this run is done: ${doneText(steps)}`,
        `mig does not run this hook again: correct what failed, and run it by hand${
          left === 0 ? "" : `; ${left} after it did not run either`
        }`,
      ], { done: steps.map(({ revision }) => revision.id) });
    }
  }
}

/** `applied 3f9a1c2b "phone number"`, `undid 2 and applied 3`. */
function doneText(steps: readonly CheckedStep[]): string {
  const parts = (["down", "up"] as const).flatMap((direction) => {
    const own = steps.filter((step) => step.direction === direction);
    if (own.length === 0) return [];
    const [{ revision }] = own as [CheckedStep];
    const verb = direction === "up" ? "applied" : "undid";
    return [
      `${verb} ${own.length === 1 ? `${revision.id} "${revision.message}"` : `${own.length} revisions`}`,
    ];
  });
  return parts.join(" and ");
}

/** The error with more to do about it. */
function withHints(error: MigError, hints: readonly string[], data: Record<string, unknown> = {}): MigError {
  const { code, message, locations, server, cause } = error;
  return new MigError(code, message, {
    locations,
    server,
    cause,
    hint: [...error.hints, ...hints],
    data: { ...error.data, ...data },
  });
}
