/** The texts of a chain and of a revision that is not written yet. */

import {
  type Direction,
  type Revision,
  type RevisionId,
  type RevisionTexts,
  withChanges,
} from "../../revision/revision.ts";

/** The SQL files of a draft; null for none. */
export interface DraftFiles {
  readonly up: string;
  readonly down: string | null;
}

/** Gives those of the draft in the place of a revision's own, and all others as they are. */
export class DraftTexts implements RevisionTexts {
  readonly #texts: RevisionTexts;
  readonly #upPath: string | null;
  #draft: { readonly id: RevisionId; readonly files: DraftFiles } | null = null;

  /** @param upPath the file that its up.sql was taken from, as the user calls it; null where there is none */
  constructor(texts: RevisionTexts, upPath: string | null = null) {
    this.#texts = texts;
    this.#upPath = upPath;
  }

  /** Takes these files for those of a revision, and gives it as it is then. */
  set(revision: Revision, files: DraftFiles): Revision {
    this.#draft = { id: revision.id, files };
    return withChanges(revision, { reversible: files.down !== null });
  }

  read(revision: Revision, direction: Direction): string | null {
    return this.#draft?.id === revision.id
      ? this.#draft.files[direction]
      : this.#texts.read(revision, direction);
  }

  open(revision: Revision, direction: Direction): ReturnType<RevisionTexts["open"]> {
    return this.#draft?.id === revision.id
      ? this.#draft.files[direction]
      : this.#texts.open(revision, direction);
  }

  has(revision: Revision, direction: Direction): boolean {
    return this.#draft?.id === revision.id
      ? this.#draft.files[direction] !== null
      : this.#texts.has(revision, direction);
  }

  pathOf(revision: Revision, direction: Direction): string {
    return this.#draft?.id === revision.id && direction === "up" && this.#upPath !== null
      ? this.#upPath
      : this.#texts.pathOf(revision, direction);
  }
}

/** What stands for the id of a revision that has none yet. */
export const DRAFT_ID: RevisionId = "new-revision";

/** A revision that is not written yet. */
export function draftRevision(parents: readonly RevisionId[], message: string): Revision {
  return {
    id: DRAFT_ID,
    parents,
    dependsOn: [],
    labels: [],
    message,
    path: "the new revision",
    reversible: false,
  };
}
