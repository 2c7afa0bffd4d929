/** How a connection is encrypted and whom it trusts: libpq's `ssl…` keywords (manual, "SSL Support"). */

import { MigError } from "../error.ts";
import { choice, type Keywords } from "./keywords.ts";
import { Secret } from "./secret.ts";

/** libpq's `sslmode`, from the weakest to the strongest. */
export type SslMode = typeof MODES[number];
const MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;

const VERSIONS = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;

/** What the connection asks of TLS. */
export interface TlsParameters {
  readonly mode: SslMode;
  /** Ask the server first, or begin with TLS at once (`direct`, PostgreSQL 17 and later). */
  readonly negotiation: "postgres" | "direct";
  /** The file of the authorities to trust, or `system` for those that the machine trusts. */
  readonly rootCertificate?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly keyPassword?: Secret;
  /** The file of revoked certificates. */
  readonly revocationList?: string;
  /** Whether the certificate is shown to a server that asks. */
  readonly sendCertificate: boolean;
  /** Whether the server hears which host is meant (SNI). */
  readonly sendHostName: boolean;
  readonly minVersion: typeof VERSIONS[number];
  readonly maxVersion?: typeof VERSIONS[number];
  /** `~/.postgresql`, where libpq looks for root.crt, root.crl, postgresql.crt and postgresql.key. */
  readonly folder?: string;
}

/**
 * The TLS side of the keywords.
 *
 * `channel_binding=require` promises that nobody sits between mig and the server. mig has no channel binding, so it
 * keeps the promise by the other means: the server's certificate must prove its name.
 * @throws {MigError} `url-invalid`
 */
export function readTlsParameters(keywords: Keywords, folder: string | undefined): TlsParameters {
  const text = (name: string) => keywords.get(name)?.value || undefined;
  const binding = choice(keywords, "channel_binding", ["disable", "prefer", "require"]);
  const written = choice(keywords, "sslmode", MODES);
  const negotiation = choice(keywords, "sslnegotiation", ["postgres", "direct"]) ?? "postgres";
  let rootCertificate = text("sslrootcert");
  let mode = written ?? (rootCertificate === "system" ? "verify-full" : "prefer");
  if (binding === "require") {
    if (mode === "disable") throw weak("channel_binding=require", "require");
    if (!mode.startsWith("verify-")) rootCertificate ??= "system";
    mode = "verify-full";
  }
  if (rootCertificate === "system" && mode !== "verify-full") throw weak("sslrootcert=system", "verify-full");
  if (negotiation === "direct" && MODES.indexOf(mode) < MODES.indexOf("require")) {
    throw weak("sslnegotiation=direct", "require");
  }
  return {
    mode,
    negotiation,
    rootCertificate,
    certificate: text("sslcert"),
    key: text("sslkey"),
    keyPassword: text("sslpassword") === undefined ? undefined : new Secret(text("sslpassword")!),
    revocationList: text("sslcrl"),
    sendCertificate: text("sslcertmode") !== "disable",
    sendHostName: text("sslsni") !== "0",
    minVersion: choice(keywords, "ssl_min_protocol_version", VERSIONS) ?? "TLSv1.2",
    maxVersion: choice(keywords, "ssl_max_protocol_version", VERSIONS),
    folder,
  };
}

function weak(what: string, mode: SslMode): MigError {
  return new MigError("url-invalid", `${what} needs a stronger sslmode`, { hint: `write sslmode=${mode}` });
}
