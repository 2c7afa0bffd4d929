/** What is said of the state of a repeatable script. */

import type { RepeatableReason, RepeatableState } from "../engine/repeatable.ts";

/** Why a script was applied. */
export const REASONS: Readonly<Record<RepeatableReason, string>> = {
  pending: "new",
  changed: "changed",
  undone: "again, since a revision was undone",
  missing: "again, since what it made was gone",
};

/** What is to be said behind the name of a script in that state. */
export const REMARKS: Readonly<Record<RepeatableState["state"], string>> = {
  applied: "",
  pending: "",
  changed: "",
  undone: ": a revision was undone since it was applied",
  missing: ": what it made is gone",
  removed: ": its file is gone, what it made stays",
};
