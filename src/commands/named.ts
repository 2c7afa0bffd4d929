/** Finds the revisions that were named, and asks the database only where a spec counts from there. */

import type { Chain } from "../engine/chain.ts";
import { appliedIds } from "../engine/decide.ts";
import { survey } from "../engine/survey.ts";
import { MigError } from "../error.ts";
import { resolve } from "../revision/resolve.ts";
import type { RevisionId } from "../revision/revision.ts";
import { parseSpec } from "../revision/spec.ts";
import type { App } from "./app.ts";

/**
 * The revisions that a spec stands for; none for the base.
 * @param choose what to do where the spec may mean several heads, given their ids
 * @throws {MigError} as `resolve()`
 */
export async function namedRevisions(
  text: string,
  { graph }: Chain,
  app: App,
  choose: (heads: readonly RevisionId[]) => readonly string[],
): Promise<readonly RevisionId[]> {
  const spec = parseSpec(text);
  const fromDatabase = spec.anchor.kind === "current" || spec.anchor.kind === "database";
  const applied = fromDatabase
    ? appliedIds((await survey(await app.openDatabase(), app.table)).applied)
    : new Map<RevisionId, never>();
  try {
    return resolve(spec, graph, applied).ids;
  } catch (error) {
    // What `resolve()` knows to do about several heads is for `mig up`.
    if (!(error instanceof MigError) || error.code !== "heads-multiple") throw error;
    const { code, message, locations, data } = error;
    const hint = choose(data.heads as readonly RevisionId[]);
    throw new MigError(code, message, { locations, data, hint, cause: error });
  }
}

/** A text as an argument of a command, in the quotes that a shell wants. */
export function asArgument(text: string): string {
  return `"${text.replaceAll(/["\\$`]/g, "\\$&")}"`;
}

/** A few of the heads as commands, in one line. */
export function asCommands(heads: readonly RevisionId[], command: (id: RevisionId) => string): string {
  return heads.slice(0, 5).map((id) => `\`${command(id)}\``).join(", ");
}
