/** A database URL, from its text to what a connection needs. */

import { MigError } from "../error.ts";
import { isConnectionString, readConnectionString } from "./connection_string.ts";
import { readUri, uriPrefixLength } from "./connection_uri.ts";
import { DEFAULT_PORT, type Host } from "./host.ts";
import { type ConnectionParameters, connectionParameters, type Surroundings } from "./parameters.ts";

/**
 * What a database URL means, as libpq reads it: a connection URI (`postgres://…`) or `keyword=value` pairs. What the
 * text leaves open comes from the service file, the environment and libpq's defaults.
 *
 * @param around where the rest comes from: `systemSurroundings()`, or literals in a test
 * @throws {MigError} `url-invalid`, which never repeats a password
 */
export function parseDatabaseUrl(text: string, around: Surroundings): ConnectionParameters {
  const url = text.trim().toWellFormed();
  if (uriPrefixLength(url) > 0) return connectionParameters(readUri(url), around);
  if (isConnectionString(url)) return connectionParameters(readConnectionString(url), around);
  throw new MigError("url-invalid", "the database URL does not begin with postgres://", {
    hint: hintFor(url),
  });
}

/**
 * The URL for people: never with a password, and without what only machines care for. It can be parsed again, and then
 * names the same place.
 */
export function describe(parameters: ConnectionParameters): string {
  const { hosts, user, database, tls } = parameters;
  const query: string[] = [];
  let place = "";
  if (hosts.some((host) => host.kind === "unix")) {
    query.push(`host=${hosts.map((host) => encode(nameOf(host))).join(",")}`);
    if (hosts.some(({ port }) => port !== DEFAULT_PORT)) {
      query.push(`port=${hosts.map(({ port }) => port).join(",")}`);
    }
  } else {
    place = hosts.map((host) => {
      const name = nameOf(host);
      return (name.includes(":") ? `[${name}]` : encodeURIComponent(name)) + portSuffix(host.port);
    }).join(",");
  }
  const encrypts = hosts.some((host) => host.kind === "tcp");
  if (encrypts && tls.mode !== "prefer") query.push(`sslmode=${tls.mode}`);
  const suffix = query.length === 0 ? "" : `?${query.join("&")}`;
  return `postgres://${encodeURIComponent(user)}@${place}/${encodeURIComponent(database)}${suffix}`;
}

function nameOf(host: Host): string {
  return host.kind === "unix" ? host.folder : host.name || host.address!;
}

function portSuffix(port: number): string {
  return port === DEFAULT_PORT ? "" : `:${port}`;
}

/** Slashes and colons mean themselves in a query, and a folder reads better with them. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll("%2F", "/").replaceAll("%3A", ":");
}

const FORM = "write postgres://USER@HOST:PORT/DATABASE";

/** What to do about a text that is no database URL; says nothing of the text but what is known to be harmless. */
function hintFor(url: string): string | readonly string[] {
  if (url === "") return FORM;
  if (/^["'`]/.test(url)) return "remove the quotes around it: here they are part of the value";
  if (/^psql\s/.test(url)) return "remove the word psql and give only the URL";
  if (/^(?:export\s+)?(?:MIG_)?DATABASE_URL\s*=/.test(url)) return "give only what stands after the =";
  if (/^[A-Z]\w*(?: \w+)?=[^;]*;/.test(url)) {
    return ["write keyword=value pairs with spaces, not semicolons, between", FORM];
  }
  if (/^jdbc:/i.test(url)) {
    return "remove the jdbc: before postgresql://, and give user and password as USER:PASSWORD@";
  }
  if (/^postgres(?:ql)?\+\w+:\/\//i.test(url)) return "remove the + and the driver's name after postgresql";
  if (/^prisma/i.test(url)) return "give the URL of the server itself, which begins with postgres://";
  if (/^postgres(?:ql)?:/i.test(url)) return "write postgres:// in small letters, with both slashes";
  const other = /^(mysql|mariadb|sqlite3?|mongodb|redis|sqlserver|mssql|oracle|https?|file|cockroachdb)\b/i
    .exec(url)?.[1];
  if (other !== undefined) {
    return [`mig works on PostgreSQL, and this is a URL for ${other.toLowerCase()}`, FORM];
  }
  return FORM;
}
