/**
 * The socket as postgres.js sees it. It stands between the driver and the true socket for five reasons:
 *
 * - the driver stops pipelining for the rest of its queue once `write` returns false, so `write` never does;
 *   whoever sends bounds what is in flight;
 * - the driver's COPY streams hang when the server refuses the data, so CopyInResponse and the messages of a COPY TO
 *   never reach it: a COPY looks to it like any other statement;
 * - a COPY FROM stdin for which nobody has sent data would wait for ever: it is answered with CopyFail;
 * - when the server closes a connection, the driver drops the FATAL error that says why: it is kept here;
 * - the driver does not tell to which of the messages in flight a notice belongs: it is counted here.
 */

import { EventEmitter } from "node:events";
import type { ServerSocket } from "./bun_socket.ts";

/** Message types of the protocol (manual, "Message Formats"). */
const BACKEND_KEY = 0x4b;
const READY = 0x5a, NOTICE = 0x4e, ROW = 0x44;
const COPY_DATA = 0x64, COPY_DONE = 0x63, COPY_FAIL = 0x66, COPY_IN = 0x47, COPY_OUT = 0x48;

/** Stands for one COPY FROM stdin whose data we send ourselves. */
export type CopyToken = Readonly<Record<never, never>>;

/** A socket for postgres.js. It uses the part of `net.Socket` that the driver calls. */
export class Wire extends EventEmitter {
  #socket: ServerSocket;
  #framer = new Framer(BACKEND_KEY);
  #announced: CopyToken[] = [];
  #lastWords: Buffer = Buffer.alloc(0);
  /** How many messages the server has answered to the end; the startup message counts as one. */
  answered = 0;
  /** When the server was heard last, as `performance.now()` has it. */
  heardAt = performance.now();
  /** The numbers of messages whose rows nobody wants; they are counted as `answered` is. */
  readonly #rowless = new Set<number>();
  /** For each notice that the driver has not handed out yet, how many messages had been answered when it came. */
  readonly noticesAfter: number[] = [];

  constructor(socket: ServerSocket) {
    super();
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    // Once the driver has let go of the connection it listens no more, and an unheard "error" would end the process.
    socket.on("error", (error) => this.listenerCount("error") > 0 && this.emit("error", error));
    socket.on("close", (hadError: boolean) => this.emit("close", hadError));
  }

  /** The last bytes that came from the server, where a FATAL error is found after it closed the connection. */
  get lastWords(): Buffer {
    return this.#lastWords;
  }

  /** What a request to cancel names: the backend's process id and secret; nulls where the server gave none. */
  get backendKey(): { readonly pid: number | null; readonly secret: number } {
    const body = this.#framer.captured;
    if (body.length < 8) return { pid: null, secret: 0 };
    return { pid: body.readUInt32BE(0), secret: body.readUInt32BE(4) };
  }

  /** Keeps the rows of a message from the driver, which would collect them all. */
  dropRowsOf(message: number): void {
    this.#rowless.add(message);
  }

  get readyState(): string {
    return this.#socket.destroyed || this.#socket.writableEnded ? "closed" : "open";
  }

  write(chunk: Uint8Array, done?: (error?: Error | null) => void): boolean {
    if (this.#socket.writable) this.#socket.write(chunk, done);
    return true;
  }

  /** Announces that `copyData` and `copyDone` will follow a COPY statement; withdraw the token once that is answered. */
  announceCopy(): CopyToken {
    const token = {};
    this.#announced.push(token);
    return token;
  }

  withdrawCopy(token: CopyToken): void {
    this.#announced = this.#announced.filter((other) => other !== token);
  }

  /** Sends a piece of COPY data. Resolves when there is room for more. */
  async copyData(data: Uint8Array): Promise<void> {
    const room = this.#socket.write(message(COPY_DATA, data));
    const { backlog } = this.#socket;
    const full = backlog === undefined ? !room : backlog.writableNeedDrain;
    if (!full || this.readyState !== "open") return;
    await new Promise<void>((resolve) => onceAny(backlog ?? this.#socket, ["drain", "close"], resolve));
  }

  /** Ends the COPY data. */
  copyDone(): void {
    this.#socket.write(message(COPY_DONE, new Uint8Array()));
  }

  end(chunk?: Uint8Array): this {
    if (this.#socket.writableEnded) return this;
    if (chunk === undefined) this.#socket.end();
    else this.#socket.end(chunk);
    return this;
  }

  destroy(error?: Error): this {
    this.#socket.destroy(error);
    return this;
  }

  /** The driver would have it otherwise than the connection's parameters. */
  setKeepAlive(): this {
    return this;
  }

  #receive(chunk: Buffer): void {
    this.#lastWords = chunk;
    this.heardAt = performance.now();
    const rest = this.#framer.filter(chunk, (type) => {
      if (type === ROW && this.#rowless.has(this.answered)) return false;
      if (type === READY) this.#rowless.delete(this.answered++);
      else if (type === NOTICE) this.noticesAfter.push(this.answered);
      if (type === COPY_IN && this.#announced.shift() === undefined) {
        this.#socket.write(message(COPY_FAIL, Buffer.from("no data follows this COPY … FROM stdin\0")));
      }
      return type !== COPY_IN && type !== COPY_OUT && type !== COPY_DATA && type !== COPY_DONE;
    });
    if (rest.length > 0) this.emit("data", rest);
  }
}

/** Follows the borders of the server's messages through chunks that are cut anywhere, and keeps the body of one type. */
class Framer {
  captured: Buffer = Buffer.alloc(0);
  readonly #captureType: number;
  #header = Buffer.alloc(5);
  #headerLength = 0;
  #bodyLeft = 0;
  #keep = true;

  constructor(captureType: number) {
    this.#captureType = captureType;
  }

  /** Gives the bytes of `chunk` that belong to messages whose type `keep` approves of. */
  filter(chunk: Buffer, keep: (type: number) => boolean): Buffer {
    const kept: Buffer[] = [];
    let from = 0, at = 0;
    while (at < chunk.length) {
      if (this.#bodyLeft > 0) {
        const length = Math.min(this.#bodyLeft, chunk.length - at);
        if (!this.#keep) {
          if (at > from) kept.push(chunk.subarray(from, at));
          from = at + length;
        }
        if (this.#header[0] === this.#captureType) {
          this.captured = Buffer.concat([this.captured, chunk.subarray(at, at + length)]);
        }
        this.#bodyLeft -= length;
        at += length;
        continue;
      }
      this.#header[this.#headerLength++] = chunk[at++]!;
      if (this.#headerLength === 1) {
        this.#keep = keep(this.#header[0]!);
      }
      if (!this.#keep) {
        if (at - 1 > from) kept.push(chunk.subarray(from, at - 1));
        from = at;
      }
      if (this.#headerLength === 5) {
        this.#bodyLeft = this.#header.readUInt32BE(1) - 4;
        this.#headerLength = 0;
      }
    }
    if (from === 0) return chunk;
    if (from < chunk.length) kept.push(chunk.subarray(from));
    return Buffer.concat(kept);
  }
}

function message(type: number, body: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head[0] = type;
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function onceAny(emitter: EventEmitter, events: readonly string[], then: () => void): void {
  const listener = () => {
    for (const event of events) emitter.off(event, listener);
    then();
  };
  for (const event of events) emitter.on(event, listener);
}
