/** A TCP proxy between mig and a server: it delays, counts round trips, and cuts the line. */

export interface ProxyOptions {
  /** Milliseconds that each direction takes. */
  readonly delayMs?: number;
  /** Gives connections another process id than the server does, as a pooler does. */
  readonly likePooler?: boolean;
  /** Cuts every connection, once, after it has passed on that many bytes of the client's. */
  readonly cutAfterBytes?: number;
  /** Passes on nothing more of the client's after that many bytes, and lets it wait. */
  readonly stallAfterBytes?: number;
}

/** The proxy; connections go on until it is disposed of. */
export class Proxy implements AsyncDisposable {
  readonly port: number;
  /**
   * How often the client waited for the line, over all connections: it spoke after an answer, having said nothing for as
   * long as the line takes there and back. No answer to its last words can come sooner, so that one which waits for every
   * answer is counted exactly; answers that stream in while it goes on sending cost it nothing. Without a delay every
   * answer counts.
   */
  roundTrips = 0;
  connections = 0;
  readonly #listener: Deno.TcpListener;
  readonly #open = new Set<Deno.TcpConn>();
  /** How many of the client's it has passed on. */
  #bytes = 0;
  readonly #disposed = Promise.withResolvers<void>();

  constructor(readonly target: number, readonly options: ProxyOptions = {}) {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.port = this.#listener.addr.port;
    this.#accept();
  }

  /** Cuts every connection, without a word. */
  cut(): void {
    for (const connection of this.#open) close(connection);
    this.#open.clear();
  }

  #passedOn(bytes: number): void {
    const { cutAfterBytes } = this.options;
    const before = this.#bytes;
    this.#bytes += bytes;
    if (cutAfterBytes !== undefined && before <= cutAfterBytes && this.#bytes > cutAfterBytes) this.cut();
  }

  async #mayRead(): Promise<void> {
    if (this.#bytes > (this.options.stallAfterBytes ?? Infinity)) await this.#disposed.promise;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.#disposed.resolve();
    this.cut();
    return Promise.resolve();
  }

  async #accept(): Promise<void> {
    for await (const client of this.#listener) {
      this.connections++;
      const server = await Deno.connect({ hostname: "127.0.0.1", port: this.target }).catch(() => null);
      if (server === null) {
        // Nobody is there; the client sees that as a connection which is closed at once.
        close(client);
        continue;
      }
      client.setNoDelay(true);
      server.setNoDelay(true);
      this.#open.add(client).add(server);
      const { delayMs = 0 } = this.options;
      // All as the client's end sees it: what it sends when the proxy reads it, what it hears when the proxy hands it over.
      let waited = true;
      let lastSaid = -Infinity;
      const clientSpoke = () => {
        if (waited) this.roundTrips++;
        waited = false;
        lastSaid = performance.now();
      };
      const clientHeard = () => {
        if (performance.now() - lastSaid >= 2 * delayMs) waited = true;
      };
      pump(client, server, delayMs, {
        mayRead: () => this.#mayRead(),
        onRead: clientSpoke,
        onWrite: (bytes) => this.#passedOn(bytes),
      });
      const change = this.options.likePooler ? changeProcessId : undefined;
      pump(server, client, delayMs, { onWrite: clientHeard, change });
    }
  }
}

interface Watch {
  /** Is waited for before each reading. */
  readonly mayRead?: () => Promise<void>;
  readonly onRead?: () => void;
  /** Just before that many bytes are handed over. */
  readonly onWrite?: (bytes: number) => void;
  readonly change?: (chunk: Uint8Array) => void;
}

async function pump(from: Deno.TcpConn, to: Deno.TcpConn, delayMs: number, watch: Watch): Promise<void> {
  const buffer = new Uint8Array(1 << 16);
  let sending: Promise<unknown> = Promise.resolve();
  try {
    const next = async () => {
      await watch.mayRead?.();
      return await from.read(buffer);
    };
    for (let read = await next(); read !== null; read = await next()) {
      const chunk = buffer.slice(0, read);
      watch.onRead?.();
      watch.change?.(chunk);
      const due = performance.now() + delayMs;
      sending = sending.then(async () => {
        // A timer may fire a fraction of a millisecond early.
        for (let wait = due - performance.now(); wait > 0; wait = due - performance.now()) {
          await new Promise((resolve) => setTimeout(resolve, Math.floor(wait)));
        }
        watch.onWrite?.(chunk.length);
        for (let at = 0; at < chunk.length;) at += await to.write(chunk.subarray(at));
      });
      sending.catch(() => {});
    }
    await sending;
  } catch {
    // One side is gone; so is the other, below.
  }
  close(from);
  close(to);
}

/** BackendKeyData: its type, its length of 12, the process id, the secret. */
function changeProcessId(chunk: Uint8Array): void {
  for (let at = 0; at + 13 <= chunk.length; at++) {
    if (chunk[at] === 0x4b && [0, 0, 0, 12].every((byte, i) => chunk[at + 1 + i] === byte)) {
      chunk[at + 7] = chunk[at + 7]! ^ 0xff;
      return;
    }
  }
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // It was closed already.
  }
}
