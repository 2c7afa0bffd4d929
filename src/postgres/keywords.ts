/** The connection keywords of libpq (manual, "Parameter Key Words") and what mig makes of each. */

import { closest } from "../closest.ts";
import { MigError } from "../error.ts";

/** One keyword with the value that somebody wrote. */
export interface Written {
  readonly value: string;
  /** Who wrote it, for errors: `the database URL`, `PGSSLMODE`, `service "staging"`. */
  readonly from: string;
}

/** Keywords and their values, as written. An empty value means "the default", and keeps the environment out. */
export type Keywords = ReadonlyMap<string, Written>;

interface Keyword {
  /** The environment variable which libpq reads for it. */
  readonly variable?: string;
  /** The only values that mig can honour, where others would promise what mig does not do. */
  readonly only?: readonly string[];
  /** Why only those. */
  readonly reason?: string;
}

/** Every keyword that mig accepts. Those without use here are accepted because ignoring them breaks no promise. */
export const KEYWORDS: Readonly<Record<string, Keyword>> = {
  host: { variable: "PGHOST" },
  hostaddr: { variable: "PGHOSTADDR" },
  port: { variable: "PGPORT" },
  dbname: { variable: "PGDATABASE" },
  user: { variable: "PGUSER" },
  password: { variable: "PGPASSWORD" },
  passfile: { variable: "PGPASSFILE" },
  service: { variable: "PGSERVICE" },
  servicefile: { variable: "PGSERVICEFILE" },
  options: { variable: "PGOPTIONS" },
  application_name: { variable: "PGAPPNAME" },
  fallback_application_name: {},
  connect_timeout: { variable: "PGCONNECT_TIMEOUT" },
  client_encoding: {
    only: ["UTF8", "UTF-8", "utf8", "utf-8", "auto"],
    reason: "mig speaks UTF-8 to the server",
  },
  target_session_attrs: { variable: "PGTARGETSESSIONATTRS" },
  load_balance_hosts: { variable: "PGLOADBALANCEHOSTS" },
  keepalives: {},
  keepalives_idle: {},
  keepalives_interval: {},
  keepalives_count: {},
  tcp_user_timeout: {},
  sslmode: { variable: "PGSSLMODE" },
  sslnegotiation: { variable: "PGSSLNEGOTIATION" },
  sslrootcert: { variable: "PGSSLROOTCERT" },
  sslcert: { variable: "PGSSLCERT" },
  sslkey: { variable: "PGSSLKEY" },
  sslpassword: {},
  sslcertmode: {
    variable: "PGSSLCERTMODE",
    only: ["allow", "disable"],
    reason: "mig cannot tell whether the server asked for a certificate",
  },
  sslcrl: { variable: "PGSSLCRL" },
  sslcrldir: {
    variable: "PGSSLCRLDIR",
    only: [],
    reason: "mig reads one list of revoked certificates, sslcrl",
  },
  sslsni: { variable: "PGSSLSNI" },
  sslcompression: { variable: "PGSSLCOMPRESSION" },
  ssl_min_protocol_version: { variable: "PGSSLMINPROTOCOLVERSION" },
  ssl_max_protocol_version: { variable: "PGSSLMAXPROTOCOLVERSION" },
  min_protocol_version: {
    variable: "PGMINPROTOCOLVERSION",
    only: ["3.0"],
    reason: "mig speaks version 3.0 of the protocol",
  },
  max_protocol_version: { variable: "PGMAXPROTOCOLVERSION" },
  channel_binding: { variable: "PGCHANNELBINDING" },
  require_auth: {
    variable: "PGREQUIREAUTH",
    only: [],
    reason: "mig lets the server choose how to authenticate",
  },
  requirepeer: {
    variable: "PGREQUIREPEER",
    only: [],
    reason: "mig cannot tell who owns the server's socket",
  },
  gssencmode: { variable: "PGGSSENCMODE", only: ["disable", "prefer"], reason: "mig does not speak GSSAPI" },
  gssdelegation: { variable: "PGGSSDELEGATION" },
  gsslib: { variable: "PGGSSLIB" },
  krbsrvname: { variable: "PGKRBSRVNAME" },
  replication: { only: ["false", "off", "no", "0"], reason: "mig needs a session that runs SQL" },
};

