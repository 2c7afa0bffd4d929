/** Asks a server whether it has TLS (manual, "SSL Session Encryption"). Needs nothing of TLS itself, which takes long to load. */

import { MigError } from "../error.ts";
import type { ServerSocket } from "./bun_socket.ts";
import { connectFailure, hungUp, notPostgres } from "./connect_failure.ts";
import { type Host, nameOfHost } from "./host.ts";

/** Length 8 and the number 80877103, which stands where a startup message has its version. */
const SSL_REQUEST = new Uint8Array([0, 0, 0, 8, 4, 210, 22, 47]);

/**
 * Sends SSLRequest and reads the single byte of its answer.
 *
 * @param socket a connection on which nothing has been sent
 * @throws {MigError} `tls-failed`, `connection-failed`
 */
export function askForTls(socket: ServerSocket, host: Host): Promise<"yes" | "no"> {
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
