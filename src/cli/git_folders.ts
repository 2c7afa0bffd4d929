/** The folders in which git has seen revisions, on any branch: one that is lost comes back under the name that it had. */

import { Buffer } from "node:buffer";
import type { FormerFolder } from "../commands/app.ts";
import { parseMetadata } from "../revision/metadata.ts";
import type { RevisionId } from "../revision/revision.ts";
import { runGit } from "./git.ts";

/** How long git may take to walk through the history, in milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * Each revision's folder as git saw it last; empty where there is no git, or no repository.
 * @param folders the migration folders, as the user typed them, without a slash at the end
 */
export async function gitFolders(folders: readonly string[]): Promise<ReadonlyMap<RevisionId, FormerFolder>> {
  const found = new Map<RevisionId, FormerFolder>();
  for (const folder of folders) {
    for (const { name, text } of await seenIn(folder).catch(() => [])) {
      const id = parseMetadata(text)?.id;
      if (id !== undefined && !found.has(id)) found.set(id, { path: `${folder}/${name}`, metadata: text });
    }
  }
  return found;
}

/** A meta.json of the history. */
interface Seen {
  /** The name of its folder. */
  readonly name: string;
  readonly text: string;
}

/** Every meta.json that was written in one of its folders, the newest first. */
async function seenIn(folder: string): Promise<Seen[]> {
  const raw = await runGit(folder, LOG, { patienceMs: PATIENCE_MS });
  const written = [...raw.matchAll(CHANGE)].map(([, blob, name]) => ({ blob: blob!, name: name! }));
  const blobs = new Set(written.map(({ blob }) => blob));
  if (blobs.size === 0) return [];
  const texts = textsOf(
    await runGit(folder, ["cat-file", "--batch"], {
      patienceMs: PATIENCE_MS,
      input: `${[...blobs].join("\n")}\n`,
      encoding: "latin1",
    }),
  );
  return written.flatMap(({ blob, name }) => texts.has(blob) ? [{ name, text: texts.get(blob)! }] : []);
}

/** What `git cat-file --batch` prints: a line with hash, kind and size in bytes, then as many bytes and a line ending. */
function textsOf(output: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (let at = 0; at < output.length;) {
    const end = output.indexOf("\n", at);
    const [, blob, size] = /^(\S+) blob (\d+)$/.exec(output.slice(at, end)) ?? [];
    at = end + 1;
    // A partial clone lacks it.
    if (blob === undefined) continue;
    texts.set(blob, Buffer.from(output.slice(at, at + Number(size)), "latin1").toString("utf8"));
    at += Number(size) + 1;
  }
  return texts;
}

const LOG = [
  "log",
  "--all",
  "--no-show-signature",
  "--format=",
  "--raw",
  "--no-abbrev",
  "--no-renames",
  "--diff-filter=AM",
  "--relative",
  "-z",
  "--",
  "*/meta.json",
];
/** The modes and hashes before and after, the kind of change, and the path, as --raw -z has them. */
const CHANGE = /:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) [AM]\0([^\0/]+)\/meta\.json(?=\0)/g;
