/** The proxy's count of round trips is what a promise of mig rests on. */

import { assertEquals } from "@std/assert";
import { Proxy } from "../support/proxy.ts";

const DELAY_MS = 20;
/** A busy machine may let a client wait for a while: that is not to pass for its waiting for an answer. */
const LONG_DELAY_MS = 100;

Deno.test("Proxy counts a round trip for each answer that the client waited for", async () => {
  await using server = echo();
  await using proxy = new Proxy(server.port, { delayMs: DELAY_MS });
  using client = await Deno.connect({ hostname: "127.0.0.1", port: proxy.port });
  const started = performance.now();
  for (let count = 0; count < 5; count++) {
    await client.write(new Uint8Array([count]));
    await receive(client, 1);
  }
  assertEquals(proxy.roundTrips, 5);
  assertEquals(proxy.connections, 1);
  assertEquals(performance.now() - started >= 5 * 2 * DELAY_MS, true);
});

Deno.test("Proxy counts one round trip where the client sends on without waiting", async () => {
  await using server = echo();
  await using proxy = new Proxy(server.port, { delayMs: LONG_DELAY_MS });
  using client = await Deno.connect({ hostname: "127.0.0.1", port: proxy.port });
  const answered = receive(client, 60);
  for (let count = 0; count < 60; count++) {
    await client.write(new Uint8Array([count]));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await answered;
  // The first answer comes behind a silence of the server's, not of the line: the client went on all the while.
  assertEquals(proxy.roundTrips, 1);
});

async function receive(client: Deno.TcpConn, length: number): Promise<void> {
  const buffer = new Uint8Array(length);
  for (let got = 0; got < length;) {
    const read = await client.read(buffer);
    if (read === null) throw new Error("the line was cut");
    got += read;
  }
}

/** A server that says back what it hears. */
function echo(): AsyncDisposable & { readonly port: number } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const done = (async () => {
    for await (const connection of listener) {
      await connection.readable.pipeTo(connection.writable).catch(() => {});
    }
  })();
  return {
    port: listener.addr.port,
    async [Symbol.asyncDispose]() {
      listener.close();
      await done.catch(() => {});
    },
  };
}
