/** Connections over Bun's sockets, with a runtime that takes as little at once as the test wants; the end-to-end tests have the true one. */

import { assertEquals } from "@std/assert";
import { type BunSocket, connectOverBun } from "../../../src/postgres/bun_socket.ts";

type Handlers = Readonly<Record<string, (connection: unknown, value?: unknown) => void>>;

/** What stands for Bun: it opens when it is told to, and takes a few bytes a time. */
class FakeRuntime implements Disposable {
  readonly sent: string[] = [];
  readonly log: string[] = [];
  /** How many bytes it takes until it is told to drain. */
  room = Infinity;
  place: unknown;
  #handlers: Handlers = {};

  constructor() {
    Object.assign(globalThis, {
      Bun: {
        connect: ({ socket, ...place }: { socket: unknown }) => {
          this.#handlers = socket as Handlers;
          this.place = place;
          return Promise.resolve();
        },
      },
    });
  }

  readonly connection = {
    write: (bytes: Uint8Array) => {
      const taken = bytes.subarray(0, Math.min(bytes.length, this.room));
      this.room -= taken.length;
      this.sent.push(new TextDecoder().decode(taken));
      return taken.length;
    },
    end: () => this.log.push("end"),
    terminate: () => this.log.push("terminate"),
    setNoDelay() {},
    setKeepAlive() {},
  };

  tell(event: string, value?: unknown): void {
    this.#handlers[event]!(this.connection, value);
  }

  [Symbol.dispose](): void {
    Reflect.deleteProperty(globalThis, "Bun");
  }
}

const bytes = (text: string) => new TextEncoder().encode(text);
const turn = () => new Promise((resolve) => setTimeout(resolve));

function opened(runtime: FakeRuntime): BunSocket {
  const socket = connectOverBun({ host: "127.0.0.1", port: 5432 });
  for (const event of ["connect", "drain", "close"]) socket.on(event, () => runtime.log.push(event));
  socket.on("error", (error: Error) => runtime.log.push(error.message));
  runtime.tell("open");
  return socket;
}

Deno.test("connectOverBun() goes to an address, or to a socket of the file system", () => {
  using runtime = new FakeRuntime();
  connectOverBun({ host: "127.0.0.1", port: 5432 });
  assertEquals(runtime.place, { hostname: "127.0.0.1", port: 5432 });
  connectOverBun({ path: "/run/.s.PGSQL.5432" });
  assertEquals(runtime.place, { unix: "/run/.s.PGSQL.5432" });
});

Deno.test("connectOverBun() sends in order, however little the system takes, and asks to pause meanwhile", async () => {
  using runtime = new FakeRuntime();
  const socket = opened(runtime);
  runtime.room = 3;
  const done: string[] = [];
  assertEquals(socket.write(bytes("abcde"), () => done.push("first")), true);
  assertEquals(socket.write(bytes("x".repeat(100_000)), () => done.push("second")), false);
  await turn();
  assertEquals([runtime.sent.join(""), done], ["abc", []]);
  runtime.room = 4;
  runtime.tell("drain");
  await turn();
  assertEquals([runtime.sent.join(""), done, runtime.log], ["abcdexx", ["first"], ["connect"]]);
  runtime.room = Infinity;
  runtime.tell("drain");
  await turn();
  assertEquals(runtime.sent.join(""), `abcde${"x".repeat(100_000)}`);
  assertEquals([done, runtime.log], [["first", "second"], ["connect", "drain"]]);
});

Deno.test("connectOverBun() ends a connection only when all is sent", async () => {
  using runtime = new FakeRuntime();
  const socket = opened(runtime);
  runtime.room = 1;
  socket.end(bytes("bye"));
  assertEquals([socket.writable, runtime.log], [false, ["connect"]]);
  runtime.room = Infinity;
  runtime.tell("drain");
  assertEquals([runtime.sent.join(""), runtime.log], ["bye", ["connect", "end"]]);
  runtime.tell("close");
  await turn();
  assertEquals(runtime.log, ["connect", "end", "close"]);
});

Deno.test("connectOverBun() keeps what comes before anybody listens", () => {
  using runtime = new FakeRuntime();
  const socket = opened(runtime);
  runtime.tell("data", Buffer.from("a"));
  const heard: string[] = [];
  socket.on("data", (chunk: Buffer) => heard.push(chunk.toString()));
  runtime.tell("data", Buffer.from("b"));
  assertEquals(heard, ["a", "b"]);
});

Deno.test("connectOverBun() tells once that a connection was refused, lost, or given up", async () => {
  for (
    const [event, log] of [["error", ["connect", "terminate", "gone", "close"]], ["close", [
      "connect",
      "close",
    ]]] as const
  ) {
    using runtime = new FakeRuntime();
    const socket = opened(runtime);
    runtime.tell(event, event === "error" ? new Error("gone") : undefined);
    runtime.tell("close");
    await turn();
    assertEquals([socket.destroyed, runtime.log], [true, [...log]]);
    const failed: unknown[] = [];
    socket.write(bytes("x"), (error) => failed.push(error instanceof Error));
    await turn();
    assertEquals(failed, [true]);
  }
  using runtime = new FakeRuntime();
  const refused: string[] = [];
  const socket = connectOverBun({ host: "127.0.0.1", port: 1 });
  socket.on("error", (error: Error) => refused.push(error.message));
  runtime.tell("connectError", new Error("refused"));
  await turn();
  assertEquals(refused, ["refused"]);
});

Deno.test("connectOverBun() hears what the server said before the write that found it gone, and tells after it", async () => {
  using runtime = new FakeRuntime();
  const socket = opened(runtime);
  socket.on("data", (chunk: Buffer) => runtime.log.push(chunk.toString()));
  runtime.connection.write = () => -1;
  assertEquals(socket.write(bytes("x".repeat(70_000))), false);
  runtime.tell("data", Buffer.from("FATAL"));
  runtime.tell("close");
  assertEquals([socket.writable, runtime.log], [false, ["connect", "FATAL"]]);
  await turn();
  assertEquals(runtime.log, ["connect", "FATAL", "the connection is closed", "close"]);
});

Deno.test("connectOverBun() gives up a connection that is gone and says nothing more", async () => {
  using runtime = new FakeRuntime();
  const socket = opened(runtime);
  runtime.connection.write = () => -1;
  runtime.connection.terminate = () => {
    runtime.tell("close");
    return 0;
  };
  const closed = new Promise((resolve) => socket.on("close", resolve));
  socket.write(bytes("x"));
  const stillAlive = setTimeout(() => {}, 10_000);
  await closed;
  clearTimeout(stillAlive);
  assertEquals(runtime.log, ["connect", "the connection is closed", "close"]);
});

Deno.test("connectOverBun() closes a connection that opens after it was given up", async () => {
  using runtime = new FakeRuntime();
  const socket = connectOverBun({ host: "127.0.0.1", port: 5432 });
  socket.destroy();
  await turn();
  runtime.tell("open");
  assertEquals(runtime.log, ["terminate"]);
});
