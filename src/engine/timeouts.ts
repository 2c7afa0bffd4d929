/** How long statements may wait and work, and how often what waited in vain is tried again. */

import type { ServerFacts } from "./database.ts";

/** Milliseconds after which the server gives up on a lock or a statement; undefined leaves the server's setting. */
export interface Timeouts {
  readonly lockTimeout?: number;
  readonly statementTimeout?: number;
  /** How often a step that another session's locks made fail is tried again. */
  readonly lockRetries?: number;
  /** How often the server looks whether mig is still there while a statement runs (client_connection_check_interval). */
  readonly connectionCheck?: number;
}

/**
 * How long a statement waits for a lock, unless something else is said: requests that queue behind it mostly survive that.
 * With the pauses in between, that many retries make about a minute.
 */
export const DEFAULT_LOCK_TIMEOUT_MS = 5000, DEFAULT_LOCK_RETRIES = 6;

/** The timeouts with a limit for locks: the one that is given, else the server's own, else mig's. */
export function limitLocks(timeouts: Timeouts, server: Pick<ServerFacts, "lockTimeoutSet">): Timeouts {
  return timeouts.lockTimeout !== undefined || server.lockTimeoutSet
    ? timeouts
    : { ...timeouts, lockTimeout: DEFAULT_LOCK_TIMEOUT_MS };
}

/** How long to try to reach the server again once the connection is lost in mid-run, in milliseconds, unless something else is said. */
export const DEFAULT_RECONNECT_MS = 60_000;
