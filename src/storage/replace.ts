/** Writes a file whole or not at all. */

import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { MigError } from "../error.ts";
import { attempt } from "./files.ts";

/**
 * Writes a text beside a file, then puts it in its place: a crash leaves the file as it was, and who reads it meanwhile
 * sees the old text or the new. Folders that are missing are made. A link stays, and what it leads to is replaced; the permissions stay
 * too. What is no file, such as a device, is written to.
 * @param expected what it holds now, as far as the caller knows; undefined where that does not matter
 * @throws {MigError} `file-failed`, also where the file holds something else
 */
export function replaceFile(path: string, text: string, expected?: string): void {
  if (expected !== undefined && attempt("read", path, () => readFileSync(path, "utf8")) !== expected) {
    throw new MigError("file-failed", `"${path}" was changed while mig ran; it stays as it is`, {
      locations: [{ path }],
      hint: "run the command again",
    });
  }
  attempt("write", path, () => {
    const before = statSync(path, { throwIfNoEntry: false });
    // A device, a terminal or a pipe is written to. In its place a file would be no use, and /dev/null is everybody's.
    if (before !== undefined && !before.isFile() && !before.isDirectory()) return writeFileSync(path, text);
    if (before === undefined) mkdirSync(dirname(path), { recursive: true });
    const goal = before === undefined ? path : realpathSync.native(path);
    const draft = `${goal}.${randomBytes(4).toString("hex")}.tmp`;
    try {
      writeThrough(draft, text);
      if (before !== undefined) chmodSync(draft, before.mode);
      renameSync(draft, goal);
    } finally {
      rmSync(draft, { force: true });
    }
  });
}

/**
 * The same where the file may hold the text already: then it is left alone, with its time.
 * @param beginning how what may be overwritten begins: a file of somebody's own is left alone
 * @returns whether it was written
 * @throws {MigError} `file-failed`, `already-exists`
 */
export function saveText(path: string, text: string, beginning = ""): boolean {
  const before = attempt(
    "read",
    path,
    () => statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, "utf8") : undefined,
  );
  if (before === text) return false;
  if (before !== undefined && before.trim() !== "" && !before.startsWith(beginning)) {
    throw new MigError("already-exists", `"${path}" is a file that mig did not write; it stays as it is`, {
      locations: [{ path }],
      hint: "name another file, or move this one away first",
    });
  }
  replaceFile(path, text);
  return true;
}

/** On the disk before its name changes; else a power failure could leave an empty file. */
function writeThrough(path: string, text: string): void {
  const file = openSync(path, "wx");
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
