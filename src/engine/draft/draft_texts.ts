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
  #draft: { readonly id: RevisionId; readonly files: DraftFiles } | null = null;

  constructor(texts: RevisionTexts) {
    this.#texts = texts;
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
    return this.#texts.pathOf(revision, direction);
  }
}

/** A revision that is not written yet. */
export function draftRevision(parents: readonly RevisionId[], message: string): Revision {
  return {
    id: "new-revision",
    parents,
    dependsOn: [],
    labels: [],
    message,
    path: "the new revision",
    reversible: false,
  };
}
