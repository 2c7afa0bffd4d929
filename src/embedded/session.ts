/** A session of the embedded database: one over its socket, with what belongs to being embedded. */

import type { SendResult, ServerFacts, Session } from "../engine/database.ts";
import type { EmbeddedSocket } from "./socket.ts";

/** A session that cancels inside of the process, and lets go of the database when it is closed. */
export class EmbeddedSession implements Session {
  readonly pid = null;
  readonly server: ServerFacts;
  readonly #session: Session;
  readonly #socket: EmbeddedSocket;
  readonly #end: () => Promise<void>;
  #closing: Promise<void> | null = null;

  /**
   * @param end is called once, after the session over the socket is closed
   * @param role what was set in the session; null for none
   */
  constructor(session: Session, socket: EmbeddedSocket, end: () => Promise<void>, role: string | null) {
    this.#session = session;
    this.#socket = socket;
    this.#end = end;
    this.server = role === null ? session.server : { ...session.server, user: role, setRole: role };
  }

  send(text: string): Promise<SendResult> {
    return this.#session.send(text);
  }

  run(text: string): Promise<SendResult> {
    return this.#session.run(text);
  }

  get silentMs(): number {
    return this.#session.silentMs;
  }

  copyIn(text: string, data: string): Promise<SendResult> {
    return this.#session.copyIn(text, data);
  }

  /** Stops the next statement that waits: the one that runs has the process for itself, and ends before this is called. */
  cancel(): Promise<void> {
    this.#socket.cancel();
    return Promise.resolve();
  }

  close(): Promise<void> {
    return this.#closing ??= this.#session.close().then(this.#end);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
