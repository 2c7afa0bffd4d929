/** The servers that a URL names: several hosts, each with its port, by libpq's rules. */

import { MigError } from "../error.ts";
import type { Keywords } from "./keywords.ts";

/** A server to try. */
export type Host =
  | {
    readonly kind: "tcp";
    /** The name to look up and to find in the server's certificate; empty where only an address was given. */
    readonly name: string;
    /** The numeric address to connect to in place of looking up the name (`hostaddr`). */
    readonly address?: string;
    readonly port: number;
  }
  | {
    readonly kind: "unix";
    /** The folder of the socket. */
    readonly folder: string;
    readonly port: number;
    /** The socket itself. */
    readonly path: string;
  };

/** The port of a PostgreSQL server that nobody configured. */
export const DEFAULT_PORT = 5432;

/**
 * The servers of `host`, `hostaddr` and `port`. Without a host it is the socket of a server that runs here, and where
 * there is none, localhost.
 * @throws {MigError} `url-invalid`
 */
export function readHosts(keywords: Keywords, socketFolder: (port: number) => string | undefined): Host[] {
  const names = list(keywords, "host");
  const addresses = list(keywords, "hostaddr");
  const ports = list(keywords, "port").map((port) => readPort(port, keywords.get("port")!.from));
  const count = Math.max(names.length, addresses.length, 1);
  if (names.length > 0 && addresses.length > 0 && names.length !== addresses.length) {
    throw unequal("addresses (hostaddr)", addresses.length, names.length);
  }
  if (ports.length > 1 && ports.length !== count) throw unequal("ports", ports.length, count);
  return Array.from({ length: count }, (_, i) => {
    const port = ports[ports.length > 1 ? i : 0] ?? DEFAULT_PORT;
    return readHost(names[i] ?? "", addresses[i] ?? "", port, socketFolder);
  });
}

/** The server for people: `db.example:5432`, or the path of its socket. */
export function nameOfHost(host: Host): string {
  if (host.kind === "unix") return host.path;
  const name = host.name || host.address!;
  return `${name.includes(":") ? `[${name}]` : name}:${host.port}`;
}

function readHost(
  name: string,
  address: string,
  port: number,
  socketFolder: (port: number) => string | undefined,
): Host {
  if (address !== "") {
    if (!/^[\da-f.:]+(%\w+)?$/i.test(address)) {
      throw new MigError("url-invalid", "hostaddr is not a numeric address", {
        hint: "give a name as host, and to hostaddr an address such as 10.0.0.5",
      });
    }
    return { kind: "tcp", name: isFolder(name) ? "" : name, address, port };
  }
  const folder = name === "" ? socketFolder(port) : isFolder(name) ? name : undefined;
  if (folder === undefined) return { kind: "tcp", name: readName(name || "localhost"), port };
  if (/\.s\.PGSQL\.\d+$/.test(folder)) {
    throw new MigError(
      "url-invalid",
      "the host in the database URL is a socket, where libpq wants its folder",
      {
        hint: "leave out the last part, /.s.PGSQL.5432, and give its number as port",
      },
    );
  }
  return { kind: "unix", folder, port, path: `${folder.replace(/(?<=.)\/+$/, "")}/.s.PGSQL.${port}` };
}

/** As libpq: what begins like a path is the folder of a socket. */
function isFolder(name: string): boolean {
  return name.startsWith("/") || /^[A-Za-z]:[\\/]/.test(name);
}

function readName(name: string): string {
  if (name.startsWith("@")) {
    throw new MigError(
      "url-invalid",
      "the host in the database URL is an abstract socket, which mig does not support",
      {
        hint: "let the server listen on a socket in a folder, or on localhost",
      },
    );
  }
  if (/[\s@/\\?#=&\p{Cc}]/u.test(name)) {
    throw new MigError("url-invalid", "the host in the database URL has a character that no host name has", {
      hint: "percent-encode what is special in the user and the password, e.g. @ as %40",
    });
  }
  return name;
}

function readPort(text: string, from: string): number {
  if (text === "") return DEFAULT_PORT;
  const port = /^\s*\d{1,5}\s*$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65535) return port;
  // The text is not repeated: with a slash in it, a password ends up here.
  throw new MigError("url-invalid", `the port in ${from} is not a number from 1 to 65535`, {
    hint: [
      "write it after the host, as in postgres://USER@HOST:5432/DATABASE",
      "if the password has one of / @ : % #, percent-encode it, e.g. / as %2F",
    ],
  });
}

function list(keywords: Keywords, name: string): string[] {
  const value = keywords.get(name)?.value;
  return value ? value.split(",").map((item) => item.trim()) : [];
}

function unequal(what: string, count: number, hosts: number): MigError {
  return new MigError(
    "url-invalid",
    `the database URL has ${count} ${what} for ${hosts === 1 ? "1 host" : `${hosts} hosts`}`,
    {
      hint: `give one for each host, separated by commas`,
    },
  );
}
