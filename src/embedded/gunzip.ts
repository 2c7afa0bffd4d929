/** gzip, unpacked into one piece of memory: in the small pieces that node:zlib makes otherwise it takes twice as long. */

import { gunzipSync } from "node:zlib";

/**
 * Unpacks a file of gzip with one member (RFC 1952).
 * @throws when it is damaged; gzip has a checksum
 */
export function gunzip(bytes: Uint8Array): Uint8Array {
  // Its last four bytes are how long it was.
  const size = bytes.length < SHORTEST
    ? 0
    : new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4).getUint32(0, true);
  // A damaged one is not to take all memory; one that is longer comes in several pieces.
  return gunzipSync(bytes, { chunkSize: Math.min(Math.max(size + 1, SMALLEST), LARGEST) });
}

/** A header, nothing in it, and a trailer. */
const SHORTEST = 18;
/** Bytes of a piece. */
const SMALLEST = 1 << 14, LARGEST = 1 << 26;
