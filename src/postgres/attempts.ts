/** Which connections to try, in libpq's order: host after host, with and without TLS as `sslmode` has it. */

import { MigError } from "../error.ts";
import { type Host, nameOfHost } from "./host.ts";
import type { ConnectionParameters, TargetSession } from "./parameters.ts";
import { openAttempt, type OpenedSocket, type OpenOptions } from "./socket.ts";
import type { SslMode } from "./tls_parameters.ts";

/** One connection to try. */
export interface Attempt {
  readonly host: Host;
  readonly encryption: Encryption;
}

/** `tls-if-offered`: the server is asked, and if it has no TLS, the same connection goes on without. */
export type Encryption = "plain" | "tls-if-offered" | "tls";

/** A socket that is ready for the startup message, and which session will do. */
export interface ReadySocket extends OpenedSocket {
  /** What led to it; `openAttempt()` with it reaches the same server again, e.g. for a request to cancel. */
  readonly attempt: Attempt;
  /** As the parameters' target, but `prefer-standby` is first `standby`, then `any`. */
  readonly target: TargetSession;
}

/** What came of starting a session on a socket. */
export type StartOutcome<T> =
  | { readonly started: T }
  | {
    readonly error: unknown;
    /**
     * What may help: `encryption` where the server refused this client before authenticating it (SQLSTATE 28000, "no
     * pg_hba.conf entry"), `host` where this server will not do (57P03, not the target session); `nothing` otherwise.
     */
    readonly retry: "encryption" | "host" | "nothing";
  };

/** The attempts for these parameters. TLS is never used on a socket of the file system. */
export function connectionAttempts(
  parameters: Pick<ConnectionParameters, "hosts" | "tls">,
): readonly Attempt[] {
  return parameters.hosts.flatMap((host) =>
    (host.kind === "unix" ? ["plain" as const] : ORDER[parameters.tls.mode]).map((encryption) => ({
      host,
      encryption,
    }))
  );
}

const ORDER: Readonly<Record<SslMode, readonly Encryption[]>> = {
  "disable": ["plain"],
  "allow": ["plain", "tls"],
  "prefer": ["tls-if-offered", "plain"],
  "require": ["tls"],
  "verify-ca": ["tls"],
  "verify-full": ["tls"],
};

/**
 * The first socket that opens.
 * @throws {MigError} `connection-failed` or `tls-failed`, or the signal's reason
 */
export function openSocket(
  parameters: ConnectionParameters,
  options: OpenOptions = {},
): Promise<ReadySocket> {
  return connectInTurn(parameters, (socket) => Promise.resolve({ started: socket }), options);
}

/**
 * Tries the attempts in turn until a session is started, and gives that session.
 *
 * @param start starts a session on the socket and says what came of it; a socket that it does not use it must destroy
 * @throws {MigError} `connection-failed` or `tls-failed`, or the error which `start` gave
 */
export async function connectInTurn<T>(
  parameters: ConnectionParameters,
  start: (socket: ReadySocket) => Promise<StartOutcome<T>>,
  options: OpenOptions = {},
): Promise<T> {
  const failures: Failure[] = [];
  for (const target of targetsOf(parameters.target)) {
    for (const host of parameters.hosts) {
      let failure: Failure | undefined;
      const attempts = connectionAttempts({ hosts: [host], tls: parameters.tls });
      for (const attempt of attempts) {
        const last = attempt === attempts.at(-1);
        const outcome = await tryOne(parameters, { attempt, last, target }, start, options);
        if ("started" in outcome) return outcome.started;
        if (outcome.retry === "nothing") throw outcome.error;
        // The first failure of a host is told: the second attempt is only there in case it helps.
        failure ??= { host, error: outcome.error };
        if (outcome.retry === "host") break;
        if (outcome.retry === "exhausted") throw failure.error;
      }
      failures.push(failure!);
    }
  }
  throw together(failures);
}

interface Failure {
  readonly host: Host;
  readonly error: unknown;
}

async function tryOne<T>(
  parameters: ConnectionParameters,
  { attempt, last, target }: { attempt: Attempt; last: boolean; target: TargetSession },
  start: (socket: ReadySocket) => Promise<StartOutcome<T>>,
  options: OpenOptions,
): Promise<StartOutcome<T> | { readonly error: unknown; readonly retry: "exhausted" }> {
  let opened: OpenedSocket;
  try {
    opened = await openAttempt(parameters, attempt, options);
  } catch (error) {
    if (!(error instanceof MigError) || options.signal?.aborted) throw error;
    return { error, retry: error.code === "tls-failed" && !last ? "encryption" : "host" };
  }
  const outcome = await start({ ...opened, attempt, target });
  if ("started" in outcome || outcome.retry !== "encryption") return outcome;
  // A server without TLS has been asked without already: to try again would be the same.
  const same = attempt.encryption === "tls-if-offered" && !opened.encrypted;
  return last || same ? { error: outcome.error, retry: "exhausted" } : outcome;
}

function targetsOf(target: TargetSession): readonly TargetSession[] {
  return target === "prefer-standby" ? ["standby", "any"] : [target];
}

function together(failures: readonly Failure[]): unknown {
  const [first] = failures;
  const errors = failures.map(({ error }) => error);
  if (failures.length === 1 || !errors.every((error) => error instanceof MigError)) return first!.error;
  const places = [...new Set(failures.map(({ host }) => nameOfHost(host)))];
  if (places.length === 1) return first!.error;
  return new MigError("connection-failed", `cannot connect to any of ${places.join(", ")}`, {
    errors: errors.slice(0, places.length),
    hint: "each server has its own reason, above",
  });
}
