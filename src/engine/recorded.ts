/** What is stored of a revision in its row: its SQL, so that it can be undone or shown where its folder is not at hand. */

import { MigError } from "../error.ts";
import { checksumOf, sizeText } from "../revision/large_text.ts";
import { type NotKept, notKeptText, storedChecksum } from "../revision/not_kept.ts";
import type { Direction, Revision, RevisionTexts } from "../revision/revision.ts";

/** A revision with the texts that are stored in its row: its files, or what stands for those that are too large. */
export interface RecordedRevision {
  readonly revision: Revision;
  readonly upText: string;
  readonly downText: string | null;
  /** Of up.sql. */
  readonly checksum: string;
}

/** A file of a revision: its text, what reads it where it is large, or null where there is none. */
export type FileContent = ReturnType<RevisionTexts["open"]>;

/**
 * Reads what is stored of a revision.
 *
 * @throws {MigError} `file-failed`, `sql-unreadable`
 */
export function readTexts(revision: Revision, texts: RevisionTexts): RecordedRevision {
  return recordedOf(revision, texts.open(revision, "up"), texts.open(revision, "down"));
}

/**
 * What is stored of a revision with these files.
 *
 * @param known the checksum of the file that was read already, should it be large
 */
export function recordedOf(
  revision: Revision,
  up: FileContent,
  down: FileContent,
  known: Partial<Record<Direction, string>> = {},
): RecordedRevision {
  const upText = storedText(up, known.up) ?? "";
  return { revision, upText, downText: storedText(down, known.down), checksum: storedChecksum(upText) };
}

/** What is stored of one file. */
export function storedText(content: FileContent, checksum?: string): string | null {
  if (content === null || typeof content === "string") return content;
  return notKeptText({ bytes: content.bytes, checksum: checksum ?? checksumOf(content) });
}

/** The error for a file that would have to come from the row of its revision, and was too large to be stored there. */
export function notStored({ id, message }: Revision, direction: Direction, { bytes }: NotKept): MigError {
  return new MigError(
    "file-failed",
    `the ${direction}.sql of revision ${id} "${message}" was too large to be stored in the database: ${
      sizeText(bytes)
    }`,
    { hint: "bring its folder back into the migrations folder, from git or from whoever applied it" },
  );
}
