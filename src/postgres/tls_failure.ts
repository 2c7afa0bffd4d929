/** Says why TLS failed: whose certificate is wrong, and how. */

import { MigError } from "../error.ts";
import { codeOf, sentenceOf } from "./connect_failure.ts";
import { type Host, nameOfHost } from "./host.ts";
import type { TlsParameters } from "./tls_parameters.ts";

/** The error for a TLS handshake that failed, told by OpenSSL's name for the fault, which all runtimes share. */
export function tlsFailure(
  host: Host & { kind: "tcp" },
  parameters: TlsParameters,
  cause: unknown,
): MigError {
  const place = nameOfHost(host);
  const fault = faultOf(codeOf(cause), host, parameters);
  const message = fault === undefined
    ? `TLS with ${place} failed: ${sentenceOf(cause)}`
    : `the certificate of ${place} ${fault.what}`;
  const direct = parameters.negotiation === "direct"
    ? ["sslnegotiation=direct needs PostgreSQL 17 or later"]
    : [];
  const hint = fault?.hint ?? [...direct, ...HANDSHAKE_HINTS];
  return new MigError("tls-failed", message, { hint, cause, data: { server: place } });
}

const HANDSHAKE_HINTS = [
  "if the server asks for a client certificate, name it as sslcert and its key as sslkey",
  "check that the server speaks TLS 1.2 or later, or set ssl_min_protocol_version",
];

interface Fault {
  readonly what: string;
  readonly hint: readonly string[];
}

function faultOf(code: string, host: Host & { kind: "tcp" }, parameters: TlsParameters): Fault | undefined {
  const name = host.name || host.address!;
  switch (code) {
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return {
        what: `is for another host, not for ${name}`,
        hint: [
          "connect by a name that the certificate has",
          "if only the address differs, give the name as host and the address as hostaddr",
          "sslmode=verify-ca accepts any name, if you trust everyone whom the authority certifies",
        ],
      };
    case "CERT_HAS_EXPIRED":
      return { what: "has expired", hint: ["renew it on the server, or set this machine's clock right"] };
    case "CERT_NOT_YET_VALID":
      return { what: "is not valid yet", hint: ["set this machine's clock right, or wait"] };
    case "CERT_REVOKED":
      return { what: "has been revoked", hint: ["do not connect; give the server a new certificate"] };
    case "UNABLE_TO_GET_CRL":
    case "CRL_HAS_EXPIRED":
      return {
        what: "cannot be looked up in the list of revoked certificates",
        hint: ["renew the list (sslcrl), or remove it"],
      };
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "CERT_SIGNATURE_FAILURE":
    case "CERT_UNTRUSTED":
      return { what: "is from an authority that is not trusted here", hint: trustHints(parameters) };
  }
}

function trustHints({ mode, rootCertificate }: TlsParameters): string[] {
  const provider =
    "get the authority's certificate from whoever runs the server, and name its file as sslrootcert";
  if (rootCertificate === "system") return [provider];
  const system = "for a certificate of a public authority write sslrootcert=system and sslmode=verify-full";
  return mode === "require"
    ? [
      provider,
      system,
      "sslmode=require checks the authority because there is a root certificate; remove that one",
    ]
    : [provider, system];
}
