/** The SQL of revisions, read from their folders when it is wanted. */

import { MigError } from "../error.ts";
import { LARGEST_TEXT, type LargeText, sizeText } from "../revision/large_text.ts";
import type { Direction, Revision, RevisionTexts } from "../revision/revision.ts";
import { decodeSql } from "../sql/decode.ts";
import { realFolder, withoutTrailingSlash } from "./chain.ts";
import { isRegularFile, readBytes, readPieces, readPlainBytes } from "./files.ts";

/** Up to this size a file is one text, which is stored with its row; a larger one is read piece by piece. Bytes. */
const LARGEST_STORED = 8 << 20;

/**
 * Gives the texts of the revisions that `readChain()` found in the same folders.
 * @param folders as the user typed them
 * @throws {MigError} `folder-missing`
 */
export function openFolder(folders: string | readonly string[]): RevisionTexts {
  const roots = [folders].flat().map(withoutTrailingSlash).map(realFolder);
  const contentOf = (revision: Revision, direction: Direction, most: number): Uint8Array | number | null => {
    const path = pathOf(revision, direction);
    const plain = readPlainBytes(path, most);
    if (plain !== null) return plain;
    if (isRegularFile(path, roots)) return readBytes(path, most);
    if (direction === "up") throw noUpSql(revision);
    return null;
  };
  return {
    read(revision: Revision, direction: Direction): string | null {
      const path = pathOf(revision, direction);
      const content = contentOf(revision, direction, LARGEST_TEXT);
      if (typeof content === "number") throw tooLarge(path, content);
      return content === null ? null : decodeSql(content, path);
    },
    open(revision: Revision, direction: Direction): string | LargeText | null {
      const path = pathOf(revision, direction);
      const content = contentOf(revision, direction, LARGEST_STORED);
      if (typeof content === "number") return { bytes: content, read: () => readPieces(path) };
      return content === null ? null : decodeSql(content, path);
    },
    has: (revision, direction) => isRegularFile(pathOf(revision, direction), roots),
    bytes(revision: Revision, direction: Direction): Uint8Array | null {
      const content = readPlainBytes(pathOf(revision, direction), LARGEST_STORED);
      return typeof content === "number" ? null : content;
    },
    pathOf,
  };
}

function pathOf(revision: Revision, direction: Direction): string {
  return `${revision.path}/${direction}.sql`;
}

function noUpSql({ id, path }: Revision): MigError {
  return new MigError("file-failed", `the revision "${id}" has no up.sql`, {
    locations: [{ path }],
    hint: [
      `restore it from git; where it was applied, \`mig restore ${id}\` writes it as it was then`,
      `or, where it was never applied, write ${path}/up.sql; it may be empty`,
    ],
  });
}

/** The error for a file that is too large to be one text. */
export function tooLarge(path: string, bytes: number): MigError {
  return new MigError(
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
