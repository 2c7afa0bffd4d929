/** The heads that `mig merge` joins. */

import type { Chain } from "../engine/chain.ts";
import { MigError } from "../error.ts";
import type { RevisionGraph } from "../revision/graph.ts";
import { titleOf } from "../revision/name_lookup.ts";
import type { Revision, RevisionId } from "../revision/revision.ts";
import type { App } from "./app.ts";
import { asArgument, asCommands, namedRevisions } from "./named.ts";

/**
 * The heads that were named, or all; fewer than two where there is nothing to join.
 * @param hasMessage whether a message was given too
 */
export async function headsToJoin(
  specs: readonly string[],
  hasMessage: boolean,
  chain: Chain,
  app: App,
): Promise<readonly Revision[]> {
  const { graph } = chain;
  if (specs.length === 0) return graph.heads;
  const ids = new Set<RevisionId>();
  for (const [at, spec] of specs.entries()) {
    const found = await namedRevisions(spec, chain, app, (heads) => [
      "run `mig merge` to join all heads",
      `or name those to join: \`mig merge ${heads.slice(0, 5).join(" ")}\``,
    ]).catch((error) => {
      throw !hasMessage && isUnknown(error) ? orMessage(error, specs, at) : error;
    });
    for (const id of found) ids.add(id);
  }
  const revisions = [...ids].map((id) => graph.get(id)!);
  const inner = revisions.find(({ id }) => graph.children(id).length > 0);
  if (inner !== undefined) throw noHead(inner, graph);
  if (revisions.length < 2 && graph.heads.length > 1) throw alone(specs, revisions, graph);
  return revisions;
}

function isUnknown(error: unknown): error is MigError {
  return error instanceof MigError && error.code === "revision-unknown";
}

/** The message of `mig new` stands where the heads do here: what is no revision may be one. */
function orMessage(error: MigError, specs: readonly string[], at: number): MigError {
  const { code, message, locations, data } = error;
  // One head alone is joined with the others.
  const heads = at < 2 ? [] : specs.slice(0, at);
  const text = specs.slice(at).join(" ");
  const hint = `if that is the message: \`${["mig merge", ...heads, "-m", asArgument(text)].join(" ")}\``;
  // A word that looks like a revision's name is one.
  const isText = /\s/.test(text) && error.hints.length === 1;
  return new MigError(code, message, {
    locations,
    data,
    hint: isText ? [hint, ...error.hints] : [...error.hints, hint],
    cause: error,
  });
}

function noHead(revision: Revision, graph: RevisionGraph): MigError {
  const followers = graph.children(revision.id).map(titleOf).join(", ");
  const heads = graph.heads.map(({ id }) => id);
  return new MigError("usage", `${titleOf(revision)} is not a head: it is followed by ${followers}`, {
    hint: [
      heads.length > 1
        ? `join the heads: \`mig merge ${heads.slice(0, 5).join(" ")}\``
        : "there is one head, and nothing to join",
      `or, to begin a branch there on purpose: \`mig new "…" --parent ${revision.id} --parent <revision>\``,
    ],
    data: { heads },
  });
}

function alone(specs: readonly string[], revisions: readonly Revision[], { heads }: RevisionGraph): MigError {
  const others = heads.filter(({ id }) => id !== revisions[0]?.id).map(({ id }) => id);
  return new MigError(
    "usage",
    `mig merge joins two heads or more, and "${specs.join(" ")}" stands for ${
      revisions.length === 0 ? "none" : titleOf(revisions[0]!)
    }`,
    {
      hint: [
        "run `mig merge` to join all heads",
        ...(revisions.length === 0
          ? []
          : [`or name another: ${asCommands(others, (id) => `mig merge ${revisions[0]!.id} ${id}`)}`]),
      ],
    },
  );
}
