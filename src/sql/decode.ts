/** Bytes of a SQL file as text. */

import { MigError, type SourceLocation } from "../error.ts";
import { locate } from "./source.ts";

const strict = new TextDecoder("utf-8", { fatal: true });

/**
 * Decodes a SQL file: UTF-8, with or without a byte order mark.
 *
 * @param path the file, for errors
 * @throws {MigError} `sql-unreadable` for another encoding or a NUL character, with its line and column
 */
export function decodeSql(bytes: Uint8Array, path: string): string {
  refuseOtherEncoding(bytes, path);
  let text: string;
  try {
    text = strict.decode(bytes);
  } catch {
    const at = firstFault(bytes);
    const lenient = new TextDecoder();
    const before = lenient.decode(bytes.subarray(0, at)).length;
    throw notUtf8At(bytes[at]!, locate(lenient.decode(bytes), before, path));
  }
  const nul = text.indexOf("\0");
  if (nul < 0) return text;
  throw nulAt(locate(text, nul, path));
}

/**
 * Refuses a file by its first bytes.
 * @throws {MigError} `sql-unreadable`
 */
export function refuseOtherEncoding(bytes: Uint8Array, path: string): void {
  const other = otherEncoding(bytes);
  if (other === null) return;
  throw new MigError("sql-unreadable", `${path} is encoded in ${other}, and mig reads UTF-8`, {
    locations: [{ path, line: 1, column: 1 }],
    hint: [
      "save it as UTF-8; in PowerShell, `>` writes UTF-16: use `… | Out-File -Encoding utf8 up.sql`",
      `or convert it: iconv -f ${other.toLowerCase()} -t utf-8`,
    ],
  });
}

/** The error for a byte that is not UTF-8. */
export function notUtf8At(byte: number, location: SourceLocation): MigError {
  const shown = byte.toString(16).padStart(2, "0");
  return new MigError("sql-unreadable", `the byte 0x${shown} here is not UTF-8`, {
    locations: [location],
    hint: "save the file as UTF-8; if it is Latin-1: iconv -f latin1 -t utf-8",
  });
}

/** The error for a NUL. */
export function nulAt(location: SourceLocation): MigError {
  return new MigError("sql-unreadable", "there is a NUL character, which PostgreSQL does not take", {
    locations: [location],
    hint: "delete it; if there are many, the file is no text",
  });
}

/**
 * UTF-16 and UTF-32 begin with a byte order mark where Windows writes them. Without one, SQL shows itself by a NUL beside each
 * of its first characters.
 */
function otherEncoding([a, b, c, d]: Uint8Array): "UTF-16" | "UTF-32" | null {
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return "UTF-32";
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? "UTF-32" : "UTF-16";
  if (a === 0xfe && b === 0xff) return "UTF-16";
  const bigEndian = a === 0 && b !== 0 && c === 0 && d !== 0;
  const littleEndian = a !== 0 && b === 0 && c !== 0 && d === 0;
  return d !== undefined && (bigEndian || littleEndian) ? "UTF-16" : null;
}

/** The index of the first byte that begins no well-formed sequence (Unicode Standard, table 3-7). */
export function firstFault(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length === 0) break;
    at += length;
  }
  return at;
}

/** The length of the sequence at an index, or 0 where it is ill-formed. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return 1;
  const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  for (let i = 1; i < length; i++) {
    if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  const second = bytes[at + 1] ?? 0;
  const overlong = (lead === 0xe0 && second < 0xa0) || (lead === 0xf0 && second < 0x90);
  const beyond = (lead === 0xed && second > 0x9f) || (lead === 0xf4 && second > 0x8f);
  return overlong || beyond ? 0 : length;
}
