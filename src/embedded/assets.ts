/**
 * Where PGlite's files come from. With Deno they are in PGlite's npm package, and it finds them by itself. The released
 * executable has no packages beside it: its build puts a module in the place of this one that carries the files.
 */

/** PGlite's files, carried by the executable. Each is read when it is asked for. */
export interface EmbeddedAssets {
  /** `dist/pglite.wasm` of the package, compiled: once a run, however many instances there are. */
  wasm(): Promise<WebAssembly.Module>;
  /** `dist/pglite.data`: the files that PostgreSQL is installed with. */
  fsBundle(): Promise<ArrayBuffer>;
  /** What `makeInitialDataDir()` has made at build time: a gzipped tar of a data directory as initdb leaves it. */
  initialDataDir(): Promise<Uint8Array>;
  /**
   * `dist/NAME.tar.gz` of the package, as it is.
   * @param name one of `EXTENSION_ARCHIVES` in extensions.ts
   */
  extension(name: string): Promise<Uint8Array>;
}

/** The carried files; null where PGlite finds its own. */
export function loadAssets(): Promise<EmbeddedAssets | null> {
  return Promise.resolve(null);
}
