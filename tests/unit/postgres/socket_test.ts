import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import net from "node:net";
import { connectInTurn, openSocket, type ReadySocket } from "../../../src/postgres/attempts.ts";
import { fakeServer } from "./fake_server.ts";
import { parse, rejected } from "./literals.ts";

/** What comes back for a text on an echoing connection. */
function echo({ socket }: ReadySocket, text: string): Promise<string> {
  return new Promise((resolve) => {
    socket.once("data", (bytes: Uint8Array) => resolve(new TextDecoder().decode(bytes)));
    socket.write(new TextEncoder().encode(text));
  });
}

async function open(url: string, signal?: AbortSignal) {
  const ready = await openSocket(parse(url), { signal });
  return { ready, [Symbol.dispose]: () => void ready.socket.destroy() };
}

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = await fakeServer({ answer: "silence" });
  await server[Symbol.asyncDispose]();
  return server.port;
}

Deno.test("openSocket() connects without TLS and asks for none with sslmode=disable", async () => {
  await using server = await fakeServer({ answer: "none" });
  using opened = await open(`postgres://127.0.0.1:${server.port}/d?sslmode=disable`);
  assertEquals(opened.ready.encrypted, false);
  assertEquals(opened.ready.socket.writable, true);
  assertEquals(await echo(opened.ready, "hello"), "hello");
  assertEquals(server.heard, ["hello"]);
});

Deno.test("openSocket() goes on over the same connection when sslmode=prefer finds no TLS", async () => {
  await using server = await fakeServer({ answer: "none" });
  using opened = await open(`postgres://127.0.0.1:${server.port}/d`);
  assertEquals(opened.ready.encrypted, false);
  assertEquals(await echo(opened.ready, "hello"), "hello");
  assertEquals(server.heard, ["ssl-request"]);
});

Deno.test("openSocket() refuses a server without TLS where sslmode demands it", async () => {
  await using server = await fakeServer({ answer: "none" });
  const error = await rejected(open(`postgres://127.0.0.1:${server.port}/d?sslmode=require`));
  assertEquals(error.code, "tls-failed");
  assertStringIncludes(error.message, "does not offer TLS");
});

Deno.test("openSocket() refuses bytes that were slipped in before the encryption", async () => {
  await using server = await fakeServer({ answer: "injected" });
  const error = await rejected(open(`postgres://127.0.0.1:${server.port}/d?sslmode=require`));
  assertEquals(error.code, "tls-failed");
  assertStringIncludes(error.message, "in the clear");
});

Deno.test("openSocket() does not repeat an error that came before the encryption", async () => {
  await using server = await fakeServer({ answer: "error" });
  const error = await rejected(open(`postgres://127.0.0.1:${server.port}/d?sslmode=require`));
  assertEquals(error.code, "tls-failed");
  assert(!error.message.includes("too many"));
});

Deno.test("openSocket() tells what is no PostgreSQL, and what hangs up", async () => {
  await using web = await fakeServer({ answer: "http" });
  const http = await rejected(open(`postgres://127.0.0.1:${web.port}/d?sslmode=require`));
  assertEquals(http.code, "connection-failed");
  assertStringIncludes(http.message, "does not speak PostgreSQL");
  await using mute = await fakeServer({ answer: "hang up" });
  const closed = await rejected(open(`postgres://127.0.0.1:${mute.port}/d`));
  assertStringIncludes(closed.message, "closed the connection");
});

Deno.test("openSocket() says that nothing listens, and what localhost is in a container", async () => {
  const error = await rejected(open(`postgres://localhost:${await closedPort()}/d`));
  assertEquals(error.code, "connection-failed");
  assertStringIncludes(error.message, "nothing listens there");
  assertStringIncludes(error.hints.join("\n"), "container");
});

Deno.test("openSocket() says that there is no host of that name", async () => {
  const error = await rejected(open("postgres://no-such-host.invalid/d"));
  assertEquals(error.code, "connection-failed");
  assertMatch(error.message, /no host of that name|cannot be looked up/);
});

