/** What the verbs that write SQL by themselves give back. */

import type { DifferenceStatement, RenameCandidate, Unexpressed } from "../engine/difference.ts";
import type { CreatedData, RevisionName } from "./data.ts";

/** SQL that mig wrote. */
export interface DraftedFile {
  /** In the order in which they stand in the file; none where nothing is to be done. */
  readonly statements: readonly DifferenceStatement[];
  /** What differs and no statement changes. */
  readonly cannot: readonly Unexpressed[];
  /** Roles that have to exist before. */
  readonly roles: readonly string[];
  /** Why it is not proven, as sentences; then it is not written. */
  readonly faults: readonly string[];
}

/** Of `new --auto` and `new --down-auto`. */
export interface DraftedData {
  readonly kind: "drafted";
  /** As of `new`; null where there was nothing to do. */
  readonly created: Omit<CreatedData, "kind"> | null;
  /** Where the way begins, as people say it. */
  readonly from: string;
  /** Where it leads; null where the up.sql was given. */
  readonly to: string | null;
  /** Null where it was given. */
  readonly up: DraftedFile | null;
  readonly down: DraftedFile | null;
}

/** Of `drift`. */
export interface DriftData {
  readonly kind: "drift";
  readonly database: string;
  /** Where its version table says that it is; none at base. */
  readonly at: readonly RevisionName[];
  /** What leads from the chain to the database. */
  readonly adopt: DraftedFile;
  /** What leads from the database back to the chain; null where nothing does. */
  readonly undo: DraftedFile | null;
  /** What may have been renamed, and counts as dropped and made anew unless `--rename` says so. */
  readonly candidates: readonly RenameCandidate[];
  /** Applied revisions whose up.sql is another now: what was edited is told as drift too. */
  readonly edited: readonly RevisionName[];
  /** The revision that `--adopt` made. */
  readonly created: Omit<CreatedData, "kind"> | null;
}

/** Of `draft-down`. */
export interface DraftDownData {
  readonly kind: "draft-down";
  readonly revision: RevisionName;
  /** Of its down.sql. */
  readonly path: string;
  readonly written: boolean;
  readonly down: DraftedFile;
  /** Null where nothing leads back, or where it is not proven. */
  readonly text: string | null;
  /** Whether it was to be printed only. */
  readonly view: { readonly print: boolean };
}
