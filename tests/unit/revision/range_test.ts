/** What a range selects. The cases of a chain are those of Alembic's manual, "Viewing History Ranges". */

import { assert, assertEquals } from "@std/assert";
import { rangeHint } from "../../../src/revision/git_range.ts";
import { parseRange, rangeNeedsDatabase, resolveRange } from "../../../src/revision/range.ts";
import { parseScriptRange } from "../../../src/engine/script_range.ts";
import { fromGitRange } from "../../../src/revision/git_range.ts";
import { resolve } from "../../../src/revision/resolve.ts";
import { parseSpec } from "../../../src/revision/spec.ts";
import { at, faultOf, graph } from "./graph_literal.ts";
import { pick, random, randomRevisions } from "./random_graph.ts";
import { RevisionGraph } from "../../../src/revision/graph.ts";

const CHAIN = "a\nb: a\nc: b\nd: c\ne: d";
/** Two branches with labels, which a merge joins; beside them a base of its own that m depends on. */
const FORK = "a\nb1: a #left\nb2: b1\nc1: a #right\nc2: c1\nm: b2 c2 ~x\nx";
const OPEN = "a\nb1: a #left\nb2: b1\nc1: a #right\nc2: c1";

function select(drawing: string, range: string, tips = ""): string {
  const drawn = graph(drawing);
  const ids = resolveRange(parseRange(range), drawn, at(drawn, tips));
  return drawn.sort(ids).map(({ id }) => id).join(" ");
}

const CASES: readonly (readonly [drawing: string, range: string, tips: string, ids: string])[] = [
  [CHAIN, ":", "", "a b c d e"],
  [CHAIN, "b:d", "", "b c d"],
  [CHAIN, "b:", "", "b c d e"],
  [CHAIN, ":c", "", "a b c"],
  [CHAIN, ":head", "", "a b c d e"],
  [CHAIN, "base:b", "", "a b"],
  [CHAIN, "c:c", "", "c"],
  [CHAIN, "head:", "", "e"],
  [CHAIN, "-3:current", "d", "a b c d"],
  [CHAIN, "-2:", "", "c d e"],
  [CHAIN, "-1:head", "", "d e"],
  [CHAIN, "-30:current", "c", "a b c"],
  [CHAIN, "current:", "c", "c d e"],
  [CHAIN, "current:+1", "c", "c d"],
  [CHAIN, "b:+2", "", "b c d"],
  [CHAIN, "b:+20", "", "b c d e"],
  [CHAIN, ":+2", "", "a b"],
  [CHAIN, "base:+2", "", "a b"],
  [CHAIN, ":current", "", ""],
  [CHAIN, "current:", "", "a b c d e"],
  [CHAIN, "current:", "e", "e"],
  [CHAIN, "b-1:c+1", "", "a b c d"],
  [CHAIN, "b : d", "", "b c d"],
  [CHAIN, ":-1", "c", "a b"],
  // What leads to m, with what it depends on; what comes after b1 is a part of that.
  [FORK, ":m", "", "a b1 b2 c1 c2 x m"],
  [FORK, "b1:m", "", "b1 b2 m"],
  [FORK, "b1:", "", "b1 b2 m"],
  // Alembic refuses to count through a merge or a fork; both ways are followed.
  [FORK, "-1:m", "", "b2 c2 m"],
  [FORK, "a:+1", "", "a b1 c1"],
  [FORK, "left@-1:m", "", "b2 m"],
  [OPEN, "a:", "", "a b1 b2 c1 c2"],
  [OPEN, "a:heads", "", "a b1 b2 c1 c2"],
  [OPEN, "a:right@head", "", "a c1 c2"],
  [OPEN, "left@a:", "", "a b1 b2"],
  [OPEN, "left@base:heads", "", "a b1 b2"],
  [OPEN, "right@a:current", "b1 c1", "a c1"],
  [OPEN, ":current", "b1 c2", "a b1 c1 c2"],
  [OPEN, "current:", "b1 c1", "b1 b2 c1 c2"],
];

for (const [drawing, range, tips, ids] of CASES) {
  const where = tips === "" ? "" : ` with ${tips} applied`;
  Deno.test(`the range ${range} of ${drawing.replaceAll("\n", ", ")}${where}`, () => {
    assertEquals(select(drawing, range, tips), ids);
  });
}

