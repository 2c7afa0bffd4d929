/** A project's revisions: their graph, and the texts to run. */

import type { RevisionGraph } from "../revision/graph.ts";
import type { Revision, RevisionTexts } from "../revision/revision.ts";

/** A project's revisions, read and linked. */
export interface Chain {
  readonly graph: RevisionGraph;
  readonly texts: RevisionTexts;
}

/** A project's revisions as they stand, which need not fit together. */
export interface FoundRevisions extends Pick<Chain, "texts"> {
  readonly revisions: readonly Revision[];
  /** The paths of folders that have a SQL file and no meta.json. */
  readonly bare: readonly string[];
}
