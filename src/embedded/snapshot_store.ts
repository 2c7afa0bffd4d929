/** Snapshots as files of a folder that may be emptied at any time: the least recently used ones go when there is no room. */

import { readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import type { SnapshotStore } from "../engine/shadow/scratch.ts";
import { readCache, writeCache } from "./cache.ts";

/**
 * Keeps snapshots in a folder. Several processes may use it: a file is written in one step, and what is in it follows from
 * its name, so it does not matter whose comes last.
 *
 * @param limit bytes that all of them may take
 */
export function snapshotStore(folder: string, limit = LIMIT): SnapshotStore {
  const fileOf = (key: string) => `${key}${SUFFIX}`;
  return {
    keys: () =>
      new Set(
        list(folder).flatMap(({ name }) => name.endsWith(SUFFIX) ? [name.slice(0, -SUFFIX.length)] : []),
      ),
    read(key) {
      const bytes = readCache(folder, fileOf(key), (bytes) => bytes);
      if (bytes !== null) touch(join(folder, fileOf(key)));
      return bytes;
    },
    write(key, snapshot) {
      makeRoom(folder, limit - snapshot.length);
      writeCache(folder, fileOf(key), snapshot);
    },
    remove: (key) => remove(join(folder, fileOf(key))),
  };
}

const SUFFIX = ".snapshot.gz";
const LIMIT = 256 << 20;
/** What a process that was killed has left unfinished. */
const STALE_MS = 60 * 60 * 1000;

interface Kept {
  readonly name: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly used: number;
}

function makeRoom(folder: string, limit: number): void {
  const files = list(folder).sort((a, b) => b.used - a.used);
  let size = 0;
  for (const { name, size: own, used } of files) {
    const unfinished = !name.endsWith(SUFFIX);
    size += own;
    if (unfinished ? Date.now() - used > STALE_MS : size > limit) remove(join(folder, name));
  }
}

/** Other processes may remove what is listed here. */
function list(folder: string): Kept[] {
  try {
    return readdirSync(folder).filter((name) => name.includes(SUFFIX)).flatMap((name) => {
      const found = statSync(join(folder, name), { throwIfNoEntry: false });
      return found === undefined ? [] : [{ name, size: found.size, used: found.mtimeMs }];
    });
  } catch {
    return [];
  }
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // It only goes earlier than it should.
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It stays; whoever reads it finds out again.
  }
}
