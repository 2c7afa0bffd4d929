/** The repeatable scripts, as the verbs that move a database take them. */

import type { Repeatables, RepeatableState } from "../engine/repeatable.ts";
import { type PreparedRepeatable, prepareRepeatables } from "../engine/repeatable_scripts.ts";
import type { RevisionGraph } from "../revision/graph.ts";
import type { Revision } from "../revision/revision.ts";
import type { App } from "./app.ts";
import type { Problem, RepeatableStatus } from "./data.ts";
import { textDiff } from "./text_diff.ts";

/**
 * The scripts of the project; undefined where it has none.
 *
 * @param direction `down` leaves them alone
 */
export async function repeatablesFor(
  { graph }: { readonly graph: RevisionGraph },
  direction: "up" | "down" | "both",
  app: Pick<App, "readRepeatables">,
): Promise<Repeatables | undefined> {
  const files = await app.readRepeatables();
  if (files === null) return undefined;
  return { files, fits: (applied) => direction !== "down" && isAtHead(graph, applied) };
}

/**
 * The scripts that belong to what these revisions make: all of them at the heads, none elsewhere, where nobody knows what they were.
 * @throws {MigError} as `readRepeatables()` and `prepareRepeatables()`
 */
export async function scriptsAt(
  revisions: readonly Revision[],
  { graph }: { readonly graph: RevisionGraph },
  app: Pick<App, "readRepeatables" | "variables">,
): Promise<{ readonly then?: readonly PreparedRepeatable[] }> {
  const files = isAtHead(graph, new Set(revisions.map(({ id }) => id))) ? await app.readRepeatables() : null;
  return files === null || files.length === 0 ? {} : { then: prepareRepeatables(files, app.variables) };
}

/**
 * Whether a database is where its scripts are written for: it has all that leads to the heads at which it is. A branch whose head
 * it does not have is no part of it.
 */
export function isAtHead(graph: RevisionGraph, applied: ReadonlySet<string>): boolean {
  const own = [...applied].filter((id) => graph.has(id));
  if (own.length === 0) return graph.size === 0;
  const tips = graph.tips(new Set(own)).map(({ id }) => id);
  return tips.every((id) => graph.children(id).length === 0) &&
    [...graph.ancestors(tips)].every((id) => applied.has(id));
}

/** A script's state as `mig status` shows it. */
export function statusOf({ name, state, file, applied }: RepeatableState): RepeatableStatus {
  const facts = applied === null
    ? null
    : { appliedAt: applied.appliedAt, appliedBy: applied.appliedBy, durationMs: applied.durationMs };
  return { name, path: file?.path ?? null, state, applied: facts };
}

/**
 * What is not as it should be with the scripts.
 *
 * @param stored the texts with which changed ones were applied, for their difference
 */
export async function repeatableProblems(
  states: readonly RepeatableState[],
  stored: ReadonlyMap<string, string>,
): Promise<Problem[]> {
  const problems = await Promise.all(states.map(async ({ name, state, file }): Promise<Problem | null> => {
    if (state === "applied") return null;
    const text = stored.get(name);
    return {
      kind: `repeatable-${state === "pending" || state === "removed" ? state : "changed"}`,
      revision: null,
      message: `the repeatable script ${name} ${SAID[state]}`,
      location: file === null ? null : { path: file.path, line: null, column: null },
      hints: [
        state === "removed"
          ? "drop what it made by a revision; the next `mig up` forgets the script"
          : "`mig up` applies it once no revision is pending",
      ],
      diff: file === null || text === undefined
        ? null
        : await textDiff({ name: `${name} as it was applied`, text }, { name: file.path, text: file.text }),
    };
  }));
  return problems.filter((problem) => problem !== null);
}

const SAID: Readonly<Record<Exclude<RepeatableState["state"], "applied">, string>> = {
  pending: "is not applied",
  changed: "was changed since it was applied",
  undone: "was applied before a revision was undone",
  missing: "has made a view or function that is gone",
  removed: "is gone, and what it made is still in the database",
};
