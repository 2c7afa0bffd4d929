/** What is told of something that another session's locks made fail in every try: how often it was tried, and who was in the way. */

import type { ServerReport } from "../error.ts";
import { adviceFor } from "./advice.ts";
import { type Blocker, canBeEnded, describeBlocker } from "./blocker.ts";

/** Why something is tried again. */
export type RetryReason = "lock-timeout" | "deadlock" | "serialization";

/** The tries that there were when it was given up. */
export interface Tried {
  /** From 1. */
  readonly tries: number;
  /** Who was seen in the way at last. */
  readonly blockers: readonly Blocker[];
}

/** Of what failed for another reason than another session's locks, nothing of this is told. */
export const ONCE: Tried = { tries: 1, blockers: [] };

/** The reason to try again that lies in an error; null where that would not help. */
export function passingReason({ sqlstate }: Pick<ServerReport, "sqlstate">): RetryReason | null {
  return REASONS[sqlstate] ?? null;
}

/** The server's message, with the number of tries where there were several. */
export function triedMessage(report: ServerReport, { tries }: Tried): string {
  return passingReason(report) === null || tries < 2
    ? report.message
    : `${report.message} (tried ${tries} times)`;
}

/** The same for `data`. */
export function triedData(
  report: ServerReport,
  { tries, blockers }: Tried,
): { readonly tries?: number; readonly blockers?: readonly Blocker[] } {
  const reason = passingReason(report);
  if (reason === null) return {};
  return reason === "lock-timeout" ? { tries, blockers } : { tries };
}

/** Who was in the way, and what can be done about it; otherwise what is to be done about this error anyway. */
export function triedHints(report: ServerReport, { blockers }: Tried): string[] {
  if (passingReason(report) !== "lock-timeout" || blockers.length === 0) return adviceFor(report);
  const pid = blockers.find(canBeEnded)?.pid;
  const end = pid === undefined ? "" : `, or end that session: select pg_terminate_backend(${pid})`;
  return [
    ...blockers.map((blocker) => `blocked by ${describeBlocker(blocker)}`),
    `let it finish${end}`,
    "--lock-timeout and --lock-retries give more patience; --kill-blockers ends such sessions by itself",
  ];
}

const REASONS: Readonly<Record<string, RetryReason>> = {
  "55P03": "lock-timeout",
  "40P01": "deadlock",
  "40001": "serialization",
};
