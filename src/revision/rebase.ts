/** Decides how a revision comes to follow another one than before. Writes nothing. */

import { findNodeAtLocation, parseTree } from "jsonc-parser";
import { MigError } from "../error.ts";
import type { RevisionGraph } from "./graph.ts";
import { withoutByteOrderMark } from "./metadata.ts";
import { titleOf } from "./name_lookup.ts";
import { metadataPath } from "./place.ts";
import type { Revision, RevisionId } from "./revision.ts";

/** One parent in the place of another; null is the base. */
export interface Rebase {
  readonly revision: Revision;
  readonly from: RevisionId | null;
  readonly to: RevisionId | null;
  /** All of its parents afterwards. */
  readonly parents: readonly RevisionId[];
}

/**
 * What is to change so that a revision follows `onto`.
 * @param onto null for the base
 * @param from which of its parents is replaced; only a merge needs it
 * @throws {MigError} `graph-cycle` when `onto` comes after the revision, `walk-ambiguous` for a merge without `from`, and
 * `usage`
 */
export function planRebase(
  graph: RevisionGraph,
  revision: Revision,
  onto: RevisionId | null,
  from?: RevisionId,
): Rebase {
  if (onto !== null && graph.isAncestor(revision.id, onto)) throw wouldCircle(graph, revision, onto);
  const replaced = replacedParent(graph, revision, onto, from);
  const others = revision.parents.filter((parent) => parent !== replaced);
  if (onto === null && others.length > 0) {
    throw new MigError(
      "usage",
      `cannot rebase ${titleOf(revision)} onto the base: it follows ${others.join(", ")} too`,
      {
        hint: `a merge without its other parents is no merge: edit "parent" in ${
          metadataPath(revision.path)
        }`,
      },
    );
  }
  if (onto !== null && others.includes(onto)) {
    throw new MigError(
      "usage",
      `cannot rebase ${titleOf(revision)} onto "${onto}": it follows that one already`,
      {
        hint: `edit "parent" in ${metadataPath(revision.path)} where it shall no longer be a merge`,
      },
    );
  }
  const parents = revision.parents.length < 2
    ? onto === null ? [] : [onto]
    : revision.parents.map((parent) => parent === replaced ? onto! : parent);
  return { revision, from: replaced, to: onto, parents };
}

/**
 * The text of a meta.json with one parent in the place of another. All else stays, to the last space.
 * @param text of a meta.json that is right
 */
export function withParent(text: string, { from, to }: Pick<Rebase, "from" | "to">): string {
  const json = withoutByteOrderMark(text);
  const value = findNodeAtLocation(parseTree(json)!, ["parent"])!;
  const item = (value.children ?? []).find((item) => String(item.value).toLowerCase() === from);
  // Of a list with one item or none, the list itself is replaced where nothing of it would be left.
  const node = item !== undefined && to !== null ? item : value;
  const start = node.offset + text.length - json.length;
  return text.slice(0, start) + JSON.stringify(to) + text.slice(start + node.length);
}

function replacedParent(
  graph: RevisionGraph,
  revision: Revision,
  onto: RevisionId | null,
  from: RevisionId | undefined,
): RevisionId | null {
  const { parents } = revision;
  if (from !== undefined && !parents.includes(from)) {
    const known = parents.length === 0 ? "it is a base" : `it follows ${parents.join(" and ")}`;
    throw new MigError("usage", `${titleOf(revision)} does not follow "${from}": ${known}`, {
      hint: parents.length < 2 ? "leave --from out" : `name one of these: --from ${parents[0]}`,
    });
  }
  if (from !== undefined || parents.length < 2) return from ?? parents[0] ?? null;
  throw new MigError(
    "walk-ambiguous",
    `cannot tell which parent of ${titleOf(revision)} is to be replaced: it follows ${
      parents.map((id) => titleOf(graph.get(id)!)).join(" and ")
    }`,
    {
      hint: parents.map((id) =>
        `name it: \`mig rebase ${revision.id} --onto ${onto ?? "base"} --from ${id}\``
      ),
      data: { choices: parents },
    },
  );
}

function wouldCircle(graph: RevisionGraph, revision: Revision, onto: RevisionId): MigError {
  if (revision.id === onto) {
    return new MigError("graph-cycle", `cannot rebase ${titleOf(revision)} onto itself`, {
      hint: "name the revision that it is to follow: `mig history` lists them",
    });
  }
  const path = graph.isAncestor(revision.id, onto, "parents");
  return new MigError(
    "graph-cycle",
    `cannot rebase ${titleOf(revision)} onto ${titleOf(graph.get(onto)!)}: that one ${
      path ? "comes after it" : "depends on it"
    }, so they would follow each other in a circle`,
    {
      hint: path
        ? `\`mig history ${revision.id}:${onto}\` shows the way from one to the other`
        : "choose a revision that neither follows it nor depends on it",
      data: { revision: revision.id, onto },
    },
  );
}
