/** What a connection needs, as libpq derives it from a URL, a service, the environment and its defaults. */

import { MigError } from "../error.ts";
import { type Host, readHosts } from "./host.ts";
import { choice, KEYWORDS, type Keywords, refuseUnkept, type Written } from "./keywords.ts";
import { Secret } from "./secret.ts";
import { readTlsParameters, type TlsParameters } from "./tls_parameters.ts";

/** Everything needed to connect. */
export interface ConnectionParameters {
  /** The servers to try, in order; at least one. */
  readonly hosts: readonly Host[];
  readonly user: string;
  readonly database: string;
  /** The password where one was given; otherwise see `passwordFor()`, which looks into the password file. */
  readonly password?: Secret;
  /** The password file to look into; undefined where no home folder is known. */
  readonly passwordFile?: string;
  readonly tls: TlsParameters;
  readonly applicationName: string;
  /** The role that the session takes on, and that RESET ROLE leads back to. */
  readonly role?: string;
  /** Settings for the session, as in `-c search_path=app`; undefined where none are given. */
  readonly options?: string;
  /** Milliseconds that one server may take to accept a connection, TLS included; 0 for no limit. */
  readonly connectTimeout: number;
  /** Which of several servers will do. */
  readonly target: TargetSession;
  /** Milliseconds of silence before TCP asks whether the server is still there; null to never ask. */
  readonly keepAlive: number | null;
}

/** libpq's `target_session_attrs`. */
export type TargetSession = typeof TARGETS[number];
const TARGETS = ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"] as const;

/** What libpq looks for outside the URL. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The name of the operating system's user; undefined where it cannot be told. */
  readonly user: () => string | undefined;
  /** The folder with the socket of a server that runs here on this port; undefined where there is none. */
  readonly socketFolder: (port: number) => string | undefined;
  /** `~/.postgresql`, with certificates and keys; undefined where no home folder is known. */
  readonly certificates: string | undefined;
  /** `~/.pgpass`; undefined where no home folder is known. */
  readonly passwordFile: string | undefined;
  /**
   * The keywords of a service in the service file (manual, "The Connection Service File").
   * @throws {MigError} `url-invalid` where there is no such service
   */
  readonly service: (name: string, file: string | undefined) => Keywords;
}

/** libpq waits for ever; a migration that waits on a dead host in a deploy is worse than one that fails. */
const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
/** As Linux begins to probe after two hours, and firewalls forget a connection long before. */
const DEFAULT_KEEP_ALIVE_MS = 60_000;

/**
 * Completes the keywords of a URL: what it leaves open is filled from the service, then from the environment, then
 * from libpq's defaults. mig's own are `application_name` (mig) and `connect_timeout` (10 seconds).
 * @throws {MigError} `url-invalid`
 */
export function connectionParameters(written: Keywords, around: Surroundings): ConnectionParameters {
  const keywords = fill(written, around);
  for (const [name, value] of keywords) refuseUnkept(name, value);
  refuseUrlInside(keywords);
  const text = (name: string) => keywords.get(name)?.value || undefined;
  const user = text("user") ?? around.user();
  if (user === undefined) {
    throw new MigError(
      "url-invalid",
      "the database URL names no user, and the system does not tell who you are",
      {
        hint: "write postgres://USER@HOST/DATABASE, or set PGUSER",
      },
    );
  }
  const password = text("password");
  return {
    hosts: readHosts(keywords, around.socketFolder),
    user,
    database: text("dbname") ?? user,
    password: password === undefined ? undefined : new Secret(password),
    passwordFile: text("passfile") ?? around.passwordFile,
    tls: readTlsParameters(keywords, around.certificates),
    applicationName: text("application_name") ?? text("fallback_application_name") ?? "mig",
    options: text("options"),
    connectTimeout: Math.max(0, seconds(keywords, "connect_timeout") ?? DEFAULT_CONNECT_TIMEOUT_MS),
    target: choice(keywords, "target_session_attrs", TARGETS) ?? "any",
    keepAlive: text("keepalives") === "0"
      ? null
      : seconds(keywords, "keepalives_idle") || DEFAULT_KEEP_ALIVE_MS,
  };
}

/** The parameters of the startup message, beside user and database. */
export function startupSettings(parameters: ConnectionParameters): Record<string, string> {
  const settings: Record<string, string> = {
    application_name: parameters.applicationName,
    client_encoding: "UTF8",
  };
  if (parameters.options !== undefined) settings.options = parameters.options;
  // Set with SET ROLE, it would be gone after a file's RESET ROLE (manual, "SET ROLE").
  if (parameters.role !== undefined) settings.role = parameters.role;
  return settings;
}

/** A variable filled into the wrong place, perhaps with a password in it: these parts are shown. */
function refuseUrlInside(keywords: Keywords): void {
  const name = ["host", "dbname", "user"].find((name) => keywords.get(name)?.value.includes("://"));
  if (name === undefined) return;
  throw new MigError("url-invalid", `${name} in ${keywords.get(name)!.from} is itself a URL`, {
    hint: "give each part alone, or one URL for all",
  });
}

function seconds(keywords: Keywords, name: string): number | undefined {
  const written = keywords.get(name);
  if (written === undefined || written.value === "") return undefined;
  if (!/^\s*[+-]?\d{1,9}\s*$/.test(written.value)) {
    throw new MigError("url-invalid", `${name} in ${written.from} is not a whole number of seconds`, {
      hint: `write ${name}=10`,
    });
  }
  return Number(written.value) * 1000;
}

function fill(written: Keywords, around: Surroundings): Keywords {
  const keywords = new Map(written);
  const fromEnvironment = (name: string): Written | undefined => {
    const variable = KEYWORDS[name]!.variable;
    const value = variable === undefined ? undefined : around.env[variable];
    return value ? { value, from: variable! } : undefined;
  };
  const service = (keywords.get("service") ?? fromEnvironment("service"))?.value;
  if (service) {
    const file = (keywords.get("servicefile") ?? fromEnvironment("servicefile"))?.value;
    for (const [name, value] of around.service(service, file)) {
      if (!keywords.has(name)) keywords.set(name, value);
    }
  }
  for (const name of Object.keys(KEYWORDS)) {
    const value = fromEnvironment(name);
    if (value !== undefined && !keywords.has(name)) keywords.set(name, value);
  }
  return keywords;
}
