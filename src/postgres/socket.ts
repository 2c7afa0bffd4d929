/** Opens the socket of a connection, up to where the startup message may be sent: TLS, where wanted, is already on. */

import { lookup } from "node:dns/promises";
import { connect, isIP, type NetConnectOpts, type Socket } from "node:net";
import { MigError } from "../error.ts";
import { type BunSocket, connectOverBun, hasBunSockets, type ServerSocket } from "./bun_socket.ts";
import type { Attempt } from "./attempts.ts";
import { connectFailure, lookupFailure, timeoutFailure } from "./connect_failure.ts";
import type { Host } from "./host.ts";
import type { ConnectionParameters } from "./parameters.ts";
import { askForTls } from "./tls_request.ts";

/** A socket that is ready for the startup message. */
export interface OpenedSocket {
  readonly socket: ServerSocket;
  readonly encrypted: boolean;
}

export interface OpenOptions {
  /** Gives up when it is aborted, with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Makes one attempt. A name with several addresses is tried address by address; each may take the connect timeout.
 * @throws {MigError} `connection-failed`, `tls-failed`, or the signal's reason
 */
export async function openAttempt(
  parameters: Pick<ConnectionParameters, "tls" | "connectTimeout" | "keepAlive">,
  attempt: Attempt,
  options: OpenOptions = {},
): Promise<OpenedSocket> {
  const { host } = attempt;
  let failure: unknown;
  for (const address of await addressesOf(host)) {
    options.signal?.throwIfAborted();
    try {
      return await openAddress(parameters, attempt, address, options);
    } catch (error) {
      if (options.signal?.aborted || (error instanceof MigError && error.code === "tls-failed")) throw error;
      failure ??= error;
    }
  }
  throw failure;
}

async function addressesOf(host: Host): Promise<readonly NetConnectOpts[]> {
  if (host.kind === "unix") return [{ path: host.path }];
  const { port } = host;
  const address = host.address ?? (isAddress(host.name) ? host.name : undefined);
  if (address !== undefined) return [{ host: address, port }];
  try {
    const found = await lookup(host.name, { all: true });
    return found.map(({ address, family }) => ({ host: address, family, port }));
  } catch (error) {
    throw lookupFailure(host, error);
  }
}

/** What is plainly an address or a name is told without node:net, which takes long to load. */
function isAddress(name: string): boolean {
  if (/^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/.test(name)) return true;
  return name.includes(":") && isIP(name) !== 0;
}

function openAddress(
  parameters: Pick<ConnectionParameters, "tls" | "connectTimeout" | "keepAlive">,
  { host, encryption }: Attempt,
  address: NetConnectOpts,
  { signal }: OpenOptions,
): Promise<OpenedSocket> {
  return bracket(host, parameters.connectTimeout, signal, async (own) => {
    const asked = encryption === "tls-if-offered" && parameters.tls.negotiation === "postgres";
    // A server on this machine seldom has TLS, and one that has it is near. Elsewhere `prefer` mostly ends in TLS.
    const plainAtFirst = encryption === "plain" || asked && isLoopback(address);
    const socket = await connected(host, address, own, plainAtFirst);
    if (host.kind === "unix") return { socket, encrypted: false };
    // Small messages, sent without waiting for answers, must not wait for each other in the kernel either.
    socket.setNoDelay(true);
    if (parameters.keepAlive !== null) socket.setKeepAlive(true, parameters.keepAlive);
    if (encryption === "plain" || asked && await askForTls(socket, host) === "no") {
      return { socket, encrypted: false };
    }
    // Loaded here: connections without TLS do not pay for it.
    const { encrypt } = await import("./tls.ts");
    return { socket: await encrypt(socket, host, parameters.tls, asked, own), encrypted: true };
  });
}

/** Gives a socket to somebody who must not let it outlive the opening, should that fail. */
export type Own = (socket: Socket | BunSocket) => void;

/** Runs `open` and destroys what it has opened when it fails, when the time is up, or on the signal. */
function bracket<T>(
  host: Host,
  timeout: number,
  signal: AbortSignal | undefined,
  open: (own: Own) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const sockets: (Socket | BunSocket)[] = [];
    let over = false;
    const settle = (act: () => void, keep: boolean) => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      if (!keep) { for (const socket of sockets) socket.destroy(); }
      act();
    };
    const fail = (error: unknown) => settle(() => reject(error), false);
    const onAbort = () => fail(signal!.reason);
    const timer = timeout > 0 ? setTimeout(() => fail(timeoutFailure(host, timeout)), timeout) : undefined;
    signal?.addEventListener("abort", onAbort);
    const own: Own = (socket) => {
      // An error after the socket was given up, or before its user listens, must not end the process.
      socket.on("error", () => {});
      if (over) socket.destroy();
      sockets.push(socket);
    };
    open(own).then((value) => settle(() => resolve(value), true), fail);
  });
}

/** @param quickly whether Bun's own sockets are to be used, where they are at hand */
async function connected(
  host: Host,
  address: NetConnectOpts,
  own: Own,
  quickly: boolean,
): Promise<Socket | BunSocket> {
  const socket = quickly && hasBunSockets() ? await connectedOverBun(address, own) : null;
  return socket ?? await connectedOverNet(host, address, own);
}

function isLoopback(address: NetConnectOpts): boolean {
  return "host" in address && /^(127\.|::1$)/.test(address.host ?? "");
}

/** Null where it fails: node:net then tells why, in the system's own codes. */
function connectedOverBun(address: NetConnectOpts, own: Own): Promise<BunSocket | null> {
  return new Promise((resolve) => {
    const socket = connectOverBun(address);
    own(socket);
    socket.once("error", () => resolve(null));
    socket.once("connect", () => resolve(socket));
  });
}

function connectedOverNet(host: Host, address: NetConnectOpts, own: Own): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(connectFailure(host, error));
    try {
      const socket = connect(address);
      own(socket);
      socket.once("error", fail);
      socket.once("connect", () => {
        socket.removeListener("error", fail);
        resolve(socket);
      });
    } catch (error) {
      // Deno throws at once where it has not been given the permission.
      fail(error);
    }
  });
}
