/**
 * A connection over the sockets of Bun, which the executable runs on: node:net and the streams below it take longer to load there
 * than a server takes to open a session. Elsewhere, and where TLS is wanted from the beginning, a connection is one of node:net.
 */

import { EventEmitter } from "node:events";
import type { NetConnectOpts } from "node:net";

/** What a connection needs of a socket; `net.Socket` has it too. */
export interface ServerSocket extends EventEmitter {
  readonly destroyed: boolean;
  readonly writable: boolean;
  readonly writableEnded: boolean;
  /** False where the caller should wait for "drain" before more is sent. */
  write(chunk: Uint8Array, done?: (error?: Error | null) => void): boolean;
  end(): unknown;
  end(chunk: Uint8Array): unknown;
  destroy(error?: Error): unknown;
  /** Below TLS over a connection of Bun's: what waits there to be sent, which TLS does not wait for. */
  readonly backlog?: Backlog;
}

/** Says by "drain" when there is room again. */
export interface Backlog extends EventEmitter {
  readonly writableNeedDrain: boolean;
}

/** The part of Bun's socket that is used. */
interface Connection {
  /** Gives how many bytes the system took; a negative number when the connection is gone. */
  write(data: Uint8Array): number;
  end(): void;
  terminate(): void;
  setNoDelay(on: boolean): void;
  setKeepAlive(on: boolean, delayMs: number): void;
}

interface Handlers {
  open(connection: Connection): void;
  data(connection: Connection, bytes: Buffer): void;
  drain(connection: Connection): void;
  end(connection: Connection): void;
  close(connection: Connection, error?: Error): void;
  error(connection: Connection, error: Error): void;
  connectError(connection: Connection, error: Error): void;
}

interface Runtime {
  connect(options: Readonly<Record<string, unknown>> & { readonly socket: Handlers }): Promise<unknown>;
}

/** Whether this runs on Bun. */
export function hasBunSockets(): boolean {
  return runtime() !== undefined;
}

function runtime(): Runtime | undefined {
  return (globalThis as { readonly Bun?: Runtime }).Bun;
}

/**
 * Begins to connect. Its "connect" or "error" follows, as with `net.connect()`.
 * @param address as `net.connect()` takes it: the path of a socket, or an address and a port
 */
export function connectOverBun(address: NetConnectOpts): BunSocket {
  const socket = new BunSocket();
  const place = "path" in address ? { unix: address.path } : { hostname: address.host, port: address.port };
  runtime()!.connect({ ...place, socket: socket.handlers() }).catch((error: Error) => socket.destroy(error));
  return socket;
}

/** A connection that sends in order, and keeps what the system does not take at once. */
export class BunSocket extends EventEmitter implements ServerSocket {
  destroyed = false;
  writableEnded = false;
  #connection: Connection | null = null;
  #waiting: { readonly bytes: Uint8Array; readonly done?: (error?: Error | null) => void }[] = [];
  #waitingBytes = 0;
  #owesDrain = false;
  #early: Buffer[] = [];
  #failure: Error | undefined;
  #closed = false;

  get writable(): boolean {
    return !this.destroyed && !this.writableEnded;
  }

  write(chunk: Uint8Array, done?: (error?: Error | null) => void): boolean {
    if (!this.writable) {
      queueMicrotask(() => done?.(new Error("the connection is closed")));
      return false;
    }
    this.#waiting.push({ bytes: chunk, done });
    this.#waitingBytes += chunk.length;
    this.#flush();
    this.#owesDrain ||= this.#waitingBytes > HIGH_WATER;
    return this.#waitingBytes <= HIGH_WATER;
  }

  end(chunk?: Uint8Array): void {
    if (chunk !== undefined) this.write(chunk);
    this.writableEnded = true;
    if (this.#waiting.length === 0) this.#connection?.end();
  }

  destroy(error?: Error): void {
    if (this.destroyed) return;
    this.destroyed = true;
    // To terminate it may call "close" at once.
    this.#failure ??= error;
    this.#connection?.terminate();
    queueMicrotask(() => this.#close());
  }

  setNoDelay(on: boolean): void {
    this.#connection?.setNoDelay(on);
  }

  setKeepAlive(on: boolean, delayMs: number): void {
    this.#connection?.setKeepAlive(on, delayMs);
  }

  /** What Bun calls. */
  handlers(): Handlers {
    return {
      open: (connection) => {
        // Who gave it up while it was opened has been told already.
        if (this.destroyed) return connection.terminate();
        this.#connection = connection;
        this.emit("connect");
        this.#flush();
      },
      data: (_, bytes) => this.#receive(bytes),
      drain: () => this.#flush(),
      end: () => this.#close(),
      close: (_, error) => this.#close(error),
      error: (_, error) => this.destroy(error),
      connectError: (_, error) => this.destroy(error),
    };
  }

  override on(event: string, listener: (...args: never[]) => void): this {
    super.on(event, listener as (...args: unknown[]) => void);
    if (event === "data") { for (const bytes of this.#early.splice(0)) this.emit("data", bytes); }
    return this;
  }

  /** What comes before anybody listens is kept. */
  #receive(bytes: Buffer): void {
    if (this.destroyed) return;
    if (this.listenerCount("data") === 0) this.#early.push(bytes);
    else this.emit("data", bytes);
  }

  #flush(): void {
    if (this.#connection === null || this.#failure !== undefined) return;
    while (this.#waiting.length > 0) {
      const { bytes, done } = this.#waiting[0]!;
      const taken = bytes.length === 0 ? 0 : this.#connection.write(bytes);
      if (taken < 0) return this.#break();
      this.#waitingBytes -= taken;
      if (taken < bytes.length) {
        this.#waiting[0] = { bytes: bytes.subarray(taken), done };
        return;
      }
      this.#waiting.shift();
      if (done) queueMicrotask(() => done());
    }
    if (this.writableEnded) this.#connection?.end();
    if (!this.#owesDrain) return;
    this.#owesDrain = false;
    queueMicrotask(() => this.emit("drain"));
  }

  /** Nothing can be sent any more; why, the server may have said before. */
  #break(): void {
    const failure = this.#failure = new Error("the connection is closed");
    setTimeout(() => this.destroy(failure), LAST_WORDS_MS).unref();
  }

  #close(error?: Error): void {
    if (this.#closed) return;
    this.#closed = true;
    this.destroyed = true;
    // What is done to a connection that is closed is not defined.
    this.#connection = null;
    const failure = this.#failure ?? error;
    const waiting = this.#waiting.splice(0);
    // As of any socket, never while somebody is still in `write()`: who waits for "close" after it would miss it.
    queueMicrotask(() => {
      for (const { done } of waiting) done?.(failure ?? new Error("the connection is closed"));
      if (failure !== undefined) this.emit("error", failure);
      this.emit("close", failure !== undefined);
    });
  }
}

/** How long the last words of a connection are waited for, in milliseconds. */
const LAST_WORDS_MS = 200;

/** How much may wait before whoever sends is asked to pause; 64 KiB, in bytes. */
const HIGH_WATER = 64 * 1024;
