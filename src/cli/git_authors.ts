/** Who wrote a revision, as far as git knows. */

import type { Author, Authors } from "../commands/app.ts";
import { runGit } from "./git.ts";

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
  const git = async (...args: string[]) =>
    (await runGit(folder, args, { patienceMs: PATIENCE_MS })).trimEnd();
  const text = await git("log", "-1", "--no-show-signature", "--format=%aN%x00%as%x00%P", "--", ".");
  if (text === "") return null;
  const [name = "", date = "", parents = ""] = text.split("\0");
  // Where a shallow clone ends, a commit seems to have written all that is older.
  if (parents === "" && await git("rev-parse", "--is-shallow-repository") !== "false") {
    return undefined;
  }
  return name === "" ? undefined : { name, date };
}
