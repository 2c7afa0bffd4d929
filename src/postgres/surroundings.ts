/** What libpq looks for on the machine: the user, local servers, and the files in the home folder. */

import { existsSync, readFileSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { Surroundings } from "./parameters.ts";
import { readService, serviceMissing } from "./service_file.ts";

/** Where servers keep their sockets: Debian's, Red Hat's and Alpine's folder, and PostgreSQL's own default. */
export const SOCKET_FOLDERS = ["/var/run/postgresql", "/run/postgresql", "/tmp"];

/** The surroundings of this process. Nothing is looked up before it is needed. */
export function systemSurroundings(env: Readonly<Record<string, string | undefined>>): Surroundings {
  const windows = process.platform === "win32";
  const home = windows ? env.APPDATA && join(env.APPDATA, "postgresql") : env.HOME || orUndefined(homedir);
  const inHome = (name: string) => home ? join(home, name) : undefined;
  return {
    env,
    user: () => systemUser(env),
    socketFolder: (port) =>
      windows ? undefined : SOCKET_FOLDERS.find((folder) => existsSync(`${folder}/.s.PGSQL.${port}`)),
    certificates: windows ? home || undefined : inHome(".postgresql"),
    passwordFile: inHome(windows ? "pgpass.conf" : ".pgpass"),
    service: (name, file) => {
      const wide = env.PGSYSCONFDIR ? join(env.PGSYSCONFDIR, "pg_service.conf") : undefined;
      const files = [];
      for (const path of [file ?? inHome(".pg_service.conf"), wide]) {
        const text = path === undefined ? undefined : orUndefined(() => readFileSync(path, "utf8"));
        if (path === undefined || text === undefined) continue;
        const keywords = readService(text, path, name);
        if (keywords !== undefined) return keywords;
        files.push({ path, text });
      }
      throw serviceMissing(name, files);
    },
  };
}

function systemUser(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const name = orUndefined(() => userInfo().username);
  // Bun asks the environment alone, and says "unknown" where that is silent, as in a container.
  if (name !== undefined && name !== "" && name !== "unknown") return name;
  const listed = orUndefined(() => {
    const uid = process.geteuid?.();
    const passwd = readFileSync("/etc/passwd", "utf8");
    return passwd.split("\n").map((line) => line.split(":")).find((fields) => fields[2] === String(uid))?.[0];
  });
  return listed || env.USER || env.LOGNAME || env.USERNAME || undefined;
}

/** What cannot be read, or may not be under Deno's permissions, is treated as if it were not there. */
function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
