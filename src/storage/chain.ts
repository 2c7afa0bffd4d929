/** Reads the revisions of a project from their folders. */

import type { Dirent } from "node:fs";
import { realpathSync } from "node:fs";
import { setImmediate } from "node:timers";
import { MigError } from "../error.ts";
import { COLLECT_EVERY, collectGarbage } from "../garbage.ts";
import { parseMetadata } from "../revision/metadata.ts";
import { metadataPath } from "../revision/place.ts";
import type { Revision } from "../revision/revision.ts";
import { several } from "../revision/several.ts";
import {
  attempt,
  isRegularFile,
  linkTarget,
  list,
  readPlainText,
  readSmallText,
  refuseEscape,
} from "./files.ts";
import { FoundRevision } from "./found_revision.ts";

/** How long nothing else is done, in milliseconds. */
const SLICE_MS = 1;

/**
 * Every revision of one or several migration folders, sorted by folder and name; their SQL files are not looked for. Left out
 * are plain files, folders whose name begins with `.` or `_`, and folders with neither meta.json nor a SQL file, which git
 * leaves behind when it changes branches.
 * @param folders as the user typed them
 * @param bare takes folders with a SQL file and without meta.json, which are a fault where it is left out
 * @throws {MigError} `folder-missing`, `metadata-invalid`, `file-failed`; everything that is wrong at once
 */
export async function readChain(
  folders: string | readonly string[],
  bare?: string[],
): Promise<readonly Revision[]> {
  const paths = [folders].flat().map(withoutTrailingSlash);
  const roots = paths.map(realFolder);
  const revisions: Revision[] = [];
  const faults: (MigError | { readonly text: string; readonly path: string })[] = [];
  let since = performance.now();
  for (const path of paths) {
    for (const folder of revisionFolders(path, roots, faults)) {
      if (performance.now() - since > SLICE_MS) {
        // A database that is being connected to meanwhile is answered.
        await new Promise((resolve) => setImmediate(resolve));
        since = performance.now();
      }
      try {
        const found = readRevision(folder, roots, bare);
        if (found === null) continue;
        if ("id" in found) {
          if (revisions.push(found) % COLLECT_EVERY.read === 0) collectGarbage();
        } else faults.push(found);
      } catch (error) {
        if (!(error instanceof MigError)) throw error;
        faults.push(error);
      }
    }
  }
  if (faults.length === 0) return revisions;
  // Loads a parser of 50 KB, which sound files do not need.
  const { explainMetadata } = await import("../revision/metadata_faults.ts");
  const errors = faults.map((fault) =>
    fault instanceof MigError ? fault : explainMetadata(fault.text, fault.path)
  );
  throw several(errors, `cannot read the revisions in ${paths.map((path) => `"${path}"`).join(", ")}`);
}

/**
 * The real path of a migrations folder, all links followed.
 * @throws {MigError} `folder-missing`
 */
export function realFolder(path: string): string {
  const missing = (message: string, ...hints: string[]) =>
    new MigError("folder-missing", message, {
      hint: [
        "run `mig init` to start a project in this folder",
        "or name the folder that holds your revisions as `migrations` in mig.json",
        ...hints,
      ],
      locations: [{ path }],
    });
  switch (linkTarget(path)) {
    case "folder":
      return attempt("read", path, () => realpathSync.native(path));
    case "file":
      throw missing(`"${path}" is not a folder, so it holds no revisions`);
    case "nothing":
      throw missing(
        `the migrations folder "${path}" does not exist`,
        "or, where it was lost: git has it, or make it empty and `mig restore` writes what a database has",
      );
  }
}

/** A folder's path as it goes before the names of its revisions. */
export function withoutTrailingSlash(path: string): string {
  return path.replace(/(?<=[^\\/])[\\/]+$/, "");
}

function* revisionFolders(path: string, roots: readonly string[], faults: unknown[]): Generator<string> {
  const entries = new Map(list(path).map((entry) => [entry.name, entry]));
  for (const name of [...entries.keys()].sort()) {
    if (name.startsWith(".") || name.startsWith("_")) continue;
    const folder = `${path}/${name}`;
    try {
      if (isFolder(entries.get(name)!, folder, roots)) yield folder;
    } catch (error) {
      if (!(error instanceof MigError)) throw error;
      faults.push(error);
    }
  }
}

function isFolder(entry: Dirent, path: string, roots: readonly string[]): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  const target = linkTarget(path);
  if (target === "nothing") {
    throw new MigError("file-failed", `the link "${path}" leads nowhere`, {
      locations: [{ path }],
      hint: "remove it, or restore what it leads to",
    });
  }
  if (target === "file") return false;
  refuseEscape(path, roots);
  return true;
}

/** The revision in a folder; null where there is none; the text of its meta.json where that is broken. */
function readRevision(
  folder: string,
  roots: readonly string[],
  bare: string[] | undefined,
): Revision | { text: string; path: string } | null {
  const path = metadataPath(folder);
  const text = readPlainText(path) || readLinkedText(path, roots);
  if (text === null) {
    if (!list(folder).some(({ name }) => /\.sql$|^meta\./i.test(name))) return null;
    if (bare === undefined) throw noMetadata(folder);
    bare.push(folder);
    return null;
  }
  const metadata = parseMetadata(text);
  return metadata === null ? { text, path } : new FoundRevision(metadata, folder, text, roots);
}

function noMetadata(folder: string): MigError {
  return new MigError("metadata-invalid", `the folder "${folder}" has no meta.json`, {
    locations: [{ path: folder }],
    hint: [
      "restore it from git; where the revision was applied, `mig restore` writes it from the database",
      "or, if this is not a revision, let the folder's name begin with `_`",
    ],
  });
}

function readLinkedText(path: string, roots: readonly string[]): string | null {
  return isRegularFile(path, roots) ? readSmallText(path) : null;
}
