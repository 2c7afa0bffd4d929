/**
 * Snapshots of a database in memory: what of its files is other than in a new data directory, which is a tenth of them. Packed
 * as a tar, with a list of those that are gone, and compressed; gzip's checksum tells when it is damaged.
 */

import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { gunzip } from "./gunzip.ts";
import { packTar, type TarEntry, unpackTar } from "./tar.ts";

/** Packs the files of a data directory that began as `initial`. */
export function packSnapshot(files: readonly TarEntry[], initial: readonly TarEntry[]): Uint8Array {
  const before = new Map(initial.map(({ name, content }) => [name, content]));
  const changed = files.filter(({ name, content }) => !isEqual(before.get(name), content));
  for (const { name } of files) before.delete(name);
  const gone = Buffer.from(JSON.stringify([...before.keys()]));
  return gzipSync(packTar([...changed, { name: GONE, content: gone }]), { level: 1 });
}

/**
 * The files of the data directory that was packed.
 * @throws when it is damaged
 */
export function openSnapshot(snapshot: Uint8Array, initial: readonly TarEntry[]): readonly TarEntry[] {
  const files = new Map(initial.map((entry) => [entry.name, entry]));
  for (const entry of unpackTar(gunzip(snapshot))) files.set(entry.name, entry);
  const gone = files.get(GONE)!.content!;
  for (const name of JSON.parse(new TextDecoder().decode(gone)) as string[]) files.delete(name);
  files.delete(GONE);
  // A folder comes before what is in it.
  return [...files.values()].sort((a, b) => a.name < b.name ? -1 : 1);
}

const GONE = "mig-gone.json";

function isEqual(before: Uint8Array | null | undefined, now: Uint8Array | null): boolean {
  if (before === undefined || before === null || now === null) return before === now;
  if (before.length !== now.length) return false;
  // What nobody wrote to is still the same piece of memory.
  const same = before.buffer === now.buffer && before.byteOffset === now.byteOffset;
  return same || Buffer.compare(before, now) === 0;
}
