/** Tells whether a file is still the one that was run. */

import { hash } from "node:crypto";

/**
 * SHA-256 of a SQL text in hexadecimal digits, over UTF-8 without a byte order mark and with LF line endings: a
 * checkout on Windows edits nothing.
 */
export function checksum(text: string): string {
  const plain = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const unix = plain.includes("\r") ? plain.replaceAll("\r\n", "\n") : plain;
  return hash("sha256", unix, "hex");
}
