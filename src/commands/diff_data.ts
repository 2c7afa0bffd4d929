/** What the verbs that compare schemas give back. */

import type { DifferenceStatement, RenameCandidate, Unexpressed } from "../engine/difference.ts";

/** Of `diff`. */
export interface DiffData {
  readonly kind: "diff";
  /** What was compared, as people say it: `head`, `schema.sql`, a database without its password. */
  readonly from: string;
  readonly to: string;
  /** In the order in which they have run in the shadow. */
  readonly statements: readonly DifferenceStatement[];
  /** What differs and no statement changes. */
  readonly cannot: readonly Unexpressed[];
  /** What may have been renamed, and is dropped and made anew unless `--rename` says so. */
  readonly candidates: readonly RenameCandidate[];
  /** Roles that have to exist before. */
  readonly roles: readonly string[];
  /** Whether the statements led from the first schema to the second in the shadow. */
  readonly proven: boolean;
  /** What they did not, as sentences; none where it is proven, or where `cannot` tells it all. */
  readonly faults: readonly string[];
  /** Whether a difference is what `--check` looks for. */
  readonly view: { readonly check: boolean };
}
