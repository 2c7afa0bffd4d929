/** Reads the text that names a database. */

import { MigError } from "../error.ts";
import type { DatabaseChoice } from "./open_database.ts";

/** What an embedded database's name begins with. */
export const EMBEDDED = "pglite:";
/** Stands for one in memory. */
export const MEMORY = ":memory:";

/**
 * The database that a text names: `postgres://…` or `keyword=value` pairs as libpq reads them, `pglite:PATH`, or
 * `pglite::memory:`.
 *
 * @param env where libpq's variables are
 * @throws {MigError} `url-invalid`, which never repeats a password
 */
export async function chooseDatabase(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<DatabaseChoice> {
  const url = text.trim();
  if (url.startsWith(EMBEDDED)) return { kind: "embedded", path: embeddedPath(url) };
  const [{ parseDatabaseUrl }, { systemSurroundings }] = await Promise.all([
    import("../postgres/url.ts"),
    import("../postgres/surroundings.ts"),
  ]);
  return { kind: "server", parameters: parseDatabaseUrl(url, systemSurroundings(env)) };
}

/**
 * The folder in `pglite:PATH`; null for `pglite::memory:`.
 *
 * @throws {MigError} `url-invalid` where there is none
 */
export function embeddedPath(url: string): string | null {
  const path = url.slice(EMBEDDED.length);
  if (path === MEMORY) return null;
  if (path !== "") return path;
  throw new MigError("url-invalid", `the embedded database "pglite:" has no path`, {
    hint: [
      "write pglite:PATH, e.g. pglite:.mig/pglite",
      "write pglite::memory: for a database that is not kept",
    ],
  });
}
