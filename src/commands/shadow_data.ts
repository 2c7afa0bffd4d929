/** What the verbs give back that work in the shadow. */

import type { RevisionName } from "./data.ts";
import type { Problem } from "./state_data.ts";

/** Of `schema`. */
export interface SchemaData {
  readonly kind: "schema";
  /** The revisions whose schema it is: where a database would be; none at base. */
  readonly at: readonly RevisionName[];
  /** How many revisions lead there. */
  readonly revisions: number;
  /** As pg_dump writes it. */
  readonly sql: string;
}

/** Of `verify`. */
export interface VerifyData {
  readonly kind: "verify";
  readonly shadow: "embedded" | "server";
  /** Which revisions were taken: those that the database lacks, those of a range, or all. */
  readonly chosen: "pending" | "range" | "all";
  readonly revisions: readonly VerifiedRevision[];
  /** How many were not reached, since one before them cannot be applied. */
  readonly skipped: number;
  readonly problems: readonly Problem[];
  /** What depends on the rows that are there; no finding. */
  readonly remarks: readonly Problem[];
  /** Tables that no rows could be put into, and why. */
  readonly empty: readonly { readonly table: string; readonly reason: string }[];
  readonly ms: number;
}

/** A revision that was verified. */
export interface VerifiedRevision extends RevisionName {
  /** `irreversible`: it has no down.sql, so only its way up was tried. */
  readonly result: "proven" | "irreversible" | "failed";
  readonly ms: number;
}

/** Of `blame`. */
export interface BlameData {
  readonly kind: "blame";
  readonly object: { readonly kind: string; readonly name: string };
  /** How many were replayed. */
  readonly revisions: number;
  /** The object itself first. */
  readonly parts: readonly {
    /** `table`, `column`, `constraint`, `index`. */
    readonly kind: string;
    readonly name: string;
    /** Its SQL in short. */
    readonly definition: string;
    /** Made it what it is. */
    readonly revision: RevisionName;
    /** Made it. */
    readonly since: RevisionName;
    /** The names that it had, the first one first. */
    readonly formerly: readonly string[];
  }[];
}
