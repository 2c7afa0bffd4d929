/** Writes the folder of a revision, whole or not at all. */

import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { MigError } from "../error.ts";
import { folderName, folderNameFault } from "../revision/folder_name.ts";
import { formatAsBefore, formatMetadata, type Metadata } from "../revision/metadata.ts";
import { nameFault } from "../revision/metadata_rules.ts";
import { fieldsOf } from "../revision/placeholders.ts";
import type { Revision, RevisionId } from "../revision/revision.ts";
import { realFolder, withoutTrailingSlash } from "./chain.ts";
import { attempt } from "./files.ts";

/** A revision with its texts, and where it goes. */
export interface WholeRevision {
  readonly metadata: Metadata;
  readonly up: string;
  /** Null for none. */
  readonly down: string | null;
  /** The migrations folder in which it is made. */
  readonly folder: string;
  /** The pattern for the folder's name. */
  readonly folderName: string;
  /** Goes into the folder's name. */
  readonly now: Date;
}

/**
 * Makes the folder of a revision that is known to fit in, whole or not at all.
 * @throws {MigError} `usage` for an id or label that cannot be one, `already-exists`, `folder-missing`, `file-failed`
 */
export function writeRevision(revision: WholeRevision): Revision {
  const { metadata, now } = revision;
  refuseNames(metadata);
  const name = soundName(folderName(revision.folderName, fieldsOf(metadata, now)));
  return write(revision, `${withoutTrailingSlash(revision.folder)}/${name}`, formatMetadata(metadata));
}

/**
 * The same for one that had a folder, which it gets again; null where something else is there now, or the name is none that mig reads.
 * @param text its meta.json then, which is written as it was where it says the same
 * @throws {MigError} as `writeRevision()`
 */
export function rewriteRevision(
  path: string,
  text: string,
  revision: Omit<WholeRevision, "folder">,
): Revision | null {
  refuseNames(revision.metadata);
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (folderNameFault(name) !== null || !isFree(path)) return null;
  return write(revision, path, formatAsBefore(text, revision.metadata));
}

/** Git leaves an empty folder where something stood in the way of removing it. */
function isFree(path: string): boolean {
  return attempt("read", path, () => {
    if (!existsSync(path)) return true;
    if (!lstatSync(path).isDirectory() || readdirSync(path).length > 0) return false;
    rmdirSync(path);
    return true;
  });
}

function write(
  { metadata, up, down }: Pick<WholeRevision, "metadata" | "up" | "down">,
  path: string,
  text: string,
): Revision {
  const folder = path.slice(0, path.lastIndexOf("/"));
  realFolder(folder);
  writeFolder(folder, path, metadata.id, { "up.sql": up, "down.sql": down, "meta.json": text });
  return { ...metadata, path, reversible: down !== null, metadata: text };
}

function soundName(name: string): string {
  const fault = folderNameFault(name);
  if (fault === null) return name;
  throw new MigError("usage", `the revision's folder "${name}" ${fault}`, {
    hint: "choose another id, or another `folder_name` in mig.json",
  });
}

/** @throws {MigError} `usage` for an id or label that cannot be one */
export function refuseNames(metadata: Metadata): void {
  for (const [noun, name] of namesOf(metadata)) {
    const fault = nameFault(name);
    if (fault === null) continue;
    throw new MigError("usage", `the ${noun} "${name}" ${fault}`, { hint: `choose another ${noun}` });
  }
}

/** What others may name it by, each with its kind. */
export function namesOf({ id, labels }: Metadata): [noun: string, name: string][] {
  return [["id", id], ...labels.map((label): [string, string] => ["label", label])];
}

/** Writes beside the goal, then renames: who reads the folder meanwhile sees no half of a revision. */
function writeFolder(
  folder: string,
  path: string,
  id: RevisionId,
  files: Readonly<Record<string, string | null>>,
): void {
  if (!isFree(path)) {
    throw new MigError("already-exists", `the folder "${path}" exists already`, {
      hint: "remove it, or choose another id",
    });
  }
  const draft = `${folder}/.new_${id}`;
  rmSync(draft, { recursive: true, force: true });
  try {
    attempt("write", path, () => {
      mkdirSync(draft);
      for (const [name, text] of Object.entries(files)) {
        if (text !== null) writeFileSync(`${draft}/${name}`, text);
      }
      renameSync(draft, path);
    });
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
