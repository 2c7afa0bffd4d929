/** What the verbs that make and edit revisions by hand give back. */

import type { RevisionId } from "../revision/revision.ts";
import type { RevisionName } from "./data.ts";

/** Of `new`. */
export interface CreatedData {
  readonly kind: "created";
  readonly id: RevisionId;
  readonly parents: readonly RevisionId[];
  readonly dependsOn: readonly RevisionId[];
  readonly labels: readonly string[];
  readonly message: string;
  /** The folder. */
  readonly path: string;
  readonly files: readonly string[];
  /** The SQL files that still hold no more than the template. */
  readonly toWrite: readonly string[];
  /** The revisions that nobody follows now. */
  readonly heads: readonly RevisionName[];
}

/** Of `edit`. */
export interface EditData {
  readonly kind: "edit";
  /** Those that were opened. */
  readonly revisions: readonly (RevisionName & { readonly path: string })[];
  /** The files whose text is another than before; line endings do not count. */
  readonly changed: readonly string[];
}
