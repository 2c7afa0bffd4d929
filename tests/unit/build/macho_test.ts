import { assertEquals, assertThrows } from "@std/assert";
import { createHash } from "node:crypto";
import { isSignatureValid, signAdHoc } from "../../../tools/build/macho.ts";

const TEXT_SIZE = 0x2000;
/** Where the last segment begins, and where in it the signature. */
const LINKEDIT = 0x5000;
const SIGNATURE = 0x5210;

/** A Mach-O executable as Bun leaves it: with room for a signature, and in it one that does not fit. */
function executable(signatureSize = 0x300): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(SIGNATURE + signatureSize).map((_, i) => i * 7 + (i >> 8));
  const view = new DataView(bytes.buffer);
  const segment = (name: string, start: number, size: number) => [
    ...[0x19, 72],
    ...new Uint32Array(new TextEncoder().encode(name.padEnd(16, "\0")).buffer),
    ...[start, 1, 0x4000, 0, start, 0, size, 0, 7, 7, 0, 0],
  ];
  const commands = [
    ...segment("__TEXT", 0, TEXT_SIZE),
    ...segment("__LINKEDIT", LINKEDIT, SIGNATURE - LINKEDIT + signatureSize),
    ...[0x1d, 16, SIGNATURE, signatureSize],
  ];
  const header = [0xfeedfacf, 0x01000007, 3, 2, 3, 4 * commands.length, 0, 0];
  [...header, ...commands].forEach((value, i) => view.setUint32(4 * i, value, true));
  return bytes;
}

/** What a reader of signatures sees, found by the offsets of xnu's codesign.h. */
function signatureOf(bytes: Uint8Array<ArrayBuffer>) {
  const view = new DataView(bytes.buffer);
  const [command, linkedit] = [32 + 72 + 72, 32 + 72];
  const [start, size] = [view.getUint32(command + 8, true), view.getUint32(command + 12, true)];
  const directory = start + view.getUint32(start + 16);
  const at = (offset: number) => view.getUint32(directory + offset);
  const name = bytes.subarray(directory + at(20), bytes.indexOf(0, directory + at(20)));
  return {
    file: { start, end: start + size, superBlob: view.getUint32(start), length: view.getUint32(start + 4) },
    linkeditEnd: Number(view.getBigUint64(linkedit + 40, true) + view.getBigUint64(linkedit + 48, true)),
    linkeditInMemory: Number(view.getBigUint64(linkedit + 32, true)),
    directory: { magic: at(0), length: at(4), flags: at(12), slots: at(28), limit: at(32) },
    text: view.getBigUint64(directory + 72),
    name: new TextDecoder().decode(name),
    hashes: Array.from({ length: at(28) }, (_, i) => {
      const from = directory + at(16) + 32 * i;
      return bytes.subarray(from, from + 32).toHex();
    }),
  };
}

function hashesOfPages(bytes: Uint8Array): string[] {
  const pages = Array.from({ length: Math.ceil(bytes.length / 4096) }, (_, i) => i * 4096);
  return pages.map((from) => createHash("sha256").update(bytes.subarray(from, from + 4096)).digest("hex"));
}

Deno.test("signAdHoc() writes the hashes of all pages, the first with the new sizes in it", () => {
  // Both larger and smaller than the signature that was there.
  for (const size of [0x10, 0x300, 0x3000]) {
    const signed = signAdHoc(executable(size), "mig");
    const { hashes, ...rest } = signatureOf(signed);
    assertEquals(hashes, hashesOfPages(signed.subarray(0, SIGNATURE)));
    const length = 20 + 88 + 4 + 6 * 32;
    assertEquals(rest, {
      file: { start: SIGNATURE, end: signed.length, superBlob: 0xfade0cc0, length },
      linkeditEnd: signed.length,
      linkeditInMemory: 0x4000,
      directory: { magic: 0xfade0c02, length: length - 20, flags: 0x20002, slots: 6, limit: SIGNATURE },
      text: BigInt(TEXT_SIZE),
      name: "mig",
    });
  }
});

Deno.test("signAdHoc() leaves the program as it is, and gives the same for what it has signed", () => {
  const before = executable();
  const signed = signAdHoc(before, "mig");
  const commands = 32 + 72 + 72 + 16;
  assertEquals(signed.subarray(commands, SIGNATURE), before.subarray(commands, SIGNATURE));
  assertEquals(signAdHoc(signed, "mig"), signed);
});

Deno.test("isSignatureValid() sees each byte that is altered", () => {
  const signed = signAdHoc(executable(), "mig");
  assertEquals(isSignatureValid(signed), true);
  for (const at of [24, 0x400, 0x1fff, 0x2000, SIGNATURE - 1, signed.length - 1]) {
    const altered = signed.slice();
    altered[at]! ^= 1;
    assertEquals(isSignatureValid(altered), false, `byte ${at}`);
  }
});

Deno.test("isSignatureValid() is false for a signature that is none", () => {
  assertEquals(isSignatureValid(executable()), false);
});

Deno.test("signAdHoc() refuses what is no signed Mach-O executable", () => {
  const elf = new Uint8Array(200);
  elf.set([0x7f, 0x45, 0x4c, 0x46]);
  const unsigned = executable();
  new DataView(unsigned.buffer).setUint32(16, 2, true);
  for (const bytes of [elf, new Uint8Array(), unsigned]) {
    assertThrows(() => signAdHoc(bytes, "mig"), Error, "no signed 64-bit Mach-O");
  }
});
