/** Says in which of the migration folders a new revision is made. */

import { realpathSync } from "node:fs";
import { MigError } from "../error.ts";
import type { Revision, RevisionId } from "../revision/revision.ts";
import { withoutTrailingSlash } from "./chain.ts";

/** Revisions that can be looked up, such as a graph. */
export interface RevisionsById {
  get(id: RevisionId): Pick<Revision, "path"> | undefined;
}

/**
 * The folder that was asked for; else the one in which all parents are; else the first.
 * @param folders as the user typed them; at least one
 * @param revisions where the parents are looked up
 * @throws {MigError} `usage` where the folder that was asked for is none of them
 */
export function chooseFolder(
  folders: readonly string[],
  revisions: RevisionsById,
  parents: readonly RevisionId[],
  asked?: string,
): string {
  const known = folders.map(withoutTrailingSlash);
  if (asked !== undefined) return knownFolder(known, asked);
  const [of, ...others] = new Set(parents.map((id) => revisions.get(id)?.path.replace(/\/[^/]*$/, "")));
  return of !== undefined && others.length === 0 && known.includes(of) ? of : known[0]!;
}

function knownFolder(known: readonly string[], asked: string): string {
  const real = realPath(asked);
  const found = known.find((folder) => folder === withoutTrailingSlash(asked)) ??
    known.find((folder) => real !== null && realPath(folder) === real);
  if (found !== undefined) return found;
  throw new MigError("usage", `"${asked}" is not a migrations folder of this project`, {
    hint: [
      `the folders are ${known.join(", ")}`,
      `to have another, add it in mig.json: "migrations": [${
        [...known, asked].map((folder) => JSON.stringify(folder)).join(", ")
      }]`,
    ],
  });
}

function realPath(path: string): string | null {
  try {
    return realpathSync.native(path);
  } catch {
    return null;
  }
}
