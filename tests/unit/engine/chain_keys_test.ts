import { assert, assertEquals } from "@std/assert";
import { chainKeys, isPrivate } from "../../../src/engine/shadow/chain_keys.ts";
import { chainOf } from "../../../src/library/memory.ts";

Deno.test("a state after a file that has variables is private, and so is what follows", async () => {
  const { graph, texts } = await chainOf([
    { id: "1a", parent: null, message: "one", up: "select 1" },
    { id: "2b", parent: "1a", message: "two", up: "-- mig: env A\nselect '${A}'" },
    { id: "3c", parent: "2b", message: "three", up: "select 3" },
  ]);
  const keys = chainKeys(["18"], graph.order, texts);
  assertEquals(keys.map(isPrivate), [false, false, true, true]);
  assert(keys[2] !== keys[3]);
  assertEquals(chainKeys(["-- mig: env A"], graph.order, texts).map(isPrivate), [true, true, true, true]);
});
