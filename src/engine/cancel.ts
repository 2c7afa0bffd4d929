/** Ctrl-C: what runs on the server is cancelled there, not only forgotten here. */

import type { Session } from "./database.ts";

const AGAIN_AFTER_MS = 100;
/** Longer than answers on a slow line are apart while the server works through short statements. */
const SILENCE_MS = 300;

/**
 * Cancels what runs in the session once `signal` is aborted, again and again until it is told to stop: a request that
 * arrives between two statements cancels nothing.
 *
 * It waits until the server has been silent for a while, busy with one statement: a request that arrives just before a `begin`
 * would cancel that alone, and the statements in flight behind it would then run outside of any transaction.
 *
 * @returns stops it
 */
export function cancelOnAbort(session: Session, signal: AbortSignal): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  const cancel = async () => {
    // A request that does not get through is repeated like one that came too early.
    if (session.silentMs >= SILENCE_MS) await session.cancel().catch(() => {});
    if (!stopped) timer = setTimeout(cancel, AGAIN_AFTER_MS);
  };
  signal.addEventListener("abort", cancel);
  if (signal.aborted) cancel();
  return () => {
    stopped = true;
    clearTimeout(timer);
    signal.removeEventListener("abort", cancel);
  };
}
