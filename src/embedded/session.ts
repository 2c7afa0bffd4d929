/** A session of the embedded database: one over its socket, with what belongs to being embedded. */

import { QueryError, type SendResult, type ServerFacts, type Session } from "../engine/database.ts";
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

  /** @throws {QueryError} for more data than PGlite can take, which has all of it in memory at once */
  async copyIn(text: string, data: string | Iterable<string>): Promise<SendResult> {
    let length = 0;
    const pieces = [];
    for (const piece of typeof data === "string" ? [data] : data) {
      length += piece.length;
      if (length > MOST_COPY_DATA) throw tooMuchData();
      pieces.push(piece);
    }
    return await this.#session.copyIn(text, pieces);
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

/** In UTF-16 units. */
const MOST_COPY_DATA = 256 << 20;

function tooMuchData(): QueryError {
  return new QueryError({
    sqlstate: "54000",
    severity: "ERROR",
    message: `the embedded database cannot take more than ${MOST_COPY_DATA >> 20} MB of data in one COPY`,
    hint: "use a PostgreSQL server for it, or end the data with \\. and go on with another COPY",
  }, null);
}
