/** Ctrl-C: what runs on the server is cancelled there, not only forgotten here. */

import type { Session } from "./database.ts";

const AGAIN_AFTER_MS = 100;

/**
 * Cancels what runs in the session once `signal` is aborted, again and again until it is told to stop: a request that
 * arrives between two statements cancels nothing.
 *
 * @returns stops it
 */
export function cancelOnAbort(session: Session, signal: AbortSignal): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  const cancel = async () => {
    // A request that does not get through is repeated like one that came too early.
    await session.cancel().catch(() => {});
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
