/**
 * A data directory as initdb leaves it. Making one takes seconds, copying one a moment: so it is made once, when the
 * executable is built or when Deno first needs it, and kept as an archive.
 */

import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import type { EmbeddedAssets } from "./assets.ts";
import { readCache, writeCache } from "./cache.ts";
import { currentWalFile, dataFiles, filesOfInstance, withoutSpareWal } from "./data_files.ts";
import { gunzip } from "./gunzip.ts";
import { packTar, type TarEntry, unpackTar } from "./tar.ts";
import { PGLITE_VERSION } from "./version.ts";

/** Makes a data directory with PGlite's own files. Gives a gzipped tar of it, 1.3 MB. */
export async function makeInitialDataDir(): Promise<Uint8Array> {
  const { PGlite } = await import("@electric-sql/pglite");
  // A segment of WAL is 16 MB by default, more than all the rest together.
  const instance = await PGlite.create({ initDbStartParams: ["--wal-segsize=1"] });
  const files = filesOfInstance(instance);
  // What closing writes has to fit into the segment that is looked up here.
  await instance.exec("select pg_catalog.pg_switch_wal(); checkpoint");
  const current = await currentWalFile(instance);
  // Closing shuts PostgreSQL down, so that the copies need no crash recovery; the files in memory stay readable.
  await instance.close();
  const needed = withoutSpareWal(dataFiles(files), current);
  return gzipSync(packTar(needed, linksOf(needed)));
}

/** The three databases of a new data directory are copies of each other: files that have the same content are linked. */
function linksOf(entries: readonly TarEntry[]): ReadonlyMap<string, string> {
  const links = new Map<string, string>();
  const seen = new Map<number, TarEntry[]>();
  for (const entry of entries) {
    const { name, content } = entry;
    if (content === null || content.length === 0) continue;
    const alike = seen.get(content.length) ?? [];
    const same = alike.find((other) => Buffer.compare(other.content!, content) === 0);
    if (same === undefined) seen.set(content.length, [...alike, entry]);
    else links.set(name, same.name);
  }
  return links;
}

/**
 * The files of a new data directory.
 *
 * @param assets the executable's files, of which it is one; null to make it, or take it from the cache
 * @param cacheDir where it is kept for the next time; null for nowhere
 */
export async function initialDataDir(
  assets: EmbeddedAssets | null,
  cacheDir: string | null,
): Promise<readonly TarEntry[]> {
  const open = (archive: Uint8Array) => unpackTar(gunzip(archive));
  if (assets !== null) return open(await assets.initialDataDir());
  const cached = readCache(cacheDir, CACHE_NAME, open);
  if (cached !== null) return cached;
  const made = await makeInitialDataDir();
  writeCache(cacheDir, CACHE_NAME, made);
  return open(made);
}

/** The number stands for how `makeInitialDataDir()` makes it. */
const CACHE_NAME = `pglite-${PGLITE_VERSION}-2.tar.gz`;
