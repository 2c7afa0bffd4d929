/** What the version table knows of a revision that is applied. */

import type { Direction, RevisionId } from "./revision.ts";

/** One row of the version table. */
export interface AppliedRevision {
  readonly id: RevisionId;
  /** Counts the rows in the order in which they were written: 1, 2, 3 … */
  readonly seq: number;
  /** Its parents at the time when it was applied. */
  readonly parents: readonly RevisionId[];
  /** What it depended on then, beside its parents. */
  readonly dependsOn: readonly RevisionId[];
  readonly labels: readonly string[];
  readonly message: string;
  /** Whether a down.sql was stored with it. */
  readonly reversible: boolean;
  /** The checksum of up.sql as it was run, see `checksum()`. */
  readonly upChecksum: string;
  /** When it was applied: ISO 8601 in UTC, by the server's clock. */
  readonly appliedAt: string;
  /** The database role that applied it. */
  readonly appliedBy: string;
  /** Milliseconds that it took; null when it was stamped rather than run. */
  readonly durationMs: number | null;
  /** How far a file that runs outside a transaction came before it was interrupted; null when nothing is unfinished. */
  readonly unfinished: Unfinished | null;
}

/** What a run needs to know of a row to say where the database is. */
export type AppliedPlace = Pick<AppliedRevision, "id" | "parents" | "message" | "unfinished">;

/** A run of a no-transaction file that did not reach its end. */
export interface Unfinished {
  readonly direction: Direction;
  /** How many statements of the file are done. */
  readonly statementsDone: number;
  /** How many rows the next one, a batch, has changed so far. */
  readonly batchRows: number;
}

/**
 * The ids that are applied, for deciding what to do. A `Set` of ids will do, and a `Map` of ids to rows is better:
 * with rows, an error can tell the message and the parents of a revision whose folder is not here.
 */
export interface AppliedIds {
  readonly size: number;
  has(id: RevisionId): boolean;
  keys(): Iterable<RevisionId>;
  get?(
    id: RevisionId,
  ): Pick<AppliedRevision, "message" | "parents"> & { readonly reversible?: boolean } | undefined;
}