Deno.test("a range needs exactly one colon, and the error says what was perhaps meant", () => {
  assertEquals(faultOf(() => parseRange("head")).hints, [
    "`:head` is what leads to it, `head:` what comes after it, `a:b` what lies between",
  ]);
  assertEquals(
    faultOf(() => parseRange("a:b:c")).message,
    'cannot read "a:b:c" as a range: it has several ":"',
  );
});

Deno.test("a range in git's form is no range, and the error has mig's", () => {
  const hint = (text: string) => faultOf(() => parseRange(text)).hints;
  assertEquals(hint("3f9a..head"), ["write it as `3f9a:head`: both ends are in it"]);
  assertEquals(hint("base...head"), ["write it as `base:head`: both ends are in it"]);
  assertEquals(hint("..head"), ["write it as `:head`: both ends are in it"]);
  assertEquals(hint("head-2.."), ["write it as `head-2:`: both ends are in it"]);
  assertEquals(fromGitRange("../migrations/x"), null);
  assertEquals(fromGitRange(".."), null);
  assertEquals(faultOf(() => parseScriptRange("base..head", "up")).hints, ["write it as `base:head`"]);
  const one = faultOf(() => resolve(parseSpec("a..b"), graph("a\nb: a"), new Set()));
  assertEquals(
    one.hints[0],
    "a range is `a:b`, with both ends, and `mig history`, `mig verify` and --sql take one",
  );
});

Deno.test("a range whose lower end does not lead to its upper one is refused, and turned round where that helps", () => {
  const turned = faultOf(() => select(CHAIN, "d:b"));
  assertEquals(turned.message, 'the range "d:b" is empty: d (make d) does not lead to b (make b)');
  assertEquals(turned.hints, ["the older end comes first: `b:d`"]);
  const aside = faultOf(() => select(OPEN, "b1:c2"));
  assertEquals([aside.code, aside.hints], ["usage", ["`mig history` draws which revision leads where"]]);
});

Deno.test("head in a range is that of the folder, whatever else the database has", () => {
  const folder = graph("a\nb: a");
  const all = graph("a\nb: a\nz: a");
  const select = (range: string) => all.sort(resolveRange(parseRange(range), all, at(all, "z"), folder));
  assertEquals(select(":head").map(({ id }) => id), ["a", "b"]);
  assertEquals(select(":current").map(({ id }) => id), ["a", "z"]);
  assertEquals(select("a:").map(({ id }) => id), ["a", "b", "z"]);
});

Deno.test("only what is counted from the database needs it", () => {
  const needing = ["current:", ":current", "+1:", ":-1", "current+1:head", "-3:current"];
  const free = ["a:b", "-3:", "-3:head", "a:+2", ":+2", "head-2:head", ":"];
  assertEquals(needing.filter((range) => !rangeNeedsDatabase(parseRange(range))), []);
  assertEquals(free.filter((range) => rangeNeedsDatabase(parseRange(range))), []);
});

Deno.test("in random graphs a:b is what follows a and is needed by b, and a: joins all a:b", () => {
  for (let seed = 1; seed <= 150; seed++) {
    const next = random(seed);
    const drawn = new RevisionGraph(randomRevisions(next, 12));
    const a = pick(next, drawn.order).id;
    const after = resolveRange(parseRange(`${a}:`), drawn, new Set());
    for (const { id: b } of drawn.order) {
      if (!drawn.isAncestor(a, b)) {
        assertEquals(faultOf(() => resolveRange(parseRange(`${a}:${b}`), drawn, new Set())).code, "usage");
        continue;
      }
      const found = resolveRange(parseRange(`${a}:${b}`), drawn, new Set());
      // Where b is on another branch and depends on a, the way there is wanted.
      const edges = drawn.isAncestor(a, b, "parents") ? "parents" : "needs";
      for (const { id } of drawn.order) {
        const expected = drawn.isAncestor(a, id, edges) && drawn.isAncestor(id, b);
        assertEquals(found.has(id), expected, `seed ${seed}: ${id} in ${a}:${b}`);
        if (found.has(id) && edges === "parents") {
          assert(after.has(id), `seed ${seed}: ${id} in ${a}: but not in ${a}:${b}`);
        }
      }
    }
  }
});

Deno.test("a message with a colon is no range", () => {
  assertEquals(rangeHint("fix: users"), []);
  assertEquals(rangeHint("a1:b2").length, 1);
});
