import { assertEquals } from "@std/assert";
import { otherBranches, type Placed } from "../../../src/engine/shadow/other_branches.ts";

function place(id: string, parents: string, dependsOn = ""): Placed {
  return { id, parents: [...parents], dependsOn: [...dependsOn] };
}

Deno.test("otherBranches() gives the last ones that were replayed before and are not followed", () => {
  const replayed = [place("a", ""), place("b", "a"), place("c", "a"), place("d", "c"), place("e", "b")];
  assertEquals(otherBranches("e", replayed), ["d"]);
  assertEquals(otherBranches("c", replayed), ["b"]);
  assertEquals(otherBranches("b", replayed), []);
});

Deno.test("otherBranches() counts what a revision depends on as followed, and a merge follows all", () => {
  const replayed = [place("a", ""), place("b", ""), place("c", "a", "b"), place("d", ""), place("m", "cd")];
  assertEquals(otherBranches("c", replayed), []);
  assertEquals(otherBranches("d", replayed), ["c"]);
  assertEquals(otherBranches("m", replayed), []);
});
