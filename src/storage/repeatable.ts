/** Reads the repeatable scripts from their folder. */

import { realpathSync } from "node:fs";
import { MigError } from "../error.ts";
import { LARGEST_TEXT } from "../revision/large_text.ts";
import { decodeSql } from "../sql/decode.ts";
import { attempt, linkTarget, list, readBytes, refuseEscape } from "./files.ts";
import { withoutTrailingSlash } from "./chain.ts";
import { tooLarge } from "./texts.ts";

/** A script as it stands in its folder. */
export interface RepeatableScript {
  /** Its path in the folder, with `/`. */
  readonly name: string;
  /** As the user would type it. */
  readonly path: string;
  readonly text: string;
}

/**
 * Every `.sql` file of the folder and the folders in it, in the order of their names: folder by folder, files and folders
 * together. Left out is whatever begins with `.` or `_`.
 *
 * @param folder as the user would type it
 * @throws {MigError} `folder-missing`, `file-failed`, `sql-unreadable`
 */
export function readRepeatables(folder: string): readonly RepeatableScript[] {
  const root = withoutTrailingSlash(folder);
  if (linkTarget(root) !== "folder") {
    throw new MigError(
      "folder-missing",
      linkTarget(root) === "nothing"
        ? `the folder of the repeatable scripts "${root}" does not exist`
        : `"${root}" is not a folder, so it holds no repeatable scripts`,
      {
        hint: `make it, or take "repeatable" out of the settings: \`mig config\` tells where it is set`,
        locations: [{ path: root }],
      },
    );
  }
  const real = attempt("read", root, () => realpathSync.native(root));
  return filesIn(root, "", real, [real]);
}

/** @param above the real paths of the folders that lead here: a link must not lead back to one of them */
function filesIn(folder: string, prefix: string, root: string, above: readonly string[]): RepeatableScript[] {
  const entries = list(folder).filter(({ name }) => !/^[._]/.test(name)).sort((a, b) =>
    a.name < b.name ? -1 : 1
  );
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    const name = `${prefix}${entry.name}`;
    const kind = entry.isDirectory() ? "folder" : entry.isSymbolicLink() ? linkTarget(path) : "file";
    if (kind !== "folder" && !/\.sql$/i.test(entry.name)) return [];
    if (kind === "nothing") {
      throw new MigError("file-failed", `the link "${path}" leads nowhere`, {
        locations: [{ path }],
        hint: "remove it, or restore what it leads to",
      });
    }
    const real = attempt("read", path, () => realpathSync.native(path));
    if (above.includes(real)) {
      throw new MigError("file-failed", `the link "${path}" leads back to a folder that it is in`, {
        locations: [{ path }],
        hint: "remove it",
      });
    }
    if (entry.isSymbolicLink()) refuseEscape(path, [root], "folder of the repeatable scripts");
    if (kind === "folder") return filesIn(path, `${name}/`, root, [...above, real]);
    if (!entry.isFile() && !entry.isSymbolicLink()) {
      throw new MigError("file-failed", `"${path}" is not a file`, {
        locations: [{ path }],
        hint: "put a text file in its place",
      });
    }
    const content = readBytes(path, LARGEST_TEXT);
    if (typeof content === "number") throw tooLarge(path, content);
    return [{ name, path, text: decodeSql(content, path) }];
  });
}
