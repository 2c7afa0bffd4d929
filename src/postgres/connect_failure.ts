/** Says what went wrong before a server could speak, and what to do about it. */

import { MigError } from "../error.ts";
import { type Host, nameOfHost } from "./host.ts";

/** The error for a connection that could not be made, told by the system's error code. */
export function connectFailure(host: Host, cause: unknown): MigError {
  const code = codeOf(cause);
  const known = host.kind === "unix" ? SOCKET_FAILURES[code] : TCP_FAILURES[code];
  const why = known?.why ?? sentenceOf(cause);
  const container = code === "ECONNREFUSED" && isLocal(host) ? [FROM_A_CONTAINER] : [];
  const hint = [...(known?.hint ?? CHECK_PLACE[host.kind]), ...container];
  return failure(host, `cannot connect to ${nameOfHost(host)}: ${why}`, hint, cause);
}

/** The error for a host name that has no address. */
export function lookupFailure(host: Host & { kind: "tcp" }, cause: unknown): MigError {
  const code = codeOf(cause);
  const why = code === "EAI_AGAIN"
    ? "its name cannot be looked up just now"
    : code === "ENOTFOUND" || code === "ENODATA"
    ? "there is no host of that name"
    : sentenceOf(cause);
  return failure(host, `cannot connect to ${nameOfHost(host)}: ${why}`, [
    "check the spelling, and that you are on the network (VPN, DNS) that knows the name",
    ...(host.name.includes(".") ? [] : [
      "a container's name is known only inside its network; from outside write localhost and the published port",
    ]),
  ], cause);
}

/** The error for a server that did not answer in time; the time is in milliseconds. */
export function timeoutFailure(host: Host, timeout: number): MigError {
  return failure(host, `cannot connect to ${nameOfHost(host)}: no answer within ${timeout / 1000} s`, [
    "check host and port, and that no firewall drops the packets",
    "if the server is slow to wake up, give it more seconds: connect_timeout=60",
  ]);
}

/** The error for a server that hung up before it said anything. */
export function hungUp(host: Host): MigError {
  return failure(host, `the server at ${nameOfHost(host)} closed the connection before it said anything`, [
    "check that it is not just starting, and that the port is PostgreSQL's and not a proxy's with nothing behind it",
  ]);
}

/** The error for something that answers and is not PostgreSQL. */
export function notPostgres(host: Host): MigError {
  return failure(host, `what answers at ${nameOfHost(host)} does not speak PostgreSQL's protocol`, [
    "check the port: it may be that of another service",
  ]);
}

/** A system's error in words that end no sentence. */
export function sentenceOf(cause: unknown): string {
  const message = cause instanceof Error && cause.message !== ""
    ? cause.message
    : codeOf(cause) || "unknown reason";
  return message.trim().replace(/\.$/, "");
}

/** The system's or the runtime's code of an error, e.g. `ECONNREFUSED`; empty where there is none. */
export function codeOf(cause: unknown): string {
  const code = (cause as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
}

function failure(host: Host, message: string, hint: readonly string[], cause?: unknown): MigError {
  return new MigError("connection-failed", message, { hint, cause, data: { server: nameOfHost(host) } });
}

function isLocal(host: Host): boolean {
  return host.kind === "tcp" && /^(localhost$|127\.|::1$)/.test(host.address ?? host.name);
}

const FROM_A_CONTAINER =
  "inside a container localhost is the container: write the name of the database's container, or host.docker.internal";

const CHECK_PLACE = {
  tcp: ["check host and port, and that the server is running"],
  unix: ["check the folder and the port, and that the server is running"],
};

interface Known {
  readonly why: string;
  readonly hint: readonly string[];
}

const FIREWALL: Known["hint"] = ["check the address, and that no firewall or missing VPN is in the way"];

const TCP_FAILURES: Readonly<Record<string, Known>> = {
  ECONNREFUSED: {
    why: "nothing listens there",
    hint: ["check that the server is running and that host and port are right"],
  },
  ETIMEDOUT: { why: "no answer", hint: FIREWALL },
  EHOSTUNREACH: { why: "the host cannot be reached", hint: FIREWALL },
  ENETUNREACH: { why: "its network cannot be reached", hint: FIREWALL },
  ECONNRESET: {
    why: "the connection was cut",
    hint: ["check that the port is PostgreSQL's, and look into the server's log"],
  },
};

const SOCKET_FAILURES: Readonly<Record<string, Known>> = {
  ENOENT: {
    why: "there is no such socket",
    hint: [
      "check that the server is running here, and in which folder it keeps its socket: unix_socket_directories",
      "to connect over the network instead, write a host: postgres://USER@localhost/DATABASE",
    ],
  },
  ECONNREFUSED: {
    why: "the socket is there and no server listens",
    hint: ["start the server; it may have left the socket behind when it was killed"],
  },
  EACCES: {
    why: "you may not use the socket",
    hint: ["ask for the permission, see unix_socket_permissions, or connect over the network"],
  },
};
