/** Says what a new revision follows, and what it depends on. */

import type { Chain } from "../engine/chain.ts";
import { MigError } from "../error.ts";
import type { RevisionGraph } from "../revision/graph.ts";
import { headsHints } from "../revision/heads_hints.ts";
import type { Revision, RevisionId } from "../revision/revision.ts";
import { titleOf } from "../revision/name_lookup.ts";
import { placeOf } from "../revision/place.ts";
import type { App } from "./app.ts";
import { asArgument, asCommands, namedRevisions } from "./named.ts";

/**
 * The revisions that `--parent` names; the head where nothing is named. None makes a new base.
 * @param message of the new revision, for the commands that an error tells
 * @throws {MigError} `heads-multiple`, `usage` for `base` beside others, and as `resolve()`
 */
export async function chooseParents(
  specs: readonly string[],
  message: string,
  chain: Chain,
  app: App,
): Promise<readonly RevisionId[]> {
  if (specs.length === 0) {
    const { heads } = chain.graph;
    if (heads.length > 1) throw severalHeads(chain.graph, heads, message);
    return heads.map(({ id }) => id);
  }
  const parents = new Set<RevisionId>();
  let base = false;
  for (const spec of specs) {
    const ids = await namedRevisions(spec, chain, app, (heads) => choose(heads, message, chain.graph));
    base ||= ids.length === 0;
    for (const id of ids) parents.add(id);
  }
  if (base && parents.size > 0) {
    throw new MigError("usage", "a revision that follows others is no base", {
      hint: "name the base alone (`--parent base`), or leave it out",
    });
  }
  return [...parents];
}

/**
 * The revisions that `--depends-on` names.
 * @throws {MigError} `usage` for a spec that stands for no revision, and as `resolve()`
 */
export async function chooseDependencies(
  specs: readonly string[],
  chain: Chain,
  app: App,
): Promise<readonly RevisionId[]> {
  const ids: RevisionId[] = [];
  for (const spec of specs) {
    const found = await namedRevisions(
      spec,
      chain,
      app,
      (
        heads,
      ) => [
        `name one: ${asCommands(heads, (id) => `--depends-on ${id}`)}`,
        "or all of them: `--depends-on heads`",
      ],
    );
    if (found.length === 0) {
      throw new MigError("usage", `nothing can depend on "${spec}": it stands for no revision`, {
        hint: "name a revision: `mig history` lists them",
      });
    }
    ids.push(...found);
  }
  return [...new Set(ids)];
}

function severalHeads(graph: RevisionGraph, heads: readonly Revision[], message: string): MigError {
  const ids = heads.map(({ id }) => id);
  return new MigError(
    "heads-multiple",
    `cannot tell which head the new revision follows: ${heads.length} heads exist, ${
      heads.map(titleOf).join(", ")
    }`,
    {
      locations: heads.map((head) => placeOf(head, "id", head.id, head.message)),
      hint: choose(ids, message, graph),
      data: { heads: ids },
    },
  );
}

function choose(heads: readonly RevisionId[], message: string, graph: RevisionGraph): readonly string[] {
  return [
    ...headsHints(graph, heads.map((id) => graph.get(id)!), new Set()),
    `or follow one of them: ${asCommands(heads, (id) => `mig new ${asArgument(message)} --parent ${id}`)}`,
  ];
}
