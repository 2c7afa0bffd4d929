/** A revision: one step of the chain, as its `meta.json` describes it. Plain data; the SQL is read when it is needed. */

import type { LargeText } from "./large_text.ts";

/** The name of a revision: letters, digits, `_` and `-`; `mig new` makes eight hexadecimal digits. Compared in lower case. */
export type RevisionId = string;

/** Which way a step goes. */
export type Direction = "up" | "down";

/** One revision of the chain. */
export interface Revision {
  readonly id: RevisionId;
  /** The revisions it follows: none for a base, several for a merge. */
  readonly parents: readonly RevisionId[];
  /** Revisions of other branches that must be applied before it (Alembic's `depends_on`): ids, or labels of revisions. */
  readonly dependsOn: readonly RevisionId[];
  /** Names for its branch (Alembic's `branch_labels`). */
  readonly labels: readonly string[];
  readonly message: string;
  /** The folder, as the user would type it from the working folder; only for people. */
  readonly path: string;
  /** Whether it has a `down.sql`; without one it is irreversible. To ask may throw `file-failed`, where that is no file. */
  readonly reversible: boolean;
  /** The text of its `meta.json`, kept so that an error can show the line; absent where it never was a file. */
  readonly metadata?: string;
}

/** A revision with some of it otherwise. A spread alone would lose `reversible`, which is looked up when it is asked for. */
export function withChanges(revision: Revision, changes: Partial<Revision>): Revision {
  return {
    ...revision,
    get reversible() {
      return changes.reversible ?? revision.reversible;
    },
    ...withoutReversible(changes),
  };
}

function withoutReversible({ reversible: _, ...rest }: Partial<Revision>): Partial<Revision> {
  return rest;
}

/** Gives the SQL text of a revision. Implemented by the storage (files) and by the version table (stored texts). */
export interface RevisionTexts {
  /**
   * The text of `up.sql` or `down.sql` as it is on disk, decoded; `null` where there is none.
   * @throws {MigError} `file-failed` when it cannot be read or is too large for it, `sql-unreadable` when it is not UTF-8
   */
  read(revision: Revision, direction: Direction): string | null;
  /**
   * The same, or where the file is better read piece by piece, what does that.
   * @throws {MigError} `file-failed`, `sql-unreadable`
   */
  open(revision: Revision, direction: Direction): string | LargeText | null;
  /**
   * Whether there is such a file.
   * @throws {MigError} `file-failed` when it is no file, or a link that leads out of the migration folders
   */
  has(revision: Revision, direction: Direction): boolean;
  /**
   * The bytes of the file as they stand, not decoded, where they are read at once; valid until the next call. Null where the file
   * takes a closer look.
   */
  bytes?(revision: Revision, direction: Direction): Uint8Array | null;
  /** The path of that file as the user would type it, for errors and progress. */
  pathOf(revision: Revision, direction: Direction): string;
}