Deno.test("openSocket() says that there is no such socket, and which folder it looked into", async () => {
  const error = await rejected(open("postgres:///d?host=/no/such/folder"));
  assertEquals(error.code, "connection-failed");
  assertStringIncludes(error.message, "/no/such/folder/.s.PGSQL.5432");
});

Deno.test({
  name: "openSocket() connects to a socket of the file system",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const server = net.createServer((socket) => void socket.on("data", (bytes) => socket.write(bytes)));
    await new Promise<void>((resolve) => server.listen(`${folder}/.s.PGSQL.5432`, resolve));
    try {
      using opened = await open(`postgres:///d?host=${folder}&sslmode=require`);
      assertEquals(await echo(opened.ready, "hello"), "hello");
    } finally {
      await new Promise((resolve) => server.close(resolve));
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("openSocket() gives up a silent server after connect_timeout, TLS included", async () => {
  await using server = await fakeServer({ answer: "silence" });
  const parameters = { ...parse(`postgres://127.0.0.1:${server.port}/d`), connectTimeout: 100 };
  const started = performance.now();
  const error = await rejected(openSocket(parameters));
  assertEquals(error.code, "connection-failed");
  assertStringIncludes(error.message, "no answer within 0.1 s");
  assert(performance.now() - started < 2000);
});

Deno.test("openSocket() gives up on a signal, with its reason", async () => {
  await using server = await fakeServer({ answer: "silence" });
  const stop = new AbortController();
  const reason = new Error("stopped");
  setTimeout(() => stop.abort(reason), 50);
  try {
    await openSocket(parse(`postgres://127.0.0.1:${server.port}/d`), { signal: stop.signal });
    throw new Error("it was opened");
  } catch (error) {
    assertEquals(error, reason);
  }
});

Deno.test("openSocket() goes to the next host, and tells of all where none answers", async () => {
  const closed = await closedPort();
  await using server = await fakeServer({ answer: "none" });
  using opened = await open(`postgres://127.0.0.1:${closed},127.0.0.1:${server.port}/d`);
  assertEquals(opened.ready.attempt.host.port, server.port);
  const error = await rejected(open(`postgres://127.0.0.1:${closed},no-such-host.invalid/d`));
  assertEquals(error.code, "connection-failed");
  assertEquals(error.errors.length, 2);
  assertStringIncludes(error.message, `127.0.0.1:${closed}`);
});

Deno.test("connectInTurn() tries once more without TLS only where that can differ", async () => {
  await using server = await fakeServer({ answer: "none" });
  let starts = 0;
  const refusal = new Error("no pg_hba.conf entry");
  const start = (ready: ReadySocket) => {
    starts++;
    ready.socket.destroy();
    return Promise.resolve({ error: refusal, retry: "encryption" as const });
  };
  for (const [mode, expected] of [["prefer", 1], ["disable", 1]] as const) {
    starts = 0;
    const caughtError = await connectInTurn(
      parse(`postgres://127.0.0.1:${server.port}/d?sslmode=${mode}`),
      start,
    )
      .catch((error: unknown) => error);
    assertEquals(caughtError, refusal);
    assertEquals(starts, expected, mode);
  }
});

Deno.test("connectInTurn() goes to the next host when a server will not do, and stops when it is told to", async () => {
  await using first = await fakeServer({ answer: "none" });
  await using second = await fakeServer({ answer: "none" });
  const parameters = parse(
    `postgres://127.0.0.1:${first.port},127.0.0.1:${second.port}/d?target_session_attrs=prefer-standby`,
  );
  const seen: string[] = [];
  const found = await connectInTurn<string>(parameters, (ready) => {
    ready.socket.destroy();
    seen.push(ready.target);
    return Promise.resolve(
      ready.target === "any"
        ? { started: `${ready.attempt.host.port}` }
        : { error: new Error("no standby"), retry: "host" },
    );
  });
  assertEquals([found, seen], [`${first.port}`, ["standby", "standby", "any"]]);
  const final = new Error("wrong password");
  const stopped = await connectInTurn(parameters, (ready) => {
    ready.socket.destroy();
    return Promise.resolve({ error: final, retry: "nothing" });
  }).catch((error: unknown) => error);
  assertEquals(stopped, final);
});
