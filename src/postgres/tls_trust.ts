/** Whom a TLS connection trusts and what it shows of itself: the certificate files, by libpq's rules. */

import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import * as tls from "node:tls";
import { MigError } from "../error.ts";
import type { TlsParameters } from "./tls_parameters.ts";

/** What `tls.connect()` is given, and how far the server's certificate is checked. */
export interface TlsTrust {
  readonly options: tls.ConnectionOptions;
  readonly verifies: "nothing" | "chain" | "name";
}

/**
 * Reads the certificates. As libpq: `require` checks the chain if there is a root certificate, and `verify-…` will
 * not go on without one.
 * @throws {MigError} `tls-failed` for a file that is missing, or a key that others may read
 */
export function tlsTrust(parameters: TlsParameters): TlsTrust {
  const { mode, folder } = parameters;
  const inFolder = (name: string) => {
    const path = folder === undefined ? undefined : join(folder, name);
    return path !== undefined && existsSync(path) ? path : undefined;
  };
  const root = parameters.rootCertificate ?? inFolder("root.crt");
  const verifies = mode === "verify-full"
    ? "name"
    : mode === "verify-ca" || (mode === "require" && root !== undefined && existsSync(root))
    ? "chain"
    : "nothing";
  if (verifies !== "nothing" && root === undefined) throw rootMissing(mode);
  const revoked = parameters.revocationList ?? inFolder("root.crl");
  return {
    verifies,
    options: {
      rejectUnauthorized: verifies !== "nothing",
      minVersion: parameters.minVersion,
      maxVersion: parameters.maxVersion,
      ...(verifies === "nothing" ? {} : {
        ca: root === "system" ? systemAuthorities() : read(root!, "the root certificate (sslrootcert)"),
        crl: revoked === undefined ? undefined : read(revoked, "the list of revoked certificates (sslcrl)"),
      }),
      ...clientCertificate(parameters, inFolder),
    },
  };
}

function clientCertificate(
  parameters: TlsParameters,
  inFolder: (name: string) => string | undefined,
): tls.ConnectionOptions {
  const certificate = parameters.certificate ?? inFolder("postgresql.crt");
  if (certificate === undefined || !parameters.sendCertificate) return {};
  const key = parameters.key ?? inFolder("postgresql.key");
  if (key === undefined) {
    throw new MigError("tls-failed", `there is a client certificate, ${certificate}, and no key for it`, {
      hint: "name the key's file as sslkey",
    });
  }
  const cert = read(certificate, "the client certificate (sslcert)");
  refuseSharedKey(key);
  return { cert, key: read(key, "the client's key (sslkey)"), passphrase: parameters.keyPassword?.reveal() };
}

/** As libpq: a private key that others can read is no longer private. Root may let a group read it. */
function refuseSharedKey(path: string): void {
  if (process.platform === "win32" || !existsSync(path)) return;
  const { mode, uid } = statSync(path);
  if ((mode & (uid === 0 ? 0o037 : 0o077)) === 0) return;
  throw new MigError("tls-failed", `the client's key, ${path}, can be read by others`, {
    hint: `run chmod 600 ${path}`,
  });
}

/** The authorities that the machine trusts, beside those of the runtime; an older Node.js knows only its own. */
function systemAuthorities(): string[] | undefined {
  const { getCACertificates } = tls as { getCACertificates?: (kind: "system" | "bundled") => string[] };
  return getCACertificates === undefined
    ? undefined
    : [...new Set([...getCACertificates("bundled"), ...getCACertificates("system")])];
}

function read(path: string, what: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new MigError("tls-failed", `${what} cannot be read: ${path}`, {
      cause,
      hint: "check the path and its permissions",
    });
  }
}

function rootMissing(mode: string): MigError {
  return new MigError(
    "tls-failed",
    `sslmode=${mode} needs to know whom to trust, and there is no root certificate`,
    {
      hint: [
        "for a server with a public certificate write sslrootcert=system and sslmode=verify-full",
        "name the authority's file as sslrootcert, or put it into ~/.postgresql/root.crt",
      ],
    },
  );
}
