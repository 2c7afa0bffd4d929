/** Files that are kept for this user, in a folder that may be emptied at any time. Doing without it only takes longer. */

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

/**
 * Where mig keeps such files: `$XDG_CACHE_HOME/mig` or `~/.cache/mig`, on macOS `~/Library/Caches/mig`, on Windows
 * `%LOCALAPPDATA%\mig`. Null where the environment does not tell.
 */
export function userCacheDir(
  platform: string,
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  const below = (folder: string | undefined, ...parts: string[]) =>
    folder === undefined || folder === "" ? null : join(folder, ...parts, "mig");
  switch (platform) {
    case "win32":
      return below(env.LOCALAPPDATA) ?? below(env.USERPROFILE, "AppData", "Local");
    case "darwin":
      return below(env.XDG_CACHE_HOME) ?? below(env.HOME, "Library", "Caches");
    default:
      return below(env.XDG_CACHE_HOME) ?? below(env.HOME, ".cache");
  }
}

/**
 * Reads a file of the cache.
 *
 * @param open gives the content; throws for bytes that are damaged (gzip has a checksum of its own)
 * @returns null where there is none, or it cannot be read or opened
 */
export function readCache<T>(folder: string | null, name: string, open: (bytes: Uint8Array) => T): T | null {
  if (folder === null) return null;
  try {
    return open(readFileSync(join(folder, name)));
  } catch {
    return null;
  }
}

/** Writes a file of the cache in one step, so that nobody reads half of it; or leaves it, where that cannot be. */
export function writeCache(folder: string | null, name: string, bytes: Uint8Array): void {
  if (folder === null) return;
  const unfinished = join(folder, `${name}.${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(unfinished, bytes);
    renameSync(unfinished, join(folder, name));
  } catch {
    try {
      rmSync(unfinished, { force: true });
    } catch {
      // What cannot be written cannot be removed either.
    }
  }
}
