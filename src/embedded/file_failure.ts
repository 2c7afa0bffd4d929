/** What the file system refused, as an error that says what to do. */

import { MigError } from "../error.ts";

/**
 * The error for a file or folder of the embedded database that cannot be read or written.
 * @param what what cannot be done: `cannot write to "…"`
 */
export function fileFailed(what: string, cause: unknown): MigError {
  const { code, message } = cause as { code?: string; message?: string };
  const hint = HINTS[code ?? ""];
  return new MigError("file-failed", `${what}: ${REASONS[code ?? ""] ?? message}`, {
    hint: [...(hint === undefined ? [] : [hint]), "or name another folder: --database pglite:PATH"],
    cause,
  });
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left on the disk",
  ENOTDIR: "a part of the path is not a folder",
  EEXIST: "a file is in the way",
};

const HINTS: Readonly<Record<string, string>> = {
  EACCES: "give this user the right to write there",
  EPERM: "give this user the right to write there",
  ENOSPC: "an embedded database takes about 30 MB to begin with",
};
