/** Reads from disk, and says what a person can do where that fails. */

import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
  writeFileSync,
} from "node:fs";
import type { Dirent } from "node:fs";
import { dirname, sep } from "node:path";
import { MigError } from "../error.ts";

/** More than this no meta.json has; 64 KiB, in bytes. */
const LARGEST_METADATA = 64 * 1024;
const buffer = new Uint8Array(LARGEST_METADATA + 1);
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The text of a small file.
 * @throws {MigError} `file-failed`, or `metadata-invalid` when it is larger than 64 KiB or not UTF-8
 */
export function readSmallText(path: string): string {
  const length = attempt("read", path, () => fill(openSync(path, "r")));
  return textOf(length, path);
}

/**
 * The same for a file that is most likely there and no link: null where it is a link, a folder or a pipe, or cannot be read, which
 * whoever looks closer can tell apart.
 * @throws {MigError} `metadata-invalid` when it is larger than 64 KiB or not UTF-8
 */
export function readPlainText(path: string): string | null {
  const length = fillPlainly(path);
  return length === null ? null : textOf(length, path);
}

/** Reads the beginning of an open file into the buffer, closes it, and gives how many bytes that were. */
function fill(file: number): number {
  try {
    return readSync(file, buffer, 0, buffer.length, 0);
  } finally {
    closeSync(file);
  }
}

function fillPlainly(path: string): number | null {
  if (PLAINLY === null) return null;
  try {
    return fill(openSync(path, PLAINLY));
  } catch {
    return null;
  }
}

/** Neither follows a link nor waits for who writes into a pipe; null where the system cannot tell links (Windows). */
const PLAINLY = constants.O_NOFOLLOW === undefined
  ? null
  : constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

function textOf(length: number, path: string): string {
  const invalid = (message: string, hint: string) =>
    new MigError("metadata-invalid", message, { hint, locations: [{ path }] });
  if (length > LARGEST_METADATA) {
    throw invalid(
      "meta.json is larger than 64 KiB",
      "it holds an id, a parent and a message; SQL belongs into up.sql",
    );
  }
  try {
    return utf8.decode(buffer.subarray(0, length));
  } catch {
    throw invalid("meta.json is not UTF-8", "save it as UTF-8 in your editor");
  }
}

/**
 * The bytes of a file. They are valid until the next call: most files are small, and a buffer of its own for each of
 * thousands would take many times their size.
 * @param most of how many bytes: of a file that has more, the size is given instead
 * @throws {MigError} `file-failed`
 */
export function readBytes(path: string, most: number): Uint8Array | number {
  return attempt("read", path, () => all(fill(openSync(path, "r")), path, most));
}

/** The same for a file that is most likely there and no link; null where it is a link, empty, or cannot be read. */
export function readPlainBytes(path: string, most: number): Uint8Array | number | null {
  const length = fillPlainly(path);
  return length ? attempt("read", path, () => all(length, path, most)) : null;
}

function all(length: number, path: string, most: number): Uint8Array | number {
  if (length < buffer.length) return buffer.subarray(0, length);
  const { size } = statSync(path);
  return size > most ? size : readFileSync(path);
}

/**
 * Whether a file is there. A link must lead to one inside; a pipe or a folder would hang the reading, or fail it later.
 * @param roots the real paths of the migration folders
 * @throws {MigError} `file-failed`
 */
export function isRegularFile(path: string, roots: readonly string[]): boolean {
  const found = attempt("read", path, () => lstatSync(path, { throwIfNoEntry: false }));
  if (found === undefined || found.isFile()) return found !== undefined;
  if (found.isSymbolicLink()) {
    refuseEscape(path, roots);
    if (linkTarget(path) === "file") return true;
  }
  throw new MigError("file-failed", `"${path}" is not a file`, {
    locations: [{ path }],
    hint: "put a text file in its place",
  });
}

/** How much is read at once; 256 KiB, in bytes. */
const PIECE = 256 * 1024;

/**
 * The bytes of a file, piece by piece; each is valid until the next is asked for.
 * @throws {MigError} `file-failed`
 */
export function* readPieces(path: string): Generator<Uint8Array> {
  const piece = new Uint8Array(PIECE);
  const file = attempt("read", path, () => openSync(path, "r"));
  try {
    for (let length; (length = attempt("read", path, () => readSync(file, piece))) > 0;) {
      yield piece.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}

/**
 * What a folder holds.
 * @throws {MigError} `file-failed`
 */
export function list(path: string): Dirent[] {
  return attempt("read", path, () => readdirSync(path, { withFileTypes: true }));
}

/** Whether a link leads to a folder, to a file, or to nothing that is there; other things count as files. */
export function linkTarget(path: string): "folder" | "file" | "nothing" {
  try {
    return statSync(path).isDirectory() ? "folder" : "file";
  } catch {
    return "nothing";
  }
}

/**
 * Refuses a link that leads out of the migration folders: a file of a project that somebody else wrote could otherwise
 * show, or send to a database, whatever the user can read. Links inside are as Kubernetes mounts a ConfigMap.
 * @param roots the real paths of the migration folders
 * @param what those folders are to the user
 * @throws {MigError} `file-failed`
 */
export function refuseEscape(path: string, roots: readonly string[], what = "migrations folder"): void {
  const real = attempt("read", path, () => realpathSync.native(path));
  if (roots.some((root) => real.startsWith(root.endsWith(sep) ? root : root + sep))) return;
  throw new MigError("file-failed", `the link "${path}" leads out of the ${what}, to "${real}"`, {
    locations: [{ path }],
    hint: `copy what it leads to into the ${what}, in place of the link`,
  });
}

/**
 * Writes a text file, over what is there.
 * @throws {MigError} `file-failed`
 */
export function writeFile(path: string, text: string): void {
  if (linkTarget(dirname(path)) !== "folder") {
    throw new MigError("file-failed", `cannot write "${path}": its folder is not there`, {
      hint: `make the folder first: mkdir -p ${dirname(path)}`,
      locations: [{ path }],
    });
  }
  attempt("write", path, () => writeFileSync(path, text));
}

/**
 * Does something with a file, and turns the system's error into one that names the file.
 * @param verb what is being done, as in "cannot read"
 * @throws {MigError} `file-failed`
 */
export function attempt<T>(verb: string, path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw fileFailed(verb, path, cause);
  }
}

function fileFailed(verb: string, path: string, cause: unknown): MigError {
  const code = (cause as { code?: string }).code ?? "";
  const [reason, hint] = REASONS[code] ?? [cause instanceof Error ? cause.message : String(cause)];
  return new MigError("file-failed", `cannot ${verb} "${path}": ${reason}`, {
    hint,
    locations: [{ path }],
    cause,
  });
}

const REASONS: Readonly<Record<string, readonly [string, string?]>> = {
  ENOENT: ["it is not there", "restore it from git"],
  EACCES: ["permission denied", "let the user who runs mig read and write it"],
  EPERM: ["permission denied", "let the user who runs mig read and write it"],
  EISDIR: ["it is a folder"],
  ENOTDIR: ["a part of the path is not a folder"],
  ENOSPC: ["the disk is full"],
  EROFS: ["the file system is read-only"],
  ELOOP: ["its links lead in a circle"],
  EMFILE: ["too many files are open", "raise the limit: `ulimit -n 4096`"],
  EEXIST: ["it is there already"],
};
