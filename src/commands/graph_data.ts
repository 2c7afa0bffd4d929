/** What the verbs give back that show and shape the graph. */

import type { RevisionId } from "../revision/revision.ts";
import type { CreatedData, RevisionName, RevisionState } from "./data.ts";

/** Of `history`: newest first. */
export interface HistoryData {
  readonly kind: "history";
  /** Null with --no-db. */
  readonly database: string | null;
  /** As it was typed; null for everything. */
  readonly range: string | null;
  readonly revisions: readonly HistoryEntry[];
  /** How people see it; no part of the JSON. */
  readonly view: { readonly verbose: boolean; readonly ascii: boolean };
}

export interface HistoryEntry extends RevisionState {
  readonly dependsOn: readonly RevisionId[];
  readonly labels: readonly string[];
  readonly head: boolean;
  readonly current: boolean;
}

/** Of `heads`. */
export interface HeadsData {
  readonly kind: "heads";
  readonly heads: readonly (RevisionName & {
    readonly path: string;
    /** Of its branch. */
    readonly labels: readonly string[];
  })[];
}

/** Of `branches`. */
export interface BranchesData {
  readonly kind: "branches";
  /** The revisions that several others follow, oldest first. */
  readonly branchPoints: readonly (BranchName & {
    /** The revisions that follow it. */
    readonly branches: readonly BranchName[];
  })[];
}

/** A revision and where its branch leads. */
export interface BranchName extends RevisionName {
  readonly path: string;
  /** Of its branch. */
  readonly labels: readonly string[];
  /** The heads that come after it, or it itself. */
  readonly heads: readonly RevisionId[];
}

/** Of `graph`. */
export interface GraphData {
  readonly kind: "graph";
  readonly format: GraphFormat;
  /** The database that was asked; null where none was, so that nobody knows what is applied. */
  readonly database: string | null;
  /** The file that was written; null where the drawing is the answer. */
  readonly output: string | null;
  /** Newest first. */
  readonly revisions: readonly HistoryEntry[];
  /** How people see it; no part of the JSON. */
  readonly view: { readonly ascii: boolean };
}

/** Of `merge`. */
export interface MergeData {
  readonly kind: "merge";
  /** As of `new`; null where there was nothing to join. */
  readonly created: Omit<CreatedData, "kind"> | null;
  /**
   * Whether every order of the branches leads to the same schema: `equal`; `clash`, which was accepted; `unproven`, since they
   * could not be replayed; `skipped`; null where there was nothing to join.
   */
  readonly proof: "equal" | "clash" | "unproven" | "skipped" | null;
  /** The revisions that nobody follows now. */
  readonly heads: readonly RevisionName[];
}

/** Of `rebase`. */
export interface RebasedData {
  readonly kind: "rebased";
  readonly revision: RevisionName & { readonly path: string };
  /** What it followed. */
  readonly before: readonly RevisionId[];
  /** What it follows now. */
  readonly parents: readonly RevisionName[];
  /** False where it followed that already. */
  readonly changed: boolean;
  /** The database that was asked whether it is applied; null with --no-db. */
  readonly database: string | null;
  /** The revisions that nobody follows now. */
  readonly heads: readonly RevisionName[];
}

export type GraphFormat = "text" | "mermaid" | "dot" | "svg";
