/** Large files for tests, which are small. */

import type { LargeText } from "../../../../src/revision/large_text.ts";

/** A text, or bytes, in pieces of these sizes, over and over. */
export function fileOf(content: string | Uint8Array, sizes: readonly number[]): LargeText {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return {
    bytes: bytes.length,
    *read() {
      for (let at = 0, i = 0; at < bytes.length; i++) {
        const size = sizes[i % sizes.length]!;
        yield bytes.subarray(at, at + size);
        at += size;
      }
    },
  };
}
