/** Zip archives (PKWARE's APPNOTE, 4.3) of a few files, each smaller than 4 GB. */

import { crc32, deflateRawSync } from "node:zlib";
import type { ReleasedFile } from "./archive.ts";

/** Writes an archive; the same files always give the same bytes. */
export function packZip(files: readonly ReleasedFile[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const file of files) {
    const packed = deflateRawSync(file.content, { level: 9 });
    const common = commonFields(file, packed.length);
    const header = record(LOCAL_FILE, [[VERSION, 2], ...common], file.name);
    const madeBy: Field[] = [[MADE_ON_UNIX << 8 | VERSION, 2], [VERSION, 2]];
    // No comment, on the first disk, and binary; then what Unix calls the mode, and the place of the local header.
    const attributes: Field[] = [[0, 2], [0, 2], [0, 2], [(REGULAR_FILE | file.mode) * 0x10000, 4], [at, 4]];
    directory.push(record(DIRECTORY_ENTRY, [...madeBy, ...common, ...attributes], file.name));
    parts.push(header, packed);
    at += header.length + packed.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const count = files.length;
  const end = record(END, [[0, 2], [0, 2], [count, 2], [count, 2], [size, 4], [at, 4], [0, 2]], "");
  return join([...parts, ...directory, end]);
}

/** A number, and in how many bytes it is written, the smallest first. */
type Field = readonly [value: number, bytes: 2 | 4];

const LOCAL_FILE = 0x04034b50, DIRECTORY_ENTRY = 0x02014b50, END = 0x06054b50;
const VERSION = 20;
const MADE_ON_UNIX = 3;
const UTF8_NAMES = 0x800;
const DEFLATED = 8;
const REGULAR_FILE = 0o100000;
/** The first day that the format knows, 1 January 1980: a release's bytes do not tell when they were made. */
const DATE = 0x21, TIME = 0;

function commonFields({ name, content }: ReleasedFile, packed: number): Field[] {
  return [
    [UTF8_NAMES, 2],
    [DEFLATED, 2],
    [TIME, 2],
    [DATE, 2],
    [crc32(content), 4],
    [packed, 4],
    [content.length, 4],
    [new TextEncoder().encode(name).length, 2],
    [0, 2],
  ];
}

function record(signature: number, fields: readonly Field[], name: string): Uint8Array {
  const suffix = new TextEncoder().encode(name);
  const all: readonly Field[] = [[signature, 4], ...fields];
  const size = all.reduce((sum, [, bytes]) => sum + bytes, 0);
  const made = new Uint8Array(size + suffix.length);
  const view = new DataView(made.buffer);
  let at = 0;
  for (const [value, bytes] of all) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  made.set(suffix, at);
  return made;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
