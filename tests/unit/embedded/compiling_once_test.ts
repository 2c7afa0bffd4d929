import { assert, assertEquals, assertRejects } from "@std/assert";
import { compilingOnce } from "../../../src/embedded/compiling_once.ts";

/** A module that exports a function `f` which gives the number. */
const moduleGiving = (n: number) =>
  new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, 5, 1, 0x60, 0, 1, 0x7f],
    ...[3, 2, 1, 0],
    ...[7, 5, 1, 1, 0x66, 0, 0],
    ...[10, 6, 1, 4, 0, 0x41, n, 0x0b],
  ]);

const call = (instance: WebAssembly.Instance) => (instance.exports.f as () => number)();

Deno.test("the same bytes are compiled once, whoever asks and however", async () => {
  const before = { Module: WebAssembly.Module, instantiate: WebAssembly.instantiate };
  const [first, second] = await Promise.all([0, 0].map(() =>
    compilingOnce(async () => {
      const module = new WebAssembly.Module(moduleGiving(7));
      assert(module instanceof WebAssembly.Module);
      const { module: other, instance } = await WebAssembly.instantiate(moduleGiving(7).buffer);
      assert(other === module);
      assertEquals(call(instance), 7);
      assertEquals(call(await WebAssembly.instantiate(module)), 7);
      const different = await WebAssembly.instantiate(moduleGiving(8));
      assertEquals(call(different.instance), 8);
      return module;
    })
  ));
  assert(first === second);
  assert(WebAssembly.Module === before.Module);
  assert(WebAssembly.instantiate === before.instantiate);
  assert(new WebAssembly.Module(moduleGiving(7)) !== first);
});

Deno.test("what is no module is refused as before, and nothing of it stays", async () => {
  const own = WebAssembly.Module;
  for (
    const way of [
      () => new WebAssembly.Module(new Uint8Array(8)),
      () => WebAssembly.instantiate(new Uint8Array(8)),
    ]
  ) {
    await assertRejects(() => compilingOnce(async () => await way()), WebAssembly.CompileError);
    assert(WebAssembly.Module === own);
  }
});
