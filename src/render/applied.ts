/** When a revision was applied and by whom, as it is told everywhere. */

import type { AppliedFacts } from "../commands/data.ts";
import { oneLine } from "./entry.ts";
import { minute } from "./layout.ts";

/** `2026-11-22 22:27 UTC by app`; `stamped` stands before it where it was recorded without running. */
export function appliedText({ appliedAt, appliedBy, durationMs, unfinished }: AppliedFacts): string {
  const stamped = durationMs === null && unfinished === null ? "stamped " : "";
  return `${stamped}${minute(appliedAt)} by ${oneLine(appliedBy)}`;
}
