/** SQL files that are too large to be held in memory: they are read piece by piece, as often as they are needed. */

import { ByteChecksum, checksum, plainChecksum } from "./checksum.ts";
import type { Direction, Revision, RevisionTexts } from "./revision.ts";

/** No larger file is read as one text, for what needs it so. Bytes. */
export const LARGEST_TEXT = 64 << 20;

/** A large file. */
export interface LargeText {
  /** Its size. */
  readonly bytes: number;
  /**
   * Reads it from the beginning.
   * @returns pieces, cut anywhere; each is valid until the next is asked for
   * @throws {MigError} `file-failed`
   */
  read(): Iterable<Uint8Array>;
}

/** The checksum of a large file, as `checksum()` has it of a text. */
export function checksumOf(text: LargeText): string {
  const sum = new ByteChecksum();
  for (const piece of text.read()) sum.add(piece);
  return sum.digest();
}

/**
 * The checksum of a revision's file, however large; of an empty text where there is none.
 * @param expected what it most likely is: whether it is just that can be told without decoding the file
 * @throws {MigError} `file-failed`, `sql-unreadable`
 */
export function fileChecksum(
  texts: RevisionTexts,
  revision: Revision,
  direction: Direction,
  expected?: string,
): string {
  const bytes = expected === undefined ? null : texts.bytes?.(revision, direction) ?? null;
  if (bytes !== null && plainChecksum(bytes) === expected) return expected;
  const content = texts.open(revision, direction) ?? "";
  return typeof content === "string" ? checksum(content) : checksumOf(content);
}

/** A size as people say it: `1.2 GB`. */
export function sizeText(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB"];
  let size = bytes, unit = 0;
  for (; size >= 1024 && unit < units.length - 1; unit++) size /= 1024;
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}
