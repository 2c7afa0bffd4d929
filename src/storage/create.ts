/** Makes the folder of a new revision. */

import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { MigError } from "../error.ts";
import { folderName, folderNameFault } from "../revision/folder_name.ts";
import type { RevisionGraph } from "../revision/graph.ts";
import { formatMetadata, type Metadata } from "../revision/metadata.ts";
import { nameFault } from "../revision/metadata_rules.ts";
import { fieldsOf } from "../revision/placeholders.ts";
import { titleOf } from "../revision/name_lookup.ts";
import type { Revision, RevisionId } from "../revision/revision.ts";
import { realFolder, withoutTrailingSlash } from "./chain.ts";
import { attempt } from "./files.ts";
import type { Templates } from "./templates.ts";

/** What a new revision is to be. */
export interface NewRevision {
  /** The migrations folder in which it is made. */
  readonly folder: string;
  /** The revisions that there are: the new one must fit in. */
  readonly graph: RevisionGraph;
  readonly message: string;
  /** None for a base, several for a merge. */
  readonly parents: readonly RevisionId[];
  /** Eight random hexadecimal digits where it is left out. */
  readonly id?: RevisionId;
  readonly labels?: readonly string[];
  readonly dependsOn?: readonly RevisionId[];
  /** The text of up.sql; the template's where it is left out. */
  readonly up?: string;
  /** The text of down.sql; null for none, which makes the revision irreversible; the template's where it is left out. */
  readonly down?: string | null;
  readonly templates: Templates;
  /** The pattern for the folder's name. */
  readonly folderName: string;
  /** Goes into the folder's name and the templates. */
  readonly now: Date;
}

/**
 * Makes a revision's folder, whole or not at all.
 * @throws {MigError} `usage` for an id or label that cannot be one, `revision-unknown` for a parent that is not there,
 * `already-exists`, `folder-missing`, `file-failed`
 */
export function createRevision(wanted: NewRevision): Revision {
  realFolder(withoutTrailingSlash(wanted.folder));
  const metadata = metadataOf(wanted);
  refuseMisfit(metadata, wanted.graph);
  const fields = fieldsOf(metadata, wanted.now);
  const { templates, up = templates("up", fields) } = wanted;
  const down = wanted.down === undefined ? templates("down", fields) : wanted.down;
  return writeRevision({ ...wanted, metadata, up, down });
}

/** A revision with its texts, and where it goes. */
export interface WholeRevision extends Pick<NewRevision, "folder" | "folderName" | "now"> {
  readonly metadata: Metadata;
  readonly up: string;
  /** Null for none. */
  readonly down: string | null;
}

/**
 * Makes the folder of a revision that is known to fit in, whole or not at all.
 * @throws {MigError} `usage` for an id or label that cannot be one, `already-exists`, `folder-missing`, `file-failed`
 */
export function writeRevision({ metadata, up, down, ...place }: WholeRevision): Revision {
  refuseNames(metadata);
  const folder = withoutTrailingSlash(place.folder);
  realFolder(folder);
  const text = formatMetadata(metadata);
  const path = `${folder}/${soundName(folderName(place.folderName, fieldsOf(metadata, place.now)))}`;
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

function metadataOf(wanted: NewRevision): Metadata {
  const lower = (names: readonly string[] = []) => [...new Set(names.map((name) => name.toLowerCase()))];
  return {
    id: wanted.id?.toLowerCase() ?? freeId(wanted.graph),
    parents: lower(wanted.parents),
    dependsOn: lower(wanted.dependsOn),
    labels: lower(wanted.labels),
    message: wanted.message,
  };
}

function freeId(graph: RevisionGraph): RevisionId {
  for (;;) {
    const id = randomBytes(4).toString("hex");
    if (!graph.has(id) && !graph.labels.has(id)) return id;
  }
}

function refuseNames(metadata: Metadata): void {
  for (const [noun, name] of namesOf(metadata)) {
    const fault = nameFault(name);
    if (fault === null) continue;
    throw new MigError("usage", `the ${noun} "${name}" ${fault}`, { hint: `choose another ${noun}` });
  }
}

function namesOf({ id, labels }: Metadata): [noun: string, name: string][] {
  return [["id", id], ...labels.map((label): [string, string] => ["label", label])];
}

function refuseMisfit(metadata: Metadata, graph: RevisionGraph): void {
  refuseNames(metadata);
  for (const [noun, name] of namesOf(metadata)) {
    const taken = graph.get(name) ?? graph.labels.get(name);
    if (taken === undefined) continue;
    throw new MigError(
      "already-exists",
      `the ${noun} "${name}" is taken by the revision ${titleOf(taken)}`,
      {
        locations: [{ path: taken.path }],
        hint: `choose another ${noun}`,
      },
    );
  }
  for (const name of [...metadata.parents, ...metadata.dependsOn]) {
    if (graph.has(name)) continue;
    throw new MigError(
      "revision-unknown",
      `no revision has the id "${name}", so nothing can follow it or depend on it`,
      {
        hint: "`mig history` lists them all",
      },
    );
  }
}

/** Writes beside the goal, then renames: who reads the folder meanwhile sees no half of a revision. */
function writeFolder(
  folder: string,
  path: string,
  id: RevisionId,
  files: Readonly<Record<string, string | null>>,
): void {
  if (existsSync(path)) {
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
