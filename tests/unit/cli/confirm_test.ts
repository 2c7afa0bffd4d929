import { assertEquals } from "@std/assert";
import { meaningOf } from "../../../src/cli/confirm.ts";

Deno.test("meaningOf() takes nothing for an answer but yes and no", () => {
  assertEquals(["y", " Yes ", "Y"].map(meaningOf), [true, true, true]);
  assertEquals(["n", "NO"].map(meaningOf), [false, false]);
  assertEquals(["", "what", "yno", "nope", "yes please"].map(meaningOf), [null, null, null, null, null]);
});
