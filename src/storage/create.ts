/** Makes the folder of a new revision. */

import { randomBytes } from "node:crypto";
import { MigError } from "../error.ts";
import type { RevisionGraph } from "../revision/graph.ts";
import type { Metadata } from "../revision/metadata.ts";
import { fieldsOf } from "../revision/placeholders.ts";
import { titleOf } from "../revision/name_lookup.ts";
import type { Revision, RevisionId } from "../revision/revision.ts";
import { realFolder, withoutTrailingSlash } from "./chain.ts";
import type { Templates } from "./templates.ts";
import { namesOf, refuseNames, writeRevision } from "./write_revision.ts";

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
