/** A PostgreSQL server as a `Database`. */

import type { ConnectOptions, Database, ServerFacts, Session } from "../engine/database.ts";
import { QueryError } from "../engine/database.ts";
import { connectInTurn, type ReadySocket, type StartOutcome } from "./attempts.ts";
import { type ConnectionParameters, startupSettings, type TargetSession } from "./parameters.ts";
import { passwordFor } from "./pgpass.ts";
import { openAttempt } from "./socket.ts";
import { startFailure } from "./start_failure.ts";
import { describe } from "./url.ts";

/**
 * A server that is reached over the network or a socket of the file system. Nothing is opened before `connect()`.
 *
 * @param warn gets a sentence about what is odd and does not stop mig, such as a password file that others can read
 */
export function openPostgres(
  parameters: ConnectionParameters,
  warn: (message: string) => void = () => {},
): Database {
  return {
    description: describe(parameters),
    kind: "server",
    connect: (options = {}) =>
      connectInTurn(parameters, (ready) => startSession(parameters, ready, options, warn)),
    dumpSchema: async (options) => await (await import("./dump.ts")).dumpSchema(parameters, options),
  };
}

async function startSession(
  parameters: ConnectionParameters,
  ready: ReadySocket,
  options: ConnectOptions,
  warn: (message: string) => void,
): Promise<StartOutcome<Session>> {
  const password = passwordFor(parameters, ready.attempt.host, warn);
  let asked = false;
  let first: ReadySocket["socket"] | null = ready.socket;
  const openSocket = async () => {
    const socket = first ?? (await openAttempt(parameters, ready.attempt)).socket;
    first = null;
    return socket;
  };
  try {
    // The driver loads while the server opens its end of the connection.
    const { connectOverSocket } = await import("./session.ts");
    const session = await connectOverSocket(openSocket, {
      user: parameters.user,
      database: parameters.database,
      password: () => {
        asked = true;
        return password?.reveal() ?? "";
      },
      settings: startupSettings(parameters),
      timeoutMs: parameters.connectTimeout,
    }, options);
    if (parameters.role !== undefined && session.server.user !== parameters.role) {
      await session.close();
      return { error: startFailure.roleNotTaken(parameters.role, describe(parameters)), retry: "nothing" };
    }
    if (fits(ready.target, session.server)) return { started: session };
    await session.close();
    return { error: startFailure.wrongTarget(ready.target, describe(parameters)), retry: "host" };
  } catch (error) {
    ready.socket.destroy();
    if (!(error instanceof QueryError)) return { error, retry: "nothing" };
    return {
      error: startFailure.of(error, parameters, {
        passwordAsked: asked,
        passwordKnown: password !== undefined,
      }),
      retry: retryFor(error.report?.sqlstate),
    };
  }
}

/** libpq tries another way of encryption where it was refused before it could say who it is, and another host when asked to. */
function retryFor(sqlstate: string | undefined): "encryption" | "host" | "nothing" {
  if (sqlstate === "28000") return "encryption";
  return sqlstate === "57P03" || sqlstate === undefined ? "host" : "nothing";
}

function fits(target: TargetSession, server: ServerFacts): boolean {
  switch (target) {
    case "any":
      return true;
    case "read-write":
      return !server.inRecovery && !server.readOnly;
    case "read-only":
      return server.inRecovery || server.readOnly;
    case "primary":
      return !server.inRecovery;
    case "standby":
    case "prefer-standby":
      return server.inRecovery;
  }
}