/** Whether libpq, and so mig, knows the keyword. */
export function isKeyword(name: string): boolean {
  return Object.hasOwn(KEYWORDS, name);
}

/**
 * The error for a parameter that libpq does not know, with what to write instead.
 *
 * @param name the parameter, which must not be a piece of a password: see the callers
 */
export function unknownKeyword(name: string): MigError {
  const foreign = name.toLowerCase();
  const known = Object.hasOwn(FOREIGN, foreign) ? FOREIGN[foreign] : undefined;
  const near = closest(name, Object.keys(KEYWORDS));
  const hint = known ??
    (near === undefined
      ? "remove it; the parameters are those of libpq, e.g. sslmode, connect_timeout, options"
      : `did you mean "${near}"?`);
  return new MigError("url-invalid", `the database URL has an unknown parameter "${name}"`, { hint });
}

/** @throws {MigError} `url-invalid` for a value that promises what mig does not do */
export function refuseUnkept(name: string, { value, from }: Written): void {
  const { only, reason } = KEYWORDS[name]!;
  if (only === undefined || value === "" || only.includes(value)) return;
  throw new MigError("url-invalid", `mig cannot honour ${name} as ${from} has it: ${reason}`, {
    hint: only.length === 0 ? `remove ${name}` : `remove ${name}, or give it the value ${only[0]}`,
  });
}

/**
 * One of a keyword's values; undefined where it is not given or empty.
 * @throws {MigError} `url-invalid` that lists the values
 */
export function choice<T extends string>(
  keywords: Keywords,
  name: string,
  values: readonly T[],
): T | undefined {
  const written = keywords.get(name);
  if (written === undefined || written.value === "") return undefined;
  const found = values.find((value) => value === written.value);
  if (found !== undefined) return found;
  const shown = /^[\w-]{1,30}$/.test(written.value) ? ` "${written.value}"` : "";
  throw new MigError("url-invalid", `${name} in ${written.from} has an unknown value${shown}`, {
    hint: `the values are ${values.join(", ")}`,
  });
}

const POOL = "remove it: it is for the pool of another library, and mig opens one connection";
const LIBPQ_TLS = "libpq calls it sslmode: disable, allow, prefer, require, verify-ca or verify-full";

/** Parameters which other tools put in their URLs, and what libpq has for them. */
const FOREIGN: Readonly<Record<string, string>> = {
  schema: "libpq has no schema parameter; write options=-csearch_path%3DNAME instead",
  search_path: "write options=-csearch_path%3DNAME instead",
  currentschema: "write options=-csearch_path%3DNAME instead",
  statement_timeout: "write options=-cstatement_timeout%3D5s instead",
  lock_timeout: "write options=-clock_timeout%3D5s instead",
  pgbouncer: "remove it, and give mig the server's own URL: a transaction pooler breaks session locks",
  prepare_threshold: "remove it: mig does not use prepared statements",
  preparethreshold: "remove it: mig does not use prepared statements",
  statement_cache_size: "remove it: mig does not use prepared statements",
  statement_cache_mode: "remove it: mig does not use prepared statements",
  connection_limit: POOL,
  pool_timeout: POOL,
  pool_size: POOL,
  max_overflow: POOL,
  pool_max_conns: POOL,
  pool_min_conns: POOL,
  max: POOL,
  socket_timeout: "remove it, or write connect_timeout (in seconds)",
  timeout: "libpq calls it connect_timeout (in seconds)",
  ssl: `${LIBPQ_TLS}; only ssl=true is understood`,
  tls: LIBPQ_TLS,
  sslaccept: LIBPQ_TLS,
  encrypt: LIBPQ_TLS,
  sslidentity: "libpq has sslcert and sslkey",
  database: "libpq calls it dbname",
  db: "libpq calls it dbname",
  username: "libpq calls it user",
  pass: "libpq calls it password",
  hostname: "libpq calls it host",
  socket: "libpq calls it host: the folder of the socket",
  applicationname: "libpq calls it application_name",
  encoding: "libpq calls it client_encoding, and mig always speaks UTF-8",
  charset: "libpq calls it client_encoding, and mig always speaks UTF-8",
  sslinline: "remove it; sslrootcert, sslcert and sslkey name files",
  uselibpqcompat: "remove it: mig always gives sslmode libpq's meaning",
};
