/** Decodes a SQL file that comes in pieces. */

import type { LargeText } from "../../revision/large_text.ts";
import { firstFault, notUtf8At, nulAt, refuseOtherEncoding } from "../decode.ts";
import { locateIn } from "./locate.ts";

/**
 * The text of a file in pieces, of which none ends within a character; a byte order mark is left out.
 *
 * @param onBytes gets each piece's bytes before they are decoded
 * @throws {MigError} `sql-unreadable` for another encoding or a NUL character, with its line and column
 */
export function* decodePieces(
  file: LargeText,
  path: string,
  onBytes?: (bytes: Uint8Array) => void,
): Generator<string> {
  // Not with `stream`: that makes strings of two bytes a character, also where one would do.
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let offset = 0;
  for (const bytes of wholeCharacters(file, path, onBytes)) {
    const text = attempt(() => decoder.decode(bytes));
    const nul = text?.indexOf("\0") ?? -1;
    if (text === null) {
      const at = firstFault(bytes);
      const before = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, at));
      throw notUtf8At(bytes[at]!, locateIn(() => decodeLeniently(file, path), offset + before.length, path));
    }
    if (nul >= 0) throw nulAt(locateIn(() => decodeLeniently(file, path), offset + nul, path));
    yield text;
    offset += text.length;
  }
}

/** The same text without a complaint, to find a place in it. */
export function* decodeLeniently(file: LargeText, path: string): Generator<string> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  for (const bytes of wholeCharacters(file, path)) yield decoder.decode(bytes);
}

/** Moves the borders of the pieces to where characters begin. */
function* wholeCharacters(
  file: LargeText,
  path: string,
  onBytes?: (bytes: Uint8Array) => void,
): Generator<Uint8Array> {
  let rest = new Uint8Array(), begun = false;
  for (const piece of file.read()) {
    onBytes?.(piece);
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    if (!begun && bytes.length < HEAD) {
      rest = Uint8Array.from(bytes);
      continue;
    }
    const from = begun ? 0 : endOfHead(bytes, path);
    begun = true;
    const to = lastBorder(bytes);
    if (to > from) yield bytes.subarray(from, to);
    rest = bytes.slice(Math.max(from, to));
  }
  if (rest.length > 0) yield begun ? rest : rest.subarray(endOfHead(rest, path));
}

/** As many bytes as tell the encoding. */
const HEAD = 4;

/** Where the text begins behind a byte order mark. */
function endOfHead(bytes: Uint8Array, path: string): number {
  refuseOtherEncoding(bytes, path);
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

/** The last place where a character ends, or what could be one: it has four bytes at the most. */
function lastBorder(bytes: Uint8Array): number {
  for (let at = bytes.length - 1; at >= 0 && at >= bytes.length - 3; at--) {
    const byte = bytes[at]!;
    if (byte < 0x80) return at + 1;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return at + length > bytes.length ? at : bytes.length;
    }
  }
  return bytes.length;
}

function attempt<T>(action: () => T): T | null {
  try {
    return action();
  } catch {
    return null;
  }
}
