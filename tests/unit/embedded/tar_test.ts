import { assertEquals, assertThrows } from "@std/assert";
import { packTar, type TarEntry, unpackTar } from "../../../src/embedded/tar.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

const ENTRIES: readonly TarEntry[] = [
  { name: "base", content: null },
  { name: "base/1/PG_VERSION", content: bytes("18\n") },
  { name: "empty", content: new Uint8Array() },
  { name: "full", content: new Uint8Array(1024).fill(7) },
];

Deno.test("unpackTar() gives back what packTar() was given", () => {
  assertEquals(unpackTar(packTar(ENTRIES)), ENTRIES);
  assertEquals(unpackTar(packTar([])), []);
});

Deno.test("packTar() gives the same bytes for the same entries", () => {
  assertEquals(packTar(ENTRIES), packTar(ENTRIES));
});

Deno.test("packTar() writes what tar reads", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/a.tar`, packTar(ENTRIES));
    const { code } = await new Deno.Command("tar", { args: ["xf", "a.tar"], cwd: folder }).output();
    assertEquals(code, 0);
    assertEquals(await Deno.readTextFile(`${folder}/base/1/PG_VERSION`), "18\n");
    assertEquals((await Deno.stat(`${folder}/full`)).size, 1024);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a file that is a link to another takes no room, and is read by tar and by unpackTar()", async () => {
  const entries = [...ENTRIES, { name: "again", content: new Uint8Array(1024).fill(7) }];
  const archive = packTar(entries, new Map([["again", "full"]]));
  assertEquals(archive.length, packTar(ENTRIES).length + 512);
  const read = unpackTar(archive);
  assertEquals(read, entries);
  assertEquals(read[4]!.content!.byteOffset, read[3]!.content!.byteOffset);
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/a.tar`, archive);
    const { code } = await new Deno.Command("tar", { args: ["xf", "a.tar"], cwd: folder }).output();
    assertEquals(code, 0);
    assertEquals(await Deno.readFile(`${folder}/again`), entries[4]!.content);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a link may name its file as tar does", () => {
  const archive = packTar(ENTRIES, new Map([["full", "./base/1/PG_VERSION"]]));
  assertEquals(unpackTar(archive).at(-1), { name: "full", content: bytes("18\n") });
});

Deno.test("unpackTar() refuses a link to what is not there", () => {
  const archive = packTar(ENTRIES, new Map([["full", "nowhere"]]));
  assertThrows(() => unpackTar(archive), RangeError, 'a link to nothing: "full"');
});

Deno.test("unpackTar() refuses an archive that is cut off, wherever", () => {
  const archive = packTar(ENTRIES);
  for (let length = 0; length < archive.length - 1024; length += 256) {
    assertThrows(() => unpackTar(archive.subarray(0, length)), RangeError, "cut off");
  }
});

Deno.test("unpackTar() refuses a damaged header", () => {
  const archive = packTar(ENTRIES);
  archive[0]! ^= 1;
  assertThrows(() => unpackTar(archive), RangeError, "damaged");
});

Deno.test("unpackTar() refuses a name that leads out of the folder", () => {
  const archive = packTar([{ name: "base/../../etc/passwd", content: bytes("x") }]);
  assertThrows(() => unpackTar(archive), RangeError, "outside");
});

Deno.test("packTar() refuses a name that does not fit", () => {
  assertThrows(() => packTar([{ name: "n".repeat(101), content: null }]), RangeError, "too long");
});
