/** What is wrong, in words, with what to do about it. */

import { MigError } from "../error.ts";
import type { Chain } from "../engine/chain.ts";
import { storedText } from "../engine/recorded.ts";
import type { StoredSql } from "../engine/applied_rows.ts";
import type { Finding } from "../revision/drift.ts";
import {
  doneText,
  editedHints,
  irreversibleHints,
  notHereHints,
  unfinishedHints,
} from "../revision/drift_hints.ts";
import type { Revision, RevisionId, RevisionTexts } from "../revision/revision.ts";
import type { App } from "./app.ts";
import type { Problem } from "./data.ts";
import { authorText } from "./head_authors.ts";
import { textDiff } from "./text_diff.ts";

/**
 * A finding as a sentence with hints.
 *
 * @param stored the texts with which edited revisions were applied, for their difference
 */
export async function problemOf(
  finding: Finding,
  { texts, authorsOf }: Pick<Chain, "texts"> & Pick<App, "authorsOf">,
  stored: ReadonlyMap<RevisionId, StoredSql> = new Map(),
): Promise<Problem> {
  const { kind } = finding;
  switch (kind) {
    case "edited":
      return await problemOfEdited(finding.revision, texts, stored.get(finding.revision.id)?.up);
    case "unreadable":
      return { ...problemOfError(finding.error, finding.revision.id), kind };
    case "not-here": {
      const { id, message } = finding.applied;
      return problem(
        kind,
        id,
        `"${message}" is applied, but is not in this folder`,
        notHereHints(finding.applied),
      );
    }
    case "unfinished": {
      const { id, message, unfinished } = finding.applied;
      const text = `${unfinished!.direction} of "${message}" was interrupted after ${doneText(unfinished!)}`;
      return problem(kind, id, text, unfinishedHints(finding.applied));
    }
    case "parent-not-applied": {
      const { revision: { id, message }, missing } = finding;
      return problem(kind, id, `"${message}" is applied, but not what it needs: ${missing.join(", ")}`, [
        "`mig up` applies what is missing",
      ]);
    }
    case "late": {
      const { revision: { id, message }, other, place } = finding;
      return problem(kind, id, `"${message}" came after ${other} was applied, and belongs ${place} it`, [
        `\`mig up ${id}\` applies it in order`,
      ]);
    }
    case "heads-multiple": {
      const authors = await authorsOf(finding.heads.map(({ path }) => path));
      const names = finding.heads.map(({ id, message, path }) =>
        [`${id} "${message}"`, authorText(authors.get(path))].filter(Boolean).join(" ")
      ).join(", ");
      return problem(kind, null, `there are ${finding.heads.length} heads: ${names}`, [
        ...finding.hints,
        "`mig up heads` applies them all",
      ]);
    }
    case "irreversible": {
      const { id, message, path } = finding.revision;
      const text = `"${message}" has no down.sql, so it cannot be undone`;
      return {
        ...problem(kind, id, text, irreversibleHints(id, finding.stored)),
        location: { path, line: null, column: null },
      };
    }
  }
}

/** @param before the text with which it was applied, where that is known */
async function problemOfEdited(
  revision: Revision,
  texts: RevisionTexts,
  before: string | undefined,
): Promise<Problem> {
  const { id, message } = revision;
  const path = texts.pathOf(revision, "up");
  try {
    const diff = before === undefined ? null : await textDiff(
      { name: "up.sql as it was applied", text: before },
      { name: path, text: storedText(texts.open(revision, "up")) ?? "" },
    );
    const text = `"${message}" was edited after it was applied`;
    const location = { path, line: null, column: null };
    return { ...problem("edited", id, text, editedHints(id, path)), location, diff };
  } catch (error) {
    if (!(error instanceof MigError)) throw error;
    // Its bytes are others than those that were applied, and they are no text.
    return { ...problemOfError(error, id), kind: "unreadable" };
  }
}

/** The errors of which an error is made, or the error itself. */
export function partsOf(error: MigError): readonly MigError[] {
  return error.errors.length === 0 ? [error] : error.errors.flatMap(partsOf);
}

/** An error that would stop a run, as a problem. */
export function problemOfError(error: MigError, revision: RevisionId | null = null): Problem {
  const [place] = error.locations;
  return {
    ...problem(error.code, revision, error.message, error.hints),
    location: place === undefined
      ? null
      : { path: place.path, line: place.line ?? null, column: place.column ?? null },
  };
}

function problem(
  kind: string,
  revision: RevisionId | null,
  message: string,
  hints: readonly string[],
): Problem {
  return { kind, revision, message, location: null, hints, diff: null };
}
