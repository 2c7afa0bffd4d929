/** A connection of Bun's own as a stream, which is what TLS is put on. */

import { Duplex } from "node:stream";
import type { BunSocket } from "./bun_socket.ts";

/** The stream over a connection on which nothing is in flight. */
export function duplexOver(socket: BunSocket): Duplex {
  const stream = new Duplex({
    // Whoever has heard the end hears "close" next, as of a socket.
    allowHalfOpen: false,
    read() {},
    write: (chunk: Uint8Array, _encoding, done) => void socket.write(chunk, done),
    final(done) {
      socket.end();
      done();
    },
    destroy(error, done) {
      socket.destroy();
      done(error);
    },
  });
  socket.on("data", (bytes: Buffer) => stream.push(bytes));
  socket.on("error", (error: Error) => stream.destroy(error));
  socket.on("close", () => stream.push(null));
  return stream;
}
