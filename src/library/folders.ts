/** What is written to a project's folders: new revisions, and the place of old ones in the graph. */

import type { App, CreatedRevision } from "../commands/app.ts";
import { DEFAULT_FOLDER_NAME } from "../revision/folder_name.ts";
import { formatAsBefore } from "../revision/metadata.ts";
import { metadataPath } from "../revision/place.ts";
import type { Revision } from "../revision/revision.ts";
import { chooseFolder } from "../storage/choose_folder.ts";
import { createRevision } from "../storage/create.ts";
import { replaceFile } from "../storage/replace.ts";
import { readTemplates, type Templates, type TemplatesFolder } from "../storage/templates.ts";
import { rewriteRevision, writeRevision } from "../storage/write_revision.ts";

/** Where revisions are, and how new ones are made. */
export interface Folders {
  /** At least one. */
  readonly paths: readonly string[];
  /** `_templates` in the first folder where it is left out. */
  readonly templates?: TemplatesFolder;
  /** The pattern for the folders' names. */
  readonly folderName?: string;
}

/** The verbs' ways to write revisions. */
export type Writer = Pick<
  App,
  "createRevision" | "restoreRevision" | "replaceMetadata" | "writeMetadata" | "writeSql"
>;

/** Writes into folders. */
export function writerFor(folders: Folders): Writer {
  const { paths, folderName = DEFAULT_FOLDER_NAME } = folders;
  const place = folders.templates ?? { path: `${paths[0]}/_templates`, required: false };
  return {
    createRevision({ graph }, revision) {
      // Not before they are needed: what has its texts does not fail over a template.
      let templates: Templates | undefined;
      return createdOf(createRevision({
        ...revision,
        graph,
        folder: chooseFolder(paths, graph, revision.parents, revision.folder),
        folderName,
        templates: (direction, fields) => {
          templates ??= readTemplates(place, revision.template);
          return templates(direction, fields);
        },
        now: revision.now ?? new Date(),
      }));
    },
    restoreRevision(revisions, metadata, texts, former, now) {
      const whole = { ...texts, metadata, folderName, now };
      const again = former === undefined ? null : rewriteRevision(former.path, former.metadata, whole);
      if (again !== null) return createdOf(again);
      const folder = chooseFolder(paths, revisions, metadata.parents);
      return createdOf(writeRevision({ ...whole, folder }));
    },
    writeSql(folder, direction, text) {
      replaceFile(`${folder}/${direction}.sql`, text);
      return `${folder}/${direction}.sql`;
    },
    writeMetadata(folder, metadata, before = "") {
      const path = metadataPath(folder);
      replaceFile(path, formatAsBefore(before, metadata));
      return path;
    },
    replaceMetadata: ({ path, metadata }, text) => replaceFile(metadataPath(path), text, metadata),
  };
}

function createdOf({ id, labels, path, reversible }: Revision): CreatedRevision {
  const files = reversible ? ["up.sql", "down.sql", "meta.json"] : ["up.sql", "meta.json"];
  return { id, labels, path, files: files.map((file) => `${path}/${file}`) };
}
