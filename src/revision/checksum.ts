/** Tells whether a file is still the one that was run. */

import { createHash, hash } from "node:crypto";

/**
 * SHA-256 of a SQL text in hexadecimal digits, over UTF-8 without a byte order mark and with LF line endings: a
 * checkout on Windows edits nothing.
 */
export function checksum(text: string): string {
  const plain = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const unix = plain.includes("\r") ? plain.replaceAll("\r\n", "\n") : plain;
  return sha256(unix);
}

/** The same of a text's UTF-8; null where a byte order mark or a CR stands in it, which it does not look at closer. */
export function plainChecksum(bytes: Uint8Array): string | null {
  return bytes[0] === MARK[0] || bytes.includes(CR) ? null : sha256(bytes);
}

/** Bun has it at hand, and takes eight milliseconds to load node:crypto, of the hundred that `mig status` has. */
function sha256(data: string | Uint8Array): string {
  const { Bun } = globalThis as {
    Bun?: { SHA256?: { hash(data: string | Uint8Array, encoding: "hex"): string } };
  };
  return Bun?.SHA256?.hash(data, "hex") ?? hash("sha256", data, "hex");
}

/** The same of a text that comes in pieces of its UTF-8, cut anywhere. */
export class ByteChecksum {
  readonly #hash = createHash("sha256");
  /** The last byte was a CR, which counts unless a LF follows. */
  #heldReturn = false;
  /** How much of a byte order mark may still come. */
  #mark = 0;

  add(bytes: Uint8Array): void {
    let rest = bytes;
    while (this.#mark < MARK.length && rest.length > 0) {
      if (rest[0] !== MARK[this.#mark]) {
        this.#hash.update(MARK.subarray(0, this.#mark));
        this.#mark = MARK.length;
      } else {
        this.#mark++;
        rest = rest.subarray(1);
      }
    }
    if (rest.length === 0) return;
    if (this.#heldReturn && rest[0] !== LF) this.#hash.update(RETURN);
    this.#heldReturn = false;
    let from = 0;
    for (let at = rest.indexOf(CR); at >= 0; at = rest.indexOf(CR, at + 1)) {
      if (at + 1 < rest.length && rest[at + 1] !== LF) continue;
      this.#hash.update(rest.subarray(from, at));
      from = at + 1;
      this.#heldReturn = from === rest.length;
    }
    this.#hash.update(rest.subarray(from));
  }

  /** Ends it: nothing can be added any more. */
  digest(): string {
    // The beginning of a mark that did not go on.
    if (this.#mark < MARK.length) this.#hash.update(MARK.subarray(0, this.#mark));
    if (this.#heldReturn) this.#hash.update(RETURN);
    return this.#hash.digest("hex");
  }
}

const CR = 0x0d, LF = 0x0a;
const RETURN = Uint8Array.of(CR);
const MARK = Uint8Array.of(0xef, 0xbb, 0xbf);
