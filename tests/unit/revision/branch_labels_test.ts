/** Which revisions a label spreads to, as in Alembic (`RevisionMap._add_branches`). */

import { assertEquals } from "@std/assert";
import { branchLabels } from "../../../src/revision/branch_labels.ts";
import { graph } from "./graph_literal.ts";

function spread(drawing: string): string {
  const labels = branchLabels(graph(drawing));
  return [...labels].sort().map(([id, names]) => `${id}=${names.join("+")}`).join(" ");
}

Deno.test("a label belongs to what follows, and to what came before as far as the branch reaches", () => {
  assertEquals(spread("a\nb: a\nc: b #billing\nd: c"), "a=billing b=billing c=billing d=billing");
  assertEquals(spread("a\nb1: a\nb2: b1 #left\nb3: b2\nc1: a"), "b1=left b2=left b3=left");
});

Deno.test("it does not go back over a merge, and goes on behind one", () => {
  assertEquals(spread("a\nb: a #left\nc: a\nm: b c\nd: m"), "b=left d=left m=left");
  assertEquals(spread("a\nb: a\nc: a\nm: b c\nd: m #late"), "d=late");
});

Deno.test("a revision has the labels of all its branches", () => {
  assertEquals(spread("a\nb: a #left\nc: a #right\nm: b c"), "b=left c=right m=left+right");
  assertEquals(spread("a\nb: a"), "");
});
