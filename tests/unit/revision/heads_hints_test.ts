/** What mig proposes where there are several heads. */

import { assertEquals } from "@std/assert";
import { headsHints } from "../../../src/revision/heads_hints.ts";
import { at, graph } from "./graph_literal.ts";
import { planRebase } from "../../../src/revision/rebase.ts";
import { RevisionGraph } from "../../../src/revision/graph.ts";
import { random, randomRevisions } from "./random_graph.ts";

function hints(drawing: string, tips = ""): readonly string[] {
  const drawn = graph(drawing);
  return headsHints(drawn, drawn.heads, at(drawn, tips));
}

const GENERIC =
  "or let a branch that is not applied yet follow another: `mig rebase <revision> --onto <revision>`";
const rebase = (id: string, onto: string) =>
  `or, as long as ${id} is not applied anywhere, let it follow the other: \`mig rebase ${id} --onto ${onto}\``;

Deno.test("of two branches the first revision of the younger one is to follow the other's head", () => {
  const fork = "a\nb1: a\nb2: b1\nc1: a\nc2: c1";
  assertEquals(hints(fork), ["run `mig merge` to join them", rebase("c1", "b2")]);
  assertEquals(hints(fork, "b2"), ["run `mig merge` to join them", rebase("c1", "b2")]);
  assertEquals(hints(fork, "c1"), ["run `mig merge` to join them", rebase("b1", "c2")]);
  assertEquals(hints(fork, "b1 c1")[1], GENERIC);
});

Deno.test("a branch that holds a merge, or never met the other, is not told to move", () => {
  assertEquals(hints("a\nb: a\nx\ny: x")[1], GENERIC);
  assertEquals(hints("a\nb: a\nc: a\nd: b c\ne: a")[1], rebase("e", "d"));
  assertEquals(hints("a\nb: a\nc: a\nd: b c\ne: a", "e")[1], GENERIC);
});

Deno.test("a branch on which the other one depends cannot follow it", () => {
  assertEquals(hints("a\nb: a\nc: a ~b")[1], rebase("c", "b"));
  assertEquals(hints("a\nb: a ~c\nc: a")[1], rebase("b", "c"));
});

Deno.test("of some of the heads, those are named", () => {
  const drawn = graph("a\nb: a\nc: a\nd: a");
  assertEquals(headsHints(drawn, drawn.heads.slice(0, 2), new Set()), [
    "run `mig merge b c` to join them",
    rebase("c", "b"),
  ]);
  assertEquals(hints("a\nb: a\nc: a\nd: a"), ["run `mig merge` to join them", GENERIC]);
});

Deno.test("in random graphs with two heads the command that is proposed is right, and leaves one head", () => {
  let proposed = 0;
  for (let seed = 1; seed <= 3000; seed++) {
    const drawn = new RevisionGraph(randomRevisions(random(seed), 6));
    if (drawn.heads.length !== 2) continue;
    const command = /mig rebase (\w+) --onto (\w+)`/.exec(headsHints(drawn, drawn.heads, new Set())[1]!);
    if (command === null) continue;
    proposed++;
    const revision = drawn.get(command[1]!)!;
    const { parents } = planRebase(drawn, revision, command[2]!);
    const after = new RevisionGraph(
      drawn.order.map((other) => other === revision ? { ...other, parents } : other),
    );
    assertEquals(after.heads.length, 1, `seed ${seed}`);
  }
  assertEquals(proposed > 50, true, `only ${proposed}`);
});
