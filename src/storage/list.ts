/** A list of the revisions for somebody who is typing: quick, and without whatever is wrong. */

import { readdirSync } from "node:fs";
import { withoutByteOrderMark } from "../revision/metadata.ts";
import { readSmallText } from "./files.ts";

/** A revision in a list. */
export interface ListedRevision {
  /** The name of its folder, which by default begins with the minute in which it was made. */
  readonly folder: string;
  readonly id: string;
  readonly message: string;
  readonly labels: readonly string[];
}

/** The revisions of a migrations folder in no order. Neither links nor SQL files are looked at. */
export function listRevisions(path: string): ListedRevision[] {
  const found: ListedRevision[] = [];
  for (const folder of names(path)) {
    if (/^[._]/.test(folder)) continue;
    try {
      const { id, message, labels } = JSON.parse(
        withoutByteOrderMark(readSmallText(`${path}/${folder}/meta.json`)),
      );
      if (typeof id !== "string" || typeof message !== "string") continue;
      found.push({ folder, id, message, labels: [labels ?? []].flat().filter((l) => typeof l === "string") });
    } catch {
      // `mig check` says what is wrong with it.
    }
  }
  return found;
}

function names(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
