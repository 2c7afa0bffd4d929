/** Servers that answer the request for TLS in every way that there is, and certificates for them. */

import type { Certificate } from "../../support/authority.ts";
import net from "node:net";
import tls from "node:tls";

/** What a fake server does after SSLRequest; it echoes what it gets on a connection that is ready. */
export type Behaviour =
  | { readonly answer: "tls"; readonly certificate: Certificate; readonly requireClient?: boolean }
  | { readonly answer: "none" | "error" | "silence" | "http" | "hang up" }
  /** Bytes in the clear, right behind the answer. */
  | { readonly answer: "injected" };

export interface FakeServer extends AsyncDisposable {
  readonly port: number;
  /** What each connection sent first: `ssl-request`, or its bytes as text. */
  readonly heard: string[];
}

/** Starts a server on a free port of 127.0.0.1. */
export async function fakeServer(behaviour: Behaviour): Promise<FakeServer> {
  const heard: string[] = [];
  const open = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    open.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => open.delete(socket));
    socket.once("data", (bytes) => {
      const asksForTls = bytes.length === 8 && bytes[4] === 4 && bytes[7] === 47;
      heard.push(asksForTls ? "ssl-request" : bytes.toString());
      if (asksForTls || behaviour.answer === "hang up") answer(socket, behaviour);
      else socket.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    heard,
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(socket: net.Socket, behaviour: Behaviour): void {
  switch (behaviour.answer) {
    case "tls": {
      socket.write("S");
      const { key, cert, ca } = behaviour.certificate;
      const secureContext = tls.createSecureContext({ key, cert, ca });
      const secure = new tls.TLSSocket(socket, {
        isServer: true,
        secureContext,
        requestCert: behaviour.requireClient,
        rejectUnauthorized: behaviour.requireClient,
      });
      secure.on("error", () => {});
      secure.on("data", (bytes: Uint8Array) => secure.write(bytes));
      return;
    }
    case "none":
      socket.write("N");
      socket.on("data", (bytes) => socket.write(bytes));
      return;
    case "injected":
      return void socket.write("Sinjected");
    case "error":
      return void socket.write("E\0\0\0\x10SFATAL\0Mtoo many\0\0");
    case "http":
      return void socket.write("HTTP/1.1 400 Bad Request\r\n\r\n");
    case "hang up":
      return void socket.end();
    case "silence":
      return;
  }
}
