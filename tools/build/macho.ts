/**
 * The code signature of a macOS executable. Bun signs what it compiles for arm64, but leaves on x64 the signature that its own
 * executable came with, which no longer fits: macOS may kill such a program when it starts. So it is signed here as a linker
 * does, "ad hoc": hashes of all pages, and no identity (Apple's open source xnu, bsd/sys/codesign.h; loader.h for the rest).
 */

import { createHash } from "node:crypto";

const MAGIC_64 = 0xfeedfacf;
const LC_SEGMENT_64 = 0x19;
const LC_CODE_SIGNATURE = 0x1d;
const EMBEDDED_SIGNATURE = 0xfade0cc0;
const CODE_DIRECTORY = 0xfade0c02;
/** The version of the code directory that tells where the main segment is. */
const WITH_EXEC_SEGMENT = 0x20400;
const ADHOC_LINKER_SIGNED = 0x20002;
const MAIN_BINARY = 1n;
const SHA256 = 2;
const HASH_SIZE = 32;
const PAGE_BITS = 12;
const PAGE = 1 << PAGE_BITS;
const DIRECTORY_HEADER = 88;
const SUPER_HEADER = 20;

/**
 * Signs an executable anew.
 *
 * @param bytes a thin 64-bit Mach-O executable whose signature is at its end
 * @param identifier the program's name
 * @throws {Error} for bytes that are none
 */
export function signAdHoc(bytes: Uint8Array, identifier: string): Uint8Array<ArrayBuffer> {
  const { command, linkedit, text } = commandsOf(viewOf(bytes));
  const limit = viewOf(bytes).getUint32(command + 8, true);
  const name = new TextEncoder().encode(`${identifier}\0`);
  const pages = Math.ceil(limit / PAGE);
  const size = SUPER_HEADER + DIRECTORY_HEADER + name.length + pages * HASH_SIZE;
  const signed = new Uint8Array(limit + size);
  signed.set(bytes.subarray(0, limit));
  const view = viewOf(signed);
  view.setUint32(command + 12, size, true);
  // The last segment ends with the signature; in memory, on a boundary of pages of the larger kind.
  const inFile = limit + size - Number(view.getBigUint64(linkedit + 40, true));
  view.setBigUint64(linkedit + 48, BigInt(inFile), true);
  view.setBigUint64(linkedit + 32, BigInt(Math.ceil(inFile / 0x4000) * 0x4000), true);
  writeSuperBlob(view, limit, size);
  const directory = limit + SUPER_HEADER;
  writeDirectory(view, directory, {
    size: size - SUPER_HEADER,
    hashes: DIRECTORY_HEADER + name.length,
    pages,
    limit,
    textSize: view.getBigUint64(text + 48, true),
  });
  signed.set(name, directory + DIRECTORY_HEADER);
  // The hashes come last: the first page holds the sizes that were just written.
  let at = directory + DIRECTORY_HEADER + name.length;
  for (let page = 0; page < limit; page += PAGE, at += HASH_SIZE) {
    signed.set(hashOf(signed.subarray(page, Math.min(page + PAGE, limit))), at);
  }
  return signed;
}

/**
 * Whether an executable's signature fits its bytes.
 *
 * @throws {Error} for bytes that are no Mach-O executable, or have no signature
 */
export function isSignatureValid(bytes: Uint8Array): boolean {
  const view = viewOf(bytes);
  const { command } = commandsOf(view);
  const start = view.getUint32(command + 8, true);
  const directory = start + view.getUint32(start + 16);
  if (view.getUint32(start) !== EMBEDDED_SIGNATURE || view.getUint32(directory) !== CODE_DIRECTORY) {
    return false;
  }
  if (view.getUint8(directory + 36) !== HASH_SIZE || view.getUint8(directory + 37) !== SHA256) return false;
  const limit = view.getUint32(directory + 32);
  // Apple's tools take larger pages for arm64.
  const size = 1 << view.getUint8(directory + 39);
  let at = directory + view.getUint32(directory + 16);
  if (limit !== start || view.getUint32(directory + 28) !== Math.ceil(limit / size)) return false;
  for (let page = 0; page < limit; page += size, at += HASH_SIZE) {
    const hash = hashOf(bytes.subarray(page, Math.min(page + size, limit)));
    if (hash.some((byte, i) => byte !== bytes[at + i])) return false;
  }
  return true;
}

/** Where the load commands are that matter here. */
function commandsOf(view: DataView): { command: number; linkedit: number; text: number } {
  const found: Record<string, number> = {};
  const count = view.byteLength >= 32 && view.getUint32(0, true) === MAGIC_64 ? view.getUint32(16, true) : 0;
  for (let i = 0, at = 32; i < count; i++, at += view.getUint32(at + 4, true)) {
    const type = view.getUint32(at, true);
    if (type === LC_CODE_SIGNATURE) found["command"] = at;
    if (type === LC_SEGMENT_64) found[segmentName(view, at)] = at;
  }
  const { command, __LINKEDIT: linkedit, __TEXT: text } = found;
  if (command === undefined || linkedit === undefined || text === undefined) {
    throw new Error("this is no signed 64-bit Mach-O executable");
  }
  return { command, linkedit, text };
}

function segmentName(view: DataView, at: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at + 8, 16);
  return new TextDecoder().decode(bytes).replace(/\0+$/, "");
}

/** A list of parts, of which there is one. What belongs to signatures is big-endian, unlike the rest of the file. */
function writeSuperBlob(view: DataView, at: number, size: number): void {
  [EMBEDDED_SIGNATURE, size, 1, 0, SUPER_HEADER].forEach((value, i) => view.setUint32(at + 4 * i, value));
}

function writeDirectory(
  view: DataView,
  at: number,
  of: { size: number; hashes: number; pages: number; limit: number; textSize: bigint },
): void {
  const fields = [CODE_DIRECTORY, of.size, WITH_EXEC_SEGMENT, ADHOC_LINKER_SIGNED, of.hashes];
  fields.push(DIRECTORY_HEADER, 0, of.pages, of.limit);
  fields.forEach((value, i) => view.setUint32(at + 4 * i, value));
  [HASH_SIZE, SHA256, 0, PAGE_BITS].forEach((value, i) => view.setUint8(at + 36 + i, value));
  view.setBigUint64(at + 72, of.textSize);
  view.setBigUint64(at + 80, MAIN_BINARY);
}

function hashOf(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest();
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
