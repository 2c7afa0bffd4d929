/** The files of a PGlite in memory: how a data directory is put there, and read. */

import type { PGlite } from "@electric-sql/pglite";
import type { TarEntry } from "./tar.ts";

/** The part of Emscripten's file system that is needed here; its nodes are those of its MEMFS. */
export interface Files {
  mkdirTree(path: string, mode: number): void;
  mknod(path: string, mode: number, device: number): FileNode;
  readdir(path: string): string[];
  lookupPath(path: string, options: { readonly follow: boolean }): { readonly node: FileNode };
  isDir(mode: number): boolean;
}

interface FileNode {
  readonly mode: number;
  /** Of a file; there may be more behind `usedBytes`. Emscripten has them as signed bytes at times. */
  contents: Uint8Array;
  usedBytes: number;
  stream_ops: StreamOperations;
}

interface StreamOperations {
  write(stream: Stream, bytes: Uint8Array, offset: number, length: number, at: number, own?: boolean): number;
  msync(stream: Stream, bytes: Uint8Array, at: number, length: number, flags: number): number;
}

interface Stream {
  readonly node: FileNode;
}

/** The files of an instance. */
export function filesOfInstance({ Module: { FS } }: PGlite): Files {
  // PGlite's types have Emscripten's as they were before it had these.
  return FS as unknown as Files;
}

const DATA = "/pglite/data";
/** S_IFREG, for its owner alone. */
const FILE_MODE = 0o100600, FOLDER_MODE = 0o700;

/** Puts a data directory in. The contents are shared, and only what PostgreSQL writes to is copied. */
export function putData(files: Files, entries: readonly TarEntry[]): void {
  const shared = new Set<FileNode>();
  let copyOnWrite: StreamOperations | null = null;
  const made = new Set<string>();
  const make = (folder: string) => {
    if (made.has(folder)) return;
    files.mkdirTree(folder, FOLDER_MODE);
    made.add(folder);
  };
  make(DATA);
  for (const { name, content } of entries) {
    const path = `${DATA}/${name}`;
    if (content === null) {
      make(path);
      continue;
    }
    make(path.slice(0, path.lastIndexOf("/")));
    const node = files.mknod(path, FILE_MODE, 0);
    copyOnWrite ??= copying(node.stream_ops, shared);
    node.contents = content;
    node.usedBytes = content.length;
    node.stream_ops = copyOnWrite;
    shared.add(node);
  }
}

/** The operations of MEMFS, but that a file which is shared gets contents of its own before they are written to. */
function copying(operations: StreamOperations, shared: Set<FileNode>): StreamOperations {
  return {
    ...operations,
    write(stream, ...rest) {
      const { node } = stream;
      // Not slice(), which gives a view where they are a Buffer.
      if (shared.delete(node)) node.contents = new Uint8Array(node.contents);
      return operations.write(stream, ...rest);
    },
    // MEMFS has its own write() do it.
    msync(stream, bytes, at, length) {
      this.write(stream, bytes, 0, length, at);
      return 0;
    },
  };
}

/** The data directory, as entries of an archive. Contents are views, which hold until PostgreSQL runs again. */
export function dataFiles(files: Files): TarEntry[] {
  return [...entriesIn(files, DATA, "")];
}

function* entriesIn(files: Files, root: string, folder: string): Generator<TarEntry> {
  for (const name of files.readdir(`${root}/${folder}`).sort()) {
    if (name === "." || name === "..") continue;
    const path = folder === "" ? name : `${folder}/${name}`;
    const { node } = files.lookupPath(`${root}/${path}`, { follow: true });
    if (files.isDir(node.mode)) {
      yield { name: path, content: null };
      yield* entriesIn(files, root, path);
    } else {
      const { buffer, byteOffset } = node.contents;
      yield { name: path, content: new Uint8Array(buffer, byteOffset, node.usedBytes) };
    }
  }
}

/** The name of the segment of WAL that an instance writes to. */
export async function currentWalFile(pglite: PGlite): Promise<string> {
  const { rows: [wal] } = await pglite.query<{ name: string }>(
    "select pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()) as name",
  );
  return wal!.name;
}

/**
 * The files without the segments of WAL behind the current one: those have nothing in them yet, and are made where they are missing.
 *
 * @param current as `currentWalFile()` gives it
 */
export function withoutSpareWal(entries: readonly TarEntry[], current: string): TarEntry[] {
  return entries.filter(({ name }) => !/^pg_wal\/[0-9A-F]{24}$/.test(name) || name <= `pg_wal/${current}`);
}
