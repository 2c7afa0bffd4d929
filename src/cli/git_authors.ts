/** Who wrote a revision, as far as git knows. */

import { execFile } from "node:child_process";
import process from "node:process";
import type { Author, Authors } from "../commands/app.ts";

/** How long git may take, in milliseconds: an error must not wait for a large repository. */
const PATIENCE_MS = 2000;

/**
 * The authors of the newest commits that touched some folders; null for a folder that no commit has. Folders of which git
 * says nothing are left out: there is no git, no repository, or a clone too shallow to tell.
 */
export async function gitAuthors(folders: readonly string[]): Promise<Authors> {
  const found = await Promise.all(
    folders.map(async (folder) => [folder, await authorOf(folder).catch(() => undefined)] as const),
  );
  return new Map(found.flatMap(([folder, author]) => author === undefined ? [] : [[folder, author]]));
}

async function authorOf(folder: string): Promise<Author | null | undefined> {
  const text = await git(folder, [
    "log",
    "-1",
    "--no-show-signature",
    "--format=%aN%x00%as%x00%P",
    "--",
    ".",
  ]);
  if (text === "") return null;
  const [name = "", date = "", parents = ""] = text.split("\0");
  // Where a shallow clone ends, a commit seems to have written all that is older.
  if (parents === "" && await git(folder, ["rev-parse", "--is-shallow-repository"]) !== "false") {
    return undefined;
  }
  return name === "" ? undefined : { name, date };
}

/** What git prints, without the line ending. */
function git(folder: string, args: readonly string[]): Promise<string> {
  const env = {
    ...process.env,
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    // A partial clone would ask its server for what is not here.
    GIT_NO_LAZY_FETCH: "1",
    // Windows looks for programs in the working folder first.
    NoDefaultCurrentDirectoryInExePath: "1",
  };
  return new Promise((resolve, reject) => {
    execFile(
      "git",
      ["-C", folder, ...args],
      { env, timeout: PATIENCE_MS, windowsHide: true },
      (error, stdout) => error === null ? resolve(stdout.trimEnd()) : reject(error),
    );
  });
}
