/** The files of a PGlite in memory. */

import type { TarEntry } from "./tar.ts";

/** The part of Emscripten's file system that is needed here. */
export interface Files {
  readdir(path: string): string[];
  stat(path: string): { readonly mode: number };
  isDir(mode: number): boolean;
  readFile(path: string): Uint8Array;
}

/** The data directory, as entries of an archive. */
export function dataFiles(files: Files): TarEntry[] {
  return [...entriesIn(files, "/pglite/data", "")];
}

function* entriesIn(files: Files, root: string, folder: string): Generator<TarEntry> {
  for (const name of files.readdir(`${root}/${folder}`).sort()) {
    if (name === "." || name === "..") continue;
    const path = folder === "" ? name : `${folder}/${name}`;
    if (files.isDir(files.stat(`${root}/${path}`).mode)) {
      yield { name: path, content: null };
      yield* entriesIn(files, root, path);
    } else {
      yield { name: path, content: files.readFile(`${root}/${path}`) };
    }
  }
}
