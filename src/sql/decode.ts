/** Bytes of a SQL file as text. */

import { MigError } from "../error.ts";
import { locate } from "./source.ts";

/**
 * Decodes a SQL file: UTF-8, with or without a byte order mark.
 *
 * @param path the file, for errors
 * @throws {MigError} `sql-unreadable` for another encoding or a NUL character, with its line and column
 */
export function decodeSql(bytes: Uint8Array, path: string): string {
  const other = otherEncoding(bytes);
  if (other !== null) {
    throw new MigError("sql-unreadable", `${path} is encoded in ${other}`, {
      locations: [{ path }],
      hint: "save it as UTF-8; in PowerShell: … | Out-File -Encoding utf8 up.sql",
    });
  }
  const text = decode(bytes) ?? refuseBytes(bytes, path);
  const nul = text.indexOf("\0");
  if (nul < 0) return text;
  throw new MigError("sql-unreadable", "there is a NUL character, which PostgreSQL does not store", {
    locations: [locate(text, nul, path)],
    hint: "delete it",
  });
}

/** UTF-16 and UTF-32 begin with a byte order mark where Windows writes them. */
function otherEncoding([a, b, c, d]: Uint8Array): string | null {
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? "UTF-32" : "UTF-16";
  return a === 0xfe && b === 0xff ? "UTF-16" : null;
}

/** The text without its byte order mark, or null for what is not UTF-8. */
function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Finds the first bytes that are not UTF-8: the longest beginning which is ends there. */
function refuseBytes(bytes: Uint8Array, path: string): never {
  let good = 0, bad = bytes.length;
  const isText = (end: number) => {
    // A character that is cut off at the end is no fault yet.
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, end), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  while (good < bad) {
    const middle = (good + bad + 1) >> 1;
    if (isText(middle)) good = middle;
    else bad = middle - 1;
  }
  const before = new TextDecoder().decode(bytes.subarray(0, good));
  const byte = bytes[Math.min(good, bytes.length - 1)]!.toString(16).padStart(2, "0");
  throw new MigError("sql-unreadable", `the byte 0x${byte} here is not UTF-8`, {
    locations: [locate(before, before.length, path)],
    hint: "save the file as UTF-8, e.g.: iconv -f latin1 -t utf-8 up.sql",
  });
}
