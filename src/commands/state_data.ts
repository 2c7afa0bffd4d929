/** What the verbs give that look for what is wrong, and mend it: plain data, as in data.ts. */

import type { LockHolder } from "../engine/event.ts";
import type { AppliedRepeatable, RepeatableState } from "../engine/repeatable.ts";
import type { LockSession } from "../engine/lock_session.ts";
import type { RevisionId } from "../revision/revision.ts";
import type { RevisionName, RevisionState } from "./data.ts";

/** Of `accept`. */
export interface AcceptedData {
  readonly kind: "accepted";
  readonly database: string;
  readonly revision: RevisionName;
  /** False where the database has the present text already. */
  readonly changed: boolean;
  /**
   * Whether both texts of up.sql lead to the same schema; `fails` where the present one cannot be replayed, `unproven` where the one
   * that was applied cannot. Null where there is nothing to record.
   */
  readonly proof: "equal" | "differs" | "fails" | "unproven" | "skipped" | null;
}

/** Of `check`. */
export interface CheckData {
  readonly kind: "check";
  /** Null with --no-db. */
  readonly database: string | null;
  readonly revisions: number;
  /** None where all is well. */
  readonly problems: readonly Problem[];
}

/** Of `restore`. */
export interface RestoredData {
  readonly kind: "restored";
  readonly database: string;
  /** Oldest first. */
  readonly revisions: readonly RestoredRevision[];
}

/** A revision that has its folder again, or what that lacked. */
export interface RestoredRevision extends RevisionName {
  /** Its folder. */
  readonly path: string;
  /** What was written. */
  readonly files: readonly string[];
}

/** Of `status`. */
export interface StatusData {
  readonly kind: "status";
  readonly database: string;
  /** `PostgreSQL 15.18`. */
  readonly server: string;
  /** The version table, qualified; null where it has not been made. */
  readonly table: string | null;
  readonly revisions: number;
  readonly applied: number;
  readonly current: readonly RevisionState[];
  readonly pending: readonly RevisionName[];
  /** The repeatable scripts in their order, then those whose files are gone; null where the project has none. */
  readonly repeatable: readonly RepeatableStatus[] | null;
  readonly problems: readonly Problem[];
  readonly running: LockHolder | null;
}

/** A repeatable script and whether it is applied. */
export interface RepeatableStatus {
  /** Its path in the folder of the scripts. */
  readonly name: string;
  /** The file; null where it is gone. */
  readonly path: string | null;
  /** All but `applied` and `removed` are what the next `mig up` to a head applies. */
  readonly state: RepeatableState["state"];
  /** Null where it was never applied. */
  readonly applied: Pick<AppliedRepeatable, "appliedAt" | "appliedBy" | "durationMs"> | null;
}

/** Of `unlock`. */
export interface UnlockData {
  readonly kind: "unlock";
  readonly database: string;
  /** The version table, qualified, whether it is made yet or not. */
  readonly table: string;
  /** Null where nobody holds the lock. */
  readonly holder: LockSession | null;
  /** The SQL that ends the holder's session. */
  readonly statement: string | null;
}

/** Something that is not as it should be. */
export interface Problem {
  /** As in `revision/drift`. */
  readonly kind: string;
  readonly revision: RevisionId | null;
  /** A sentence without a period. */
  readonly message: string;
  /** The file and the place in it, from 1; null where it is no file's fault. */
  readonly location:
    | { readonly path: string; readonly line: number | null; readonly column: number | null }
    | null;
  /** What to do; several are alternatives. */
  readonly hints: readonly string[];
  /** For an edited revision: what was applied against what stands there now, as a unified diff. */
  readonly diff: string | null;
}
