/** What is stored of a revision in its row: its SQL, so that it can be undone or shown where its folder is not at hand. */

import { MigError } from "../error.ts";
import { checksum } from "../revision/checksum.ts";
import { checksumOf, sizeText } from "../revision/large_text.ts";
import { type NotKept, notKeptText } from "../revision/not_kept.ts";
import type { Direction, Revision, RevisionTexts } from "../revision/revision.ts";

/** A revision with the texts that are stored in its row: its files, or what stands for those that are too large. */
export interface RecordedRevision {
  readonly revision: Revision;
  readonly upText: string;
  readonly downText: string | null;
  /** Of up.sql. */
  readonly checksum: string;
}

/**
 * Reads what is stored of a revision.
 *
 * @throws {MigError} `file-failed`, `sql-unreadable`
 */
export function readTexts(revision: Revision, texts: RevisionTexts): RecordedRevision {
  const up = storedForm(revision, "up", texts), down = storedForm(revision, "down", texts);
  return { revision, upText: up.text ?? "", downText: down.text, checksum: up.checksum };
}

/** What is stored of one file, or would be, with the checksum of an up.sql. */
export function storedForm(
  revision: Revision,
  direction: Direction,
  texts: RevisionTexts,
): { readonly text: string | null; readonly checksum: string } {
  const large = texts.large(revision, direction);
  if (large !== null) {
    const sum = checksumOf(large);
    return { text: notKeptText({ bytes: large.bytes, checksum: sum }), checksum: sum };
  }
  const text = texts.read(revision, direction);
  return { text, checksum: direction === "up" ? checksum(text ?? "") : "" };
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
