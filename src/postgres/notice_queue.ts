/** Sorts the server's notices to the messages in flight that brought them about. */

import type { Notice } from "../engine/database.ts";
import type { Wire } from "./wire.ts";

/**
 * The notices of one session. One whose message is still running is handed out as soon as whoever waits for the messages
 * before it has had its turn; one whose message is answered goes with the answer.
 */
export class NoticeQueue {
  readonly #wire: Wire;
  readonly #onNotice: (notice: Notice) => void;
  /** How many messages had been answered when the session's own began. */
  base = Infinity;
  #sent = 0;
  #waiting: { readonly message: number; readonly notice: Notice }[] = [];

  constructor(wire: Wire, onNotice: (notice: Notice) => void) {
    this.#wire = wire;
    this.#onNotice = onNotice;
  }

  /** From here on messages are counted; what came before was about the connection itself. */
  begin(): void {
    this.base = this.#wire.answered;
  }

  /** The number of the message that is sent now, from 0. */
  nextMessage(): number {
    return this.#sent++;
  }

  /** Takes a notice from the driver. */
  take(notice: Notice): void {
    const message = this.#wire.noticesAfter.shift()! - this.base;
    if (message < 0) return this.#onNotice(notice);
    this.#waiting.push({ message, notice });
    // By then all answers that came before it have been taken in.
    setImmediate(() => this.#handOut());
  }

  /** The notices of a message that is answered, which are nobody else's then. */
  of(message: number): readonly Notice[] {
    const own = this.#waiting.filter((entry) => entry.message <= message);
    if (own.length > 0) this.#waiting = this.#waiting.filter((entry) => entry.message > message);
    return own.map(({ notice }) => notice);
  }

  #handOut(): void {
    const running = this.#wire.answered - this.base;
    const live = this.#waiting.filter(({ message }) => message >= running);
    this.#waiting = this.#waiting.filter(({ message }) => message < running);
    for (const { notice } of live) this.#onNotice(notice);
  }
}
