/**
 * A data directory as initdb leaves it. Making one takes seconds, copying one a moment: so it is made once, when the
 * executable is built or when Deno first needs it, and kept as an archive.
 */

import { gunzipSync, gzipSync } from "node:zlib";
import type { EmbeddedAssets } from "./assets.ts";
import { readCache, writeCache } from "./cache.ts";
import { dataFiles } from "./data_files.ts";
import { packTar } from "./tar.ts";
import { PGLITE_VERSION } from "./version.ts";

/** Makes a data directory with PGlite's own files. Gives a gzipped tar of it, 4.5 MB. */
export async function makeInitialDataDir(): Promise<Uint8Array> {
  const { PGlite } = await import("@electric-sql/pglite");
  // A segment of WAL is 16 MB by default, more than all the rest together.
  const instance = await PGlite.create({ initDbStartParams: ["--wal-segsize=1"] });
  const files = instance.Module.FS;
  // Closing shuts PostgreSQL down, so that the copies need no crash recovery; the files in memory stay readable.
  await instance.close();
  return gzipSync(packTar(dataFiles(files)));
}

/**
 * The tar of a new data directory.
 *
 * @param assets the executable's files, of which it is one; null to make it, or take it from the cache
 * @param cacheDir where it is kept for the next time; null for nowhere
 */
export async function initialDataDir(
  assets: EmbeddedAssets | null,
  cacheDir: string | null,
): Promise<Uint8Array> {
  if (assets !== null) return gunzipSync(await assets.initialDataDir());
  const cached = readCache(cacheDir, CACHE_NAME, gunzipSync);
  if (cached !== null) return cached;
  const made = await makeInitialDataDir();
  writeCache(cacheDir, CACHE_NAME, made);
  return gunzipSync(made);
}

/** The number stands for how `makeInitialDataDir()` makes it. */
const CACHE_NAME = `pglite-${PGLITE_VERSION}-1.tar.gz`;
