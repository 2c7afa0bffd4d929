/**
 * What is tried again by itself: a step that another session's locks have made fail. A statement that queues behind a long
 * transaction blocks everyone who comes after it, so it gives up soon, lets them pass, and queues again later.
 */

import { refusesTransaction } from "../sql/classify.ts";
import { standaloneEffect } from "../sql/standalone.ts";
import { commandOf } from "../sql/words.ts";
import type { QueryError } from "./database.ts";
import { endsSession, type StepContext } from "./failure.ts";
import { needsToStandAlone } from "./run_journaled.ts";
import { passingReason, type RetryReason } from "./tried.ts";

/** Why what failed can be tried again, once it is rolled back; null where that would not help. */
export function retryReason(error: QueryError): RetryReason | null {
  if (error.report === null || endsSession(error)) return null;
  return passingReason(error.report);
}

/**
 * The pause before a retry, in milliseconds: twice as long each time, and never the same for two runs that met.
 *
 * @param retry from 1
 */
export function pauseBefore(retry: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** (retry - 1), LONGEST_PAUSE_MS) * (0.75 + Math.random() / 2);
}

/**
 * Whether the failed message was rolled back, or what it left is cleaned up before it runs again. A procedure may have committed
 * half of its work, or all of it where only its note failed.
 */
export function leavesNothing({ step, statement: failed, ran }: StepContext): boolean {
  const statement = failed ?? ran;
  if (step.script.directives.transaction || statement === undefined || !needsToStandAlone(statement)) {
    return true;
  }
  if (standaloneEffect(statement) !== null) return true;
  return refusesTransaction(statement) && REPEATABLE.has(commandOf(statement));
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8000;
/** Of what runs outside of transactions: what does no harm if half of it was done before. */
const REPEATABLE: ReadonlySet<string> = new Set(["VACUUM", "CLUSTER", "ANALYZE"]);
