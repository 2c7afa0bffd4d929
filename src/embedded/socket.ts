/**
 * The socket of the embedded database, inside of the process: what a driver writes to it goes to the instance, and the
 * answers come back in order. Where PGlite differs from a server this makes good for it:
 *
 * - it cannot wait for COPY data, so that is collected and handed over together with its statement;
 * - it has one session for all sockets, so that is reset when a socket ends, and never told to terminate;
 * - it cannot be interrupted: a request to cancel stops the next statement that waits.
 */

import { Duplex } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { asksForData, mayAskForData } from "./copy.ts";
import { CANCELLED, crashed, explained, TOO_MANY } from "./errors.ts";
import type { Instance } from "./instance.ts";
import {
  BACKEND_KEY_DATA,
  CANCEL_REQUEST,
  COPY_DATA,
  COPY_DONE,
  COPY_FAIL,
  COPY_IN_RESPONSE,
  ERROR_RESPONSE,
  type ErrorFields,
  errorFieldsOf,
  errorMessage,
  EXECUTE,
  FLUSH,
  GSS_REQUEST,
  messageOf,
  MessageReader,
  messagesIn,
  NOTICE_RESPONSE,
  PARSE,
  QUERY,
  SSL_REQUEST,
  SYNC,
  TERMINATE,
} from "./protocol.ts";

/** A connection to an instance. */
export class EmbeddedSocket extends Duplex {
  readonly #instance: Instance;
  readonly #reader = new MessageReader();
  #phase: "startup" | "typed" = "startup";
  /** A COPY statement with what has come of its data. */
  #copy: Buffer[] | null = null;
  /** Messages of the extended protocol, up to the next Sync. */
  #extended: Buffer[] = [];
  #extendedMayCopy = false;
  #working = false;
  #cancelled = false;
  #room: (() => void) | null = null;
  #full = false;
  #ended = false;

  constructor(instance: Instance) {
    super({ allowHalfOpen: false });
    this.#instance = instance;
  }

  /** As of a `net.Socket`; drivers ask for it. */
  get readyState(): string {
    return this.destroyed || this.writableEnded ? "closed" : "open";
  }

  /** Has the next statement fail that was sent and does not run yet; does nothing when none is waiting. */
  cancel(): void {
    this.#cancelled = this.#working;
  }

  override _read(): void {
    this.#full = false;
    this.#room?.();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#reader.push(chunk);
    this.#work().then(() => done(), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    if (!this.#ended) this.push(null);
    this.#end().then(() => done(), done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#room?.();
    this.#end().then(() => done(error), done);
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let message; !this.#ended && (message = this.#reader.next(this.#phase)) !== null;) {
      await (this.#phase === "startup" ? this.#start(message) : this.#take(message));
    }
    this.#working = this.#cancelled = false;
  }

  async #start(message: Buffer): Promise<void> {
    switch (message.readInt32BE(4)) {
      case SSL_REQUEST:
      case GSS_REQUEST:
        this.#give(NO_ENCRYPTION);
        return;
      case CANCEL_REQUEST:
        return this.#hangUp();
      default:
        if (!this.#instance.attach(this)) return this.#hangUp(TOO_MANY);
        this.#phase = "typed";
        // Without a key nobody asks the instance itself to cancel, which it cannot do.
        await this.#run(message, (type) => type !== BACKEND_KEY_DATA);
    }
  }

  async #take(message: Buffer): Promise<void> {
    const type = message[0];
    if (this.#copy !== null) {
      if (type === SYNC || type === FLUSH) return;
      if (type === COPY_DATA) {
        this.#copy.push(message);
        return;
      }
      const parts = [...this.#copy, type === COPY_DONE || type === COPY_FAIL ? message : NO_DATA];
      this.#copy = null;
      await this.#runCopy(parts);
      if (type === COPY_DONE || type === COPY_FAIL) return;
    }
    switch (type) {
      case TERMINATE:
      case COPY_DATA:
      case COPY_DONE:
      case COPY_FAIL:
        return;
      case QUERY:
        return await this.#query(message);
      default:
        return await this.#extend(message);
    }
  }

  async #query(message: Buffer): Promise<void> {
    const sql = message.toString("utf8", 5, message.length - 1);
    await this.#instance.provideFor(sql);
    if (asksForData(sql)) {
      this.#copy = [message];
      this.#give(SEND_DATA);
    } else if (mayAskForData(sql)) await this.#runCopy([message]);
    else await this.#run(message);
  }

  async #extend(message: Buffer): Promise<void> {
    if (message[0] === PARSE) {
      const sql = message.toString("utf8", 5);
      await this.#instance.provideFor(sql);
      this.#extendedMayCopy ||= mayAskForData(sql);
    }
    this.#extended.push(message);
    if (message[0] === EXECUTE && this.#extendedMayCopy) this.#extended.push(NO_DATA);
    if (message[0] !== SYNC && message[0] !== FLUSH) return;
    const messages = Buffer.concat(this.#extended);
    this.#extended = [];
    await this.#run(
      messages,
      (type) => type !== COPY_IN_RESPONSE,
      message[0] === SYNC ? "ready" : "anything",
    );
  }

  /** The driver has been told already to send the data. */
  async #runCopy(parts: readonly Buffer[]): Promise<void> {
    // At the end, for a second COPY in the same message: outside of a COPY it means nothing.
    await this.#run(Buffer.concat([...parts, NO_DATA]), (type) => type !== COPY_IN_RESPONSE);
  }

  async #run(
    messages: Buffer,
    keep: (type: number) => boolean = () => true,
    answer: "ready" | "anything" = "ready",
  ): Promise<void> {
    await this.#breathe();
    if (this.#ended) return;
    const cancelled = this.#cancelled && messages[0] !== 0;
    this.#cancelled = false;
    const output = await this.#instance.execute(cancelled ? CANCELLED : messages, answer);
    const { crash } = this.#instance;
    const kept: Buffer[] = [];
    for (const message of messagesIn(output)) {
      const type = message[0]!;
      if (type === ERROR_RESPONSE) kept.push(errorMessage(explained(errorFieldsOf(message), cancelled)));
      // Nothing that a dying instance did has come about.
      else if (crash === null ? keep(type) : type === NOTICE_RESPONSE) kept.push(message);
    }
    this.#give(Buffer.concat(kept));
    if (crash !== null) this.#hangUp(crashed(crash.cause));
  }

  #give(output: Buffer): void {
    if (!this.#ended && output.length > 0) this.#full = !this.push(output);
  }

  #hangUp(why?: ErrorFields): void {
    if (why !== undefined) this.#give(errorMessage(why));
    if (!this.#ended) this.push(null);
    this.#ended = true;
  }

  /** Lets signals, timers and whoever reads have their turn between statements. */
  async #breathe(): Promise<void> {
    while (this.#full && !this.#ended) await new Promise<void>((resolve) => this.#room = resolve);
    await setImmediate();
  }

  async #end(): Promise<void> {
    this.#ended = true;
    await this.#instance.detach(this);
  }
}

/** CopyInResponse: text, no columns named. */
const SEND_DATA = messageOf(COPY_IN_RESPONSE, Buffer.alloc(3));

/** Ends a COPY for which there is no data. */
const NO_DATA = messageOf(COPY_FAIL, Buffer.from("no data follows this COPY … FROM stdin\0"));

const NO_ENCRYPTION = Buffer.from("N");
