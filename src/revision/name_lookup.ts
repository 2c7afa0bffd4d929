/** Finds the revision that a name stands for. */

import { closest } from "../closest.ts";
import { MigError } from "../error.ts";
import type { AppliedIds } from "./applied.ts";
import type { RevisionGraph } from "./graph.ts";
import { notHereHints } from "./drift_hints.ts";
import { rangeHint } from "./git_range.ts";
import { RESERVED_WORDS } from "./metadata_rules.ts";
import { metadataPath } from "./place.ts";
import type { Revision, RevisionId } from "./revision.ts";
import { slugOf } from "./slug.ts";
import { isStored } from "./stored.ts";

/**
 * The revision that is called so: by its id, a label, the beginning of an id that no other has, the slug of its
 * message, or its folder. An id or a label in full comes before everything else.
 * @param name in lower case
 * @param within where to look; null for everywhere
 * @throws {MigError} `revision-unknown`, `revision-ambiguous`, or `revision-not-here` when only the database knows it
 */
export function lookUp(
  name: string,
  graph: RevisionGraph,
  applied: AppliedIds,
  within: ReadonlySet<RevisionId> | null = null,
): Revision {
  const exact = graph.get(name) ?? graph.labels.get(name);
  if (exact !== undefined) return exact;
  const known = candidates(name, graph).filter(({ id }) => within === null || within.has(id));
  const strangers = [...applied.keys()].filter((id) => !graph.has(id) && id.startsWith(name));
  if (strangers.includes(name)) throw notHere(name, applied);
  if (known.length === 1 && strangers.length === 0) return known[0]!;
  if (known.length === 0 && strangers.length === 1) throw notHere(strangers[0]!, applied);
  if (known.length + strangers.length > 1) throw ambiguous(name, known, strangers, applied);
  throw unknown(name, graph);
}

/** The error for a revision that is applied, while its folder is on another git branch, or lost. */
export function notHere(id: RevisionId, applied: AppliedIds): MigError {
  const message = applied.get?.(id)?.message;
  const called = message === undefined ? `"${id}"` : `"${id}" (${message})`;
  return new MigError(
    "revision-not-here",
    `the database has the revision ${called}, whose folder is not here`,
    {
      hint: notHereHints({ id, reversible: applied.get?.(id)?.reversible }),
      data: { revision: id },
    },
  );
}

/** `3f9a1c2b (phone number)`, for hints and messages. */
export function titleOf(revision: { readonly id: RevisionId; readonly message: string }): string {
  const message = revision.message.replaceAll(/\s+/g, " ").trim();
  return message === "" ? revision.id : `${revision.id} (${message})`;
}

function candidates(name: string, graph: RevisionGraph): Revision[] {
  const slug = slugOf(name);
  const folder = name.split(/[\\/]/).filter((part) => part !== "").at(-1);
  return graph.order.filter((revision) =>
    revision.id.startsWith(name) ||
    (slug !== "" && slugOf(revision.message) === slug) ||
    lastSegment(revision.path) === folder
  );
}

function lastSegment(path: string): string | undefined {
  return path.split(/[\\/]/).at(-1)?.toLowerCase();
}

function ambiguous(
  name: string,
  known: readonly Revision[],
  strangers: readonly RevisionId[],
  applied: AppliedIds,
): MigError {
  const elsewhere = strangers.map((id) => ({
    id,
    message: applied.get?.(id)?.message ?? "only in the database",
  }));
  const all = [...known, ...elsewhere];
  const shown = all.slice(0, 10).map(titleOf).join(", ");
  const more = all.length > 10 ? `, and ${all.length - 10} more` : "";
  return new MigError(
    "revision-ambiguous",
    `"${name}" may be any of ${all.length} revisions: ${shown}${more}`,
    {
      hint: "name one of them by more of its id",
      locations: known.filter((revision) => !isStored(revision)).slice(0, 10).map((revision) => ({
        path: metadataPath(revision.path),
        note: revision.message,
      })),
      data: { candidates: all.map(({ id }) => id) },
    },
  );
}

function unknown(name: string, graph: RevisionGraph): MigError {
  const near = nearNames(name, graph);
  const list = graph.size === 0
    ? '`mig new "create users"` makes the first revision'
    : "`mig history` lists them all";
  return new MigError("revision-unknown", `no revision is called "${name}"`, {
    hint: [
      ...near.length === 0 ? [] : [`did you mean ${near.join(" or ")}?`],
      ...rangeHint(name),
      list,
    ],
    data: { name },
  });
}

/** Names that look like it: ids that begin nearly so, else a slug, a label or a word. */
function nearNames(name: string, graph: RevisionGraph): string[] {
  const beginning = (id: RevisionId) => id.slice(0, name.length);
  const nearBeginning = closest(name, graph.order.map(({ id }) => beginning(id)));
  if (nearBeginning !== undefined) {
    return graph.order.filter(({ id }) => beginning(id) === nearBeginning).slice(0, 3).map(titleOf);
  }
  const slugs = graph.order.map(({ message }) => slugOf(message));
  const near = closest(name, [...RESERVED_WORDS, ...graph.labels.keys(), ...slugs]);
  if (near !== undefined) return [`"${near}"`];
  const part = slugOf(name);
  const holding = part === "" ? [] : graph.order.filter((_, i) => slugs[i]!.includes(part));
  return holding.slice(0, 3).map(titleOf);
}
