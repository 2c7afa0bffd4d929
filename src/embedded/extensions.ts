/**
 * The extensions of PostgreSQL's contrib that PGlite has. Each is an archive that is put into the instance when SQL names
 * it: putting all in at the start would take longer than opening the database does.
 */

import { readFile } from "node:fs/promises";
import { gunzip } from "./gunzip.ts";
import { unpackTar } from "./tar.ts";

/** The archives of PGlite's package, by the names of their files without `.tar.gz`. */
export const EXTENSION_ARCHIVES: readonly string[] = [
  ...[
    "amcheck",
    "auto_explain",
    "bloom",
    "btree_gin",
    "btree_gist",
    "citext",
    "cube",
    "dict_int",
    "dict_xsyn",
  ],
  ...[
    "earthdistance",
    "file_fdw",
    "fuzzystrmatch",
    "hstore",
    "intarray",
    "isn",
    "lo",
    "ltree",
    "pageinspect",
  ],
  ...["pg_buffercache", "pg_freespacemap", "pg_stat_statements", "pg_surgery", "pg_trgm", "pg_visibility"],
  ...["pg_walinspect", "pgcrypto", "seg", "spi", "tablefunc", "tcn", "tsm_system_rows", "tsm_system_time"],
  ...["unaccent", "uuid-ossp"],
];

/**
 * The archives that SQL could need: those of the extensions that it names, when it speaks of extensions at all. A name too
 * many costs a few milliseconds, and says nothing to PostgreSQL.
 */
export function archivesNamedIn(sql: string): string[] {
  if (!/extension|\bload\b/i.test(sql)) return [];
  return archivesOf(EXTENSIONS.filter((name) => new RegExp(`(?<![\\w-])${name}(?![\\w-])`, "i").test(sql)));
}

/** The archives which extensions come in, with those that they require. */
export function archivesOf(extensions: readonly string[]): string[] {
  const names = extensions.map((extension) => IN_SPI.includes(extension) ? "spi" : extension);
  if (names.includes("earthdistance")) names.push("cube");
  return [...new Set(names)].filter((name) => EXTENSION_ARCHIVES.includes(name));
}

/** What an archive puts into the instance: absolute paths there, and contents. */
export function filesOf(archive: Uint8Array): { readonly path: string; readonly content: Uint8Array }[] {
  return unpackTar(gunzip(archive))
    .filter(({ name }) => /^(?:lib|share\/postgresql\/(?:extension|tsearch_data))\//.test(name))
    .flatMap(({ name, content }) => content === null ? [] : [{ path: `/pglite/${name}`, content }]);
}

/** Reads an archive from PGlite's npm package. */
export async function archiveOfPackage(name: string): Promise<Uint8Array> {
  const module = name === "spi" ? "moddatetime" : name.replaceAll("-", "_");
  // Whether bundlers can follow it does not matter: without the package beside it, mig carries the archives as assets.
  const specifier = `@electric-sql/pglite/contrib/${module}`;
  const found = (await import(specifier))[module] as { setup(): Promise<{ bundlePath: URL }> };
  return await readFile((await found.setup()).bundlePath);
}

/** What one says who asks for an extension that is not among them. */
export const UNAVAILABLE_HINT =
  "the embedded database has only extensions of PostgreSQL's own contrib; for others name a server: --database postgres://…";

const IN_SPI: readonly string[] = ["autoinc", "insert_username", "moddatetime", "refint"];
const EXTENSIONS: readonly string[] = [...EXTENSION_ARCHIVES.filter((name) => name !== "spi"), ...IN_SPI];
