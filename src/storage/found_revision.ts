/** A revision that was found in a folder. Of its files only meta.json has been read. */

import type { Metadata } from "../revision/metadata.ts";
import type { Revision } from "../revision/revision.ts";
import { isRegularFile } from "./files.ts";

/**
 * A revision whose down.sql is looked for when somebody wants to know whether it is reversible: most commands want that of few
 * revisions, and of thousands it takes as long as to connect to a server.
 */
export class FoundRevision implements Revision {
  readonly id: Revision["id"];
  readonly parents: Revision["parents"];
  readonly dependsOn: Revision["dependsOn"];
  readonly labels: Revision["labels"];
  readonly message: string;
  readonly path: string;
  readonly metadata: string;
  readonly #roots: readonly string[];
  #reversible: boolean | undefined = undefined;

  /**
   * @param path its folder
   * @param text its meta.json
   * @param roots the real paths of the migration folders, out of which no link may lead
   */
  constructor(metadata: Metadata, path: string, text: string, roots: readonly string[]) {
    this.id = metadata.id;
    this.parents = metadata.parents;
    this.dependsOn = metadata.dependsOn;
    this.labels = metadata.labels;
    this.message = metadata.message;
    this.path = path;
    this.metadata = text;
    this.#roots = roots;
  }

  /** @throws {MigError} `file-failed` when its down.sql is no file, or a link that leads out of the migration folders */
  get reversible(): boolean {
    return this.#reversible ??= isRegularFile(`${this.path}/down.sql`, this.#roots);
  }
}
