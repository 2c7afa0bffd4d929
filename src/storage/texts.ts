/** The SQL of revisions, read from their folders when it is wanted. */

import { existsSync } from "node:fs";
import { MigError } from "../error.ts";
import { LARGEST_TEXT, type LargeText, sizeText } from "../revision/large_text.ts";
import type { Direction, Revision, RevisionTexts } from "../revision/revision.ts";
import { decodeSql } from "../sql/decode.ts";
import { realFolder, withoutTrailingSlash } from "./chain.ts";
import { readBytes, readPieces, refuseEscape, sizeOf } from "./files.ts";

/** From this size on a file is read piece by piece; below, its text is stored with its row. Bytes. */
const LARGE = 8 << 20;

/**
 * Gives the texts of the revisions that `readChain()` found in the same folders.
 * @param folders as the user typed them
 * @throws {MigError} `folder-missing`
 */
export function openFolder(folders: string | readonly string[]): RevisionTexts {
  const roots = [folders].flat().map(withoutTrailingSlash).map(realFolder);
  return {
    read(revision: Revision, direction: Direction): string | null {
      const path = pathOf(revision, direction);
      if (direction === "down" && !existsSync(path)) return null;
      refuseEscape(path, roots);
      return decodeSql(readBytes(path, refuseSize), path);
    },
    large(revision: Revision, direction: Direction): LargeText | null {
      const path = pathOf(revision, direction);
      const bytes = sizeOf(path);
      if (bytes < LARGE) return null;
      refuseEscape(path, roots);
      return { bytes, read: () => readPieces(path) };
    },
    pathOf,
  };
}

function pathOf(revision: Revision, direction: Direction): string {
  return `${revision.path}/${direction}.sql`;
}

/**
 * Refuses a file that is too large to be one text.
 * @throws {MigError} `file-failed`
 */
export function refuseSize(path: string, bytes: number): void {
  if (bytes <= LARGEST_TEXT) return;
  throw new MigError(
    "file-failed",
    `"${path}" has ${sizeText(bytes)}, which is too much to be shown or copied`,
    {
      locations: [{ path }],
      hint: [
        `\`mig up\` and \`mig down\` run files of any size that stand in the migrations folder; \
all else takes up to ${sizeText(LARGEST_TEXT)}`,
        "to make it a revision: run `mig new`, and copy the file over the new up.sql",
      ],
    },
  );
}
