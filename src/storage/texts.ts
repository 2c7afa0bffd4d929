/** The SQL of revisions, read from their folders when it is wanted. */

import { existsSync } from "node:fs";
import type { Direction, Revision, RevisionTexts } from "../revision/revision.ts";
import { decodeSql } from "../sql/decode.ts";
import { realFolder, withoutTrailingSlash } from "./chain.ts";
import { readBytes, readPlainBytes, refuseEscape } from "./files.ts";

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
      const plain = readPlainBytes(path);
      if (plain !== null) return decodeSql(plain, path);
      if (direction === "down" && !existsSync(path)) return null;
      refuseEscape(path, roots);
      return decodeSql(readBytes(path), path);
    },
    pathOf,
  };
}

function pathOf(revision: Revision, direction: Direction): string {
  return `${revision.path}/${direction}.sql`;
}
