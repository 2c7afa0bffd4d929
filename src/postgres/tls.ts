/** Puts TLS on a connection by PostgreSQL's negotiation, with libpq's meaning of `sslmode` (manual, "SSL Support"). */

import { isIP, type Socket } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { MigError } from "../error.ts";
import type { Encryption } from "./attempts.ts";
import { connectFailure, hungUp, notPostgres } from "./connect_failure.ts";
import { type Host, nameOfHost } from "./host.ts";
import type { Own } from "./socket.ts";
import { tlsTrust } from "./tls_trust.ts";
import { tlsFailure } from "./tls_failure.ts";
import type { TlsParameters } from "./tls_parameters.ts";

/** Length 8 and the number 80877103, which stands where a startup message has its version. */
const SSL_REQUEST = new Uint8Array([0, 0, 0, 8, 4, 210, 22, 47]);

/**
 * Encrypts the connection; null where the server has no TLS and the attempt goes on without.
 *
 * @param socket a connection on which nothing has been sent
 * @param own takes each socket that is made, to destroy it if the opening fails
 * @throws {MigError} `tls-failed`, `connection-failed`
 */
export async function encrypt(
  socket: Socket,
  host: Host & { kind: "tcp" },
  parameters: TlsParameters,
  encryption: Exclude<Encryption, "plain">,
  own: Own,
): Promise<TLSSocket | null> {
  // Before anything is sent: a certificate that cannot be read is told without troubling the server.
  const trust = tlsTrust(parameters);
  if (trust.verifies === "name" && host.name === "") {
    throw new MigError("tls-failed", `sslmode=verify-full needs a host name, and there is only an address`, {
      hint: "give the name in the server's certificate as host, beside hostaddr",
    });
  }
  if (parameters.negotiation === "postgres") {
    const answer = await askForTls(socket, host);
    if (answer === "no" && encryption === "tls-if-offered") return null;
    if (answer === "no") {
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
  }
  return await handshake(socket, host, parameters, trust, own);
}

/** Sends SSLRequest and reads the single byte of its answer. */
function askForTls(socket: Socket, host: Host): Promise<"yes" | "no"> {
  return new Promise((resolve, reject) => {
    const onData = (bytes: Uint8Array) => {
      done();
      const answer = String.fromCharCode(bytes[0] ?? 0);
      // Bytes behind the answer came before the encryption: somebody in the middle put them there (CVE-2021-23222).
      if ((answer === "S" || answer === "N") && bytes.length > 1) {
        return reject(
          new MigError(
            "tls-failed",
            `${nameOfHost(host)} sent data in the clear while TLS was being set up`,
            {
              hint:
                "somebody between you and the server may be tampering with the connection; check the network",
            },
          ),
        );
      }
      if (answer === "S") return resolve("yes");
      if (answer === "N") return resolve("no");
      if (answer !== "E") return reject(notPostgres(host));
      // The error's text is not shown: nothing has proved yet that it is the server who speaks (CVE-2024-10977).
      reject(
        new MigError(
          "tls-failed",
          `the server at ${nameOfHost(host)} answered the request for TLS with an error`,
          {
            hint: "look into the server's log; it may be starting, stopping, or out of connections",
          },
        ),
      );
    };
    const onClose = () => {
      done();
      reject(hungUp(host));
    };
    const onError = (error: unknown) => {
      done();
      reject(connectFailure(host, error));
    };
    const done = () => {
      socket.removeListener("data", onData);
      socket.removeListener("close", onClose);
      socket.removeListener("error", onError);
    };
    socket.on("data", onData);
    socket.on("close", onClose);
    socket.on("error", onError);
    socket.write(SSL_REQUEST);
  });
}

function handshake(
  socket: Socket,
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
