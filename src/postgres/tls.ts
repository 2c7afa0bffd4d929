/** Puts TLS on a connection by PostgreSQL's negotiation, with libpq's meaning of `sslmode` (manual, "SSL Support"). */

import { isIP, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect, type TLSSocket } from "node:tls";
import { MigError } from "../error.ts";
import { duplexOver } from "./bun_duplex.ts";
import { BunSocket } from "./bun_socket.ts";
import { notPostgres } from "./connect_failure.ts";
import { type Host, nameOfHost } from "./host.ts";
import type { Own } from "./socket.ts";
import { tlsTrust } from "./tls_trust.ts";
import { tlsFailure } from "./tls_failure.ts";
import type { TlsParameters } from "./tls_parameters.ts";
import { askForTls } from "./tls_request.ts";

/**
 * Encrypts the connection.
 *
 * @param socket a connection on which nothing has been sent, or on which the server has agreed to encrypt
 * @param asked whether it has
 * @param own takes each socket that is made, to destroy it if the opening fails
 * @throws {MigError} `tls-failed`, `connection-failed`
 */
export async function encrypt(
  socket: Socket | BunSocket,
  host: Host & { kind: "tcp" },
  parameters: TlsParameters,
  asked: boolean,
  own: Own,
): Promise<TLSSocket> {
  // Before anything is sent: a certificate that cannot be read is told without troubling the server.
  const trust = tlsTrust(parameters);
  if (trust.verifies === "name" && host.name === "") {
    throw new MigError("tls-failed", `sslmode=verify-full needs a host name, and there is only an address`, {
      hint: "give the name in the server's certificate as host, beside hostaddr",
    });
  }
  if (parameters.negotiation === "postgres" && !asked && await askForTls(socket, host) === "no") {
    throw new MigError(
      "tls-failed",
      `the server at ${nameOfHost(host)} does not offer TLS, which sslmode=${parameters.mode} demands`,
      {
        hint: [
          "switch TLS on in the server: ssl = on in postgresql.conf, with ssl_cert_file and ssl_key_file",
          "on a network you trust, write sslmode=prefer",
        ],
      },
    );
  }
  const stream = socket instanceof BunSocket ? duplexOver(socket) : socket;
  const secure = await handshake(stream, host, parameters, trust, own);
  return stream === socket ? secure : Object.assign(secure, { backlog: stream });
}

function handshake(
  socket: Duplex,
  host: Host & { kind: "tcp" },
  parameters: TlsParameters,
  trust: ReturnType<typeof tlsTrust>,
  own: Own,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(tlsFailure(host, parameters, error));
    const byName = isIP(host.name) === 0;
    let secure: TLSSocket;
    try {
      secure = connect({
        socket,
        ...trust.options,
        host: host.name || host.address,
        // RFC 6066 knows no addresses here; the certificate is then checked against `host`.
        servername: byName && parameters.sendHostName ? host.name : "",
        ...(trust.verifies === "name" ? {} : { checkServerIdentity: () => undefined }),
        ...(parameters.negotiation === "direct" ? { ALPNProtocols: ["postgresql"] } : {}),
      });
    } catch (error) {
      return fail(error);
    }
    own(secure);
    const onClose = () => fail(new Error("the server closed the connection"));
    secure.once("error", fail);
    secure.once("close", onClose);
    secure.once("secureConnect", () => {
      secure.removeListener("error", fail);
      secure.removeListener("close", onClose);
      if (parameters.negotiation === "direct" && secure.alpnProtocol !== "postgresql") {
        return reject(notPostgres(host));
      }
      resolve(secure);
    });
  });
}
