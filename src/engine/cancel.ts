/** Ctrl-C: what runs on the server is cancelled there, not only forgotten here. */

import type { SendResult, ServerFacts, Session } from "./database.ts";

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
function cancelOnAbort(session: Session, signal: AbortSignal): () => void {
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

/** A session in which whatever runs is cancelled on the server once `signal` is aborted, until it is closed. */
export class CancellableSession implements Session {
  readonly pid: number | null;
  readonly server: ServerFacts;
  readonly #session: Session;
  readonly #stop: () => void;

  constructor(session: Session, signal: AbortSignal) {
    this.#session = session;
    this.pid = session.pid;
    this.server = session.server;
    this.#stop = cancelOnAbort(session, signal);
  }

  get silentMs(): number {
    return this.#session.silentMs;
  }

  send(text: string): Promise<SendResult> {
    return this.#session.send(text);
  }

  run(text: string): Promise<SendResult> {
    return this.#session.run(text);
  }

  copyIn(text: string, data: string): Promise<SendResult> {
    return this.#session.copyIn(text, data);
  }

  cancel(): Promise<void> {
    return this.#session.cancel();
  }

  close(): Promise<void> {
    this.#stop();
    return this.#session.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
