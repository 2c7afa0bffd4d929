/** Looks up passwords in libpq's password file (manual, "The Password File"). */

import { readFileSync, statSync } from "node:fs";
import process from "node:process";
import type { Host } from "./host.ts";
import type { ConnectionParameters } from "./parameters.ts";
import { Secret } from "./secret.ts";
import { SOCKET_FOLDERS } from "./surroundings.ts";

/**
 * The password for a server: the one that was given, else the first fitting line of the password file.
 *
 * @param warn gets a sentence when the file is there and cannot be used
 */
export function passwordFor(
  parameters: ConnectionParameters,
  host: Host,
  warn: (message: string) => void,
): Secret | undefined {
  const { password, passwordFile, database, user } = parameters;
  if (password !== undefined) return password;
  if (passwordFile === undefined) return undefined;
  const text = readPasswordFile(passwordFile, warn);
  const found = text === undefined ? undefined : findPassword(text, { host, database, user });
  return found === undefined ? undefined : new Secret(found);
}

/** The password of the first line that fits: `hostname:port:database:username:password`, `*` fits everything. */
export function findPassword(
  text: string,
  wanted: { readonly host: Host; readonly database: string; readonly user: string },
): string | undefined {
  const { host, database, user } = wanted;
  for (const raw of text.split("\n")) {
    const line = raw.replace(/\r$/, "");
    if (line.startsWith("#")) continue;
    const fields = LINE.exec(line)?.slice(1);
    if (fields === undefined) continue;
    const fits = (index: number, values: readonly string[]) =>
      fields[index] === "*" || values.includes(unescape(fields[index]!));
    if (fits(0, namesOf(host)) && fits(1, [String(host.port)]) && fits(2, [database]) && fits(3, [user])) {
      return unescape(fields[4]!) || undefined;
    }
  }
  return undefined;
}

/** Five fields; a backslash takes away the meaning of a colon or a backslash after it. */
const LINE = new RegExp(`^${"((?:\\\\[^]|[^:\\\\])*):".repeat(4)}((?:\\\\[^]|[^:\\\\]|\\\\$)*)`);

/** As libpq: a socket in one of the usual folders is localhost, one elsewhere goes by its folder. */
function namesOf(host: Host): readonly string[] {
  if (host.kind === "tcp") return [host.name || host.address!];
  return SOCKET_FOLDERS.includes(host.folder) ? [host.folder, "localhost"] : [host.folder];
}

function unescape(field: string): string {
  return field.replace(/\\([^])/g, "$1");
}

function readPasswordFile(path: string, warn: (message: string) => void): string | undefined {
  let found;
  try {
    found = statSync(path);
  } catch {
    return undefined;
  }
  if (!found.isFile()) return void warn(`the password file ${path} is ignored: it is not a plain file`);
  // Windows keeps it in a folder that only its owner can read, and has no such bits.
  if (process.platform !== "win32" && (found.mode & 0o077) !== 0) {
    return void warn(`the password file ${path} is ignored: others may read it; run chmod 600 ${path}`);
  }
  try {
    return readFileSync(path, "utf8");
  } catch {
    return void warn(`the password file ${path} is ignored: it cannot be read`);
  }
}
