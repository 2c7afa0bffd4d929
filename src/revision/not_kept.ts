/**
 * What stands in a revision's row for a file that is too large to be stored there. It is no SQL and begins with a directive
 * that no version of mig knows, so that whoever took it for the file itself would be refused before anything runs.
 */

import { checksum } from "./checksum.ts";
import { sizeText } from "./large_text.ts";

/** A file of which only this is known. */
export interface NotKept {
  readonly bytes: number;
  /** As of `checksum()`. */
  readonly checksum: string;
}

/** What is stored for a file. */
export function notKeptText({ bytes, checksum }: NotKept): string {
  return `-- mig: not-kept ${bytes} ${checksum}
-- This file has ${
    sizeText(bytes)
  }: too much to be stored with its row. The migrations folder has the only copy.
`;
}

/** What a stored text stands for; null where it is the file itself. */
export function notKept(stored: string): NotKept | null {
  const [, bytes, checksum] = FORM.exec(stored) ?? [];
  return bytes === undefined ? null : { bytes: Number(bytes), checksum: checksum! };
}

/** The checksum of the file that is stored, or that a stored text stands for. */
export function storedChecksum(stored: string): string {
  return notKept(stored)?.checksum ?? checksum(stored);
}

const FORM = /^-- mig: not-kept (\d+) ([0-9a-f]{64})\n/;
