import { assertEquals } from "@std/assert";
import { closest } from "../../../src/closest.ts";

const VERBS = ["up", "down", "status", "history", "heads", "head", "current"];

Deno.test("closest() finds the word that was meant", () => {
  assertEquals(closest("stauts", VERBS), "status");
  assertEquals(closest("histroy", VERBS), "history");
  assertEquals(closest("dwn", VERBS), "down");
  assertEquals(closest("HEADS", VERBS), "heads");
  assertEquals(closest("curent", VERBS), "current");
});

Deno.test("closest() suggests nothing where too much is different", () => {
  assertEquals(closest("xyzzy", VERBS), undefined);
  assertEquals(closest("upgrade", VERBS), undefined);
  assertEquals(closest("", VERBS), undefined);
  assertEquals(closest("at", VERBS), undefined);
  assertEquals(closest("word", []), undefined);
});

Deno.test("closest() counts a swap of two letters as one change", () => {
  assertEquals(closest("haed", VERBS), "head");
});

Deno.test("closest() gives the first of equally near ones", () => {
  assertEquals(closest("cat", ["bat", "rat"]), "bat");
});
