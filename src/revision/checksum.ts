/** Tells whether a file is still the one that was run. */

import { createHash } from "node:crypto";

/**
 * SHA-256 of a SQL text in hexadecimal digits, over UTF-8 without a byte order mark and with LF line endings: a
 * checkout on Windows edits nothing.
 */
export function checksum(text: string): string {
  const start = text.startsWith("\uFEFF") ? 1 : 0;
  const plain = text.slice(start);
  const unix = plain.includes("\r") ? plain.replaceAll("\r\n", "\n") : plain;
  return createHash("sha256").update(unix, "utf8").digest("hex");
}
