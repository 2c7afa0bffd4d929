import { gzipSync } from "node:zlib";
import { assertEquals, assertThrows } from "@std/assert";
import { gunzip } from "../../../src/embedded/gunzip.ts";

Deno.test("gunzip() gives back what was packed, however long", () => {
  for (const length of [0, 1, 16_383, 16_384, 16_385, 3_000_000]) {
    const bytes = new Uint8Array(length).map((_, at) => at % 251);
    assertEquals(new Uint8Array(gunzip(gzipSync(bytes))), bytes, `${length}`);
  }
});

Deno.test("gunzip() refuses what is damaged, whatever it says of its length", () => {
  const packed = gzipSync(new Uint8Array(100_000).fill(1));
  for (const at of [0, packed.length >> 1, packed.length - 8, packed.length - 1]) {
    const damaged = packed.slice();
    damaged[at]! ^= 0xff;
    assertThrows(() => gunzip(damaged));
  }
  assertThrows(() => gunzip(packed.subarray(0, packed.length - 9)));
  assertThrows(() => gunzip(new Uint8Array()));
});
