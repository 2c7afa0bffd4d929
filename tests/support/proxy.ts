/** A TCP proxy between mig and a server: it delays, counts round trips, and cuts the line. */

export interface ProxyOptions {
  /** Milliseconds that each direction takes. */
  readonly delayMs?: number;
  /** Gives connections another process id than the server does, as a pooler does. */
  readonly likePooler?: boolean;
}

/** The proxy; connections go on until it is disposed of. */
export class Proxy implements AsyncDisposable {
  readonly port: number;
  /** How often the client spoke after the server had: the round trips of all connections. */
  roundTrips = 0;
  connections = 0;
  readonly #listener: Deno.TcpListener;
  readonly #open = new Set<Deno.TcpConn>();

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

  [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.cut();
    return Promise.resolve();
  }

  async #accept(): Promise<void> {
    for await (const client of this.#listener) {
      this.connections++;
      const server = await Deno.connect({ hostname: "127.0.0.1", port: this.target });
      client.setNoDelay(true);
      server.setNoDelay(true);
      this.#open.add(client).add(server);
      let serverSpoke = true;
      this.#pump(client, server, () => {
        if (serverSpoke) this.roundTrips++;
        serverSpoke = false;
      });
      this.#pump(
        server,
        client,
        () => serverSpoke = true,
        this.options.likePooler ? changeProcessId : undefined,
      );
    }
  }

  async #pump(
    from: Deno.TcpConn,
    to: Deno.TcpConn,
    onData: () => void,
    change: (chunk: Uint8Array) => void = () => {},
  ): Promise<void> {
    const buffer = new Uint8Array(1 << 16);
    let sending: Promise<unknown> = Promise.resolve();
    try {
      for (let read = await from.read(buffer); read !== null; read = await from.read(buffer)) {
        const chunk = buffer.slice(0, read);
        onData();
        change(chunk);
        const due = performance.now() + (this.options.delayMs ?? 0);
        sending = sending.then(async () => {
          const wait = due - performance.now();
          if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
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
