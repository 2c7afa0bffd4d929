/** Reads the settings' files, and names them as the user would. */

import { readFileSync } from "node:fs";
import nodePath, { type PlatformPath } from "node:path";
import { MigError } from "../../error.ts";

/**
 * A path as the user would type it in the working folder. Folders are separated by `/` on Windows too, which takes both: what mig
 * shows, tells in JSON and hands to hooks is the same everywhere.
 *
 * @param system the rules for paths
 */
export function pathFrom(
  cwd: string,
  path: string,
  { isAbsolute, relative, sep }: Pick<PlatformPath, "isAbsolute" | "relative" | "sep"> = nodePath,
): string {
  const shorter = relative(cwd, path);
  const shown = shorter === "" ? "." : isAbsolute(shorter) ? path : shorter;
  // Behind `\\?\` Windows takes a path as it stands.
  return sep === "/" || shown.startsWith("\\\\?\\") ? shown : shown.replaceAll(sep, "/");
}

/**
 * The text of a file, without a byte order mark; null where there is no such file.
 *
 * @param path the absolute path
 * @param shown the path for errors
 * @throws {MigError} `config-invalid` when it cannot be read, or is not UTF-8
 */
export function readSettingsText(path: string, shown: string): string | null {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    if (isMissing(cause)) return null;
    throw new MigError("config-invalid", `cannot read ${shown}: ${reasonOf(cause)}`, {
      hint: "check what it is and who may read it",
      locations: [{ path: shown }],
      cause,
    });
  }
  // Windows PowerShell 5 writes UTF-16 unless it is told otherwise.
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  try {
    if (!utf16) return UTF8.decode(bytes);
  } catch {
    // Told below, together with UTF-16.
  }
  throw new MigError("config-invalid", `${shown} is ${utf16 ? "UTF-16" : "not UTF-8"}`, {
    hint: "save it as UTF-8 in your editor",
    locations: [{ path: shown }],
  });
}

/** Whether Deno refused for want of a permission. */
export function isDenied(error: unknown): boolean {
  return error instanceof Error && (error.name === "NotCapable" || error.name === "PermissionDenied");
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });

function isMissing(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === "ENOENT" || code === "ENOTDIR";
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "you have no permission",
  EPERM: "you have no permission",
  EISDIR: "it is a folder",
};

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return REASONS[code ?? ""] ?? message ?? "unknown reason";
}
