/**
 * The folder of an embedded database:
 *
 *     lock, holder.json   see lock.ts
 *     pglite.json         which PGlite has made it
 *     data/               PostgreSQL's data directory
 *     data.new/           one that is being made; it becomes data/ in one step, when it is whole
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { MigError } from "../error.ts";
import { fileFailed } from "./file_failure.ts";
import { HOLDER_FILE, LOCK_FILE } from "./lock.ts";
import type { TarEntry } from "./tar.ts";
import { canOpen, formatMarker, parseMarker, PGLITE_VERSION } from "./version.ts";

/**
 * Makes the folder where it is missing.
 *
 * @throws {MigError} `embedded-failed` for a folder in which there is something else, `file-failed`
 */
export function claimFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    const foreign = readdirSync(folder).filter((name) => !OURS.has(name) && !name.startsWith("."));
    if (foreign.length > 0) throw notOurs(folder, foreign);
  } catch (error) {
    if (error instanceof MigError) throw error;
    throw fileFailed(`cannot use the folder "${folder}" for the embedded database`, error);
  }
}

/**
 * Makes the data directory where it is missing, and checks that this mig can open it. Needs the folder's lock.
 *
 * @param initialData gives the files of a new data directory
 * @returns the path of the data directory
 * @throws {MigError} `embedded-version`, `embedded-failed` for a damaged one, `file-failed`
 */
export async function prepareData(
  folder: string,
  initialData: () => Promise<readonly TarEntry[]>,
): Promise<string> {
  const data = join(folder, DATA);
  if (existsSync(data)) {
    checkData(folder, data);
    return data;
  }
  const files = await initialData();
  const unfinished = join(folder, NEW_DATA);
  try {
    rmSync(unfinished, { recursive: true, force: true });
    writeInto(unfinished, files);
    // Before data/ is there the marker says nothing, so this order needs no second step.
    writeFileSync(join(folder, MARKER), formatMarker());
    renameSync(unfinished, data);
  } catch (error) {
    throw fileFailed(`cannot make the embedded database in "${folder}"`, error);
  }
  return data;
}

/** Writes files into a folder that does not exist yet. */
function writeInto(folder: string, files: readonly TarEntry[]): void {
  // PostgreSQL refuses a data directory that others can write to.
  const made = new Set([folder]);
  mkdirSync(folder, { mode: 0o700 });
  const make = (path: string) => {
    if (made.has(path)) return;
    mkdirSync(path, { recursive: true, mode: 0o700 });
    made.add(path);
  };
  for (const { name, content } of files) {
    const path = join(folder, name);
    if (content === null) {
      make(path);
      continue;
    }
    make(dirname(path));
    writeFileSync(path, content, { mode: 0o600 });
  }
}

const DATA = "data", NEW_DATA = "data.new", MARKER = "pglite.json";
const OURS: ReadonlySet<string> = new Set([
  DATA,
  NEW_DATA,
  MARKER,
  LOCK_FILE,
  `${LOCK_FILE}-journal`,
  HOLDER_FILE,
  `${HOLDER_FILE}.new`,
]);

function checkData(folder: string, data: string): void {
  const marker = readOrNull(join(folder, MARKER));
  const found = marker === null ? null : parseMarker(marker);
  if (found === null) throw damaged(folder, `its ${MARKER} is missing or damaged`);
  if (!canOpen(found)) throw wrongVersion(folder, found.pglite);
  const version = readOrNull(join(data, "PG_VERSION"));
  if (version === null || !/^\d+\s*$/.test(version)) {
    throw damaged(folder, "its PG_VERSION is missing or damaged");
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return null;
    throw fileFailed(`cannot read "${path}"`, error);
  }
}

/** The error for a data directory that PostgreSQL does not start from. */
export function damaged(folder: string, why: string, cause?: unknown): MigError {
  return new MigError("embedded-failed", `cannot open the embedded database in "${folder}": ${why}`, {
    hint: [
      `if you can do without its data, delete the folder "${folder}" and run \`mig up\` again`,
      "or put back a copy of the folder",
    ],
    cause,
  });
}

function wrongVersion(folder: string, made: string): MigError {
  return new MigError(
    "embedded-version",
    `the embedded database in "${folder}" was made by PGlite ${made}, which PGlite ${PGLITE_VERSION} of this mig cannot open`,
    {
      hint: [
        `if you can do without its data, delete the folder "${folder}" and run \`mig up\` again`,
        `or use the mig that made it to carry the data over to a server`,
      ],
      data: { made, needed: PGLITE_VERSION },
    },
  );
}

function notOurs(folder: string, names: readonly string[]): MigError {
  const some = names.slice(0, 3).map((name) => `"${name}"`).join(", ");
  const more = names.length > 3 ? " …" : "";
  const raw = names.includes("PG_VERSION");
  return new MigError(
    "embedded-failed",
    raw
      ? `"${folder}" is a data directory of PostgreSQL that mig did not make`
      : `"${folder}" is not a folder of mig's embedded database: it has ${some}${more}`,
    { hint: "name a folder that is empty or does not exist yet: --database pglite:PATH" },
  );
}
