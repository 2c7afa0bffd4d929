import { assertEquals, assertStringIncludes } from "@std/assert";
import type { AppliedIds } from "../../../src/revision/applied.ts";
import type { RevisionGraph } from "../../../src/revision/graph.ts";
import { planDowngrade, planGoto, planUpgrade } from "../../../src/revision/plan.ts";
import { resolveDown } from "../../../src/revision/resolve.ts";
import { parseSpec } from "../../../src/revision/spec.ts";
import { at, drawn, faultOf, graph, words } from "./graph_literal.ts";

const LINE = graph("a\nb: a\nc: b\nd: c");
const BRANCHED = graph("a\nb: a\nc1: b #one\nd1: c1\nc2: b #two\nd2: c2 ~c1");

function up(g: RevisionGraph, applied: AppliedIds, targets: string): string {
  return drawn(planUpgrade(g, applied, words(targets)));
}

function down(g: RevisionGraph, applied: AppliedIds, spec: string): string {
  return drawn(planDowngrade(g, applied, resolveDown(parseSpec(spec), g, applied)));
}

function goto(g: RevisionGraph, applied: AppliedIds, targets: string): string {
  return drawn(planGoto(g, applied, words(targets)));
}

Deno.test("planUpgrade() runs what is missing below the target, oldest first", () => {
  assertEquals(up(LINE, new Set(), "c"), "+a +b +c");
  assertEquals(up(LINE, at(LINE, "b"), "d"), "+c +d");
});

Deno.test("planUpgrade() of what is applied is empty", () => {
  assertEquals(up(LINE, at(LINE, "d"), "b"), "");
  assertEquals(up(LINE, at(LINE, "d"), ""), "");
});

Deno.test("planUpgrade() takes several targets and their dependencies, each once", () => {
  assertEquals(up(BRANCHED, at(BRANCHED, "a"), "d1 d2"), "+b +c1 +d1 +c2 +d2");
  assertEquals(up(BRANCHED, at(BRANCHED, "b"), "d2"), "+c1 +c2 +d2");
});

Deno.test("planUpgrade() does not skip a revision that was merged late", () => {
  assertEquals(up(LINE, new Set(["a", "c"]), "d"), "+b +d");
});

Deno.test("planDowngrade() leaves the target applied and takes what follows it, last first", () => {
  assertEquals(down(LINE, at(LINE, "d"), "b"), "-d -c");
  assertEquals(down(LINE, at(LINE, "d"), "d"), "");
  assertEquals(down(LINE, at(LINE, "d"), "-2"), "-d -c");
  assertEquals(down(LINE, at(LINE, "d"), "base"), "-d -c -b -a");
  assertEquals(down(LINE, new Set(), "base"), "");
});

Deno.test("planDowngrade() takes only what is applied", () => {
  assertEquals(down(BRANCHED, at(BRANCHED, "c1"), "a"), "-c1 -b");
});

Deno.test("planDowngrade() touches only the branch that follows the target", () => {
  assertEquals(down(BRANCHED, at(BRANCHED, "d1 d2"), "c2"), "-d2");
  assertEquals(down(BRANCHED, at(BRANCHED, "d1 d2"), "two@b"), "-d2 -c2");
  assertEquals(down(BRANCHED, at(BRANCHED, "d1 c2"), "c2@-1"), "-c2");
});

Deno.test("planDowngrade() takes what depends on something that goes", () => {
  assertEquals(down(BRANCHED, at(BRANCHED, "d1 d2"), "one@b"), "-d2 -d1 -c1");
});

Deno.test("planDowngrade() leaves what only depends on the target", () => {
  const g = graph("a\nb: a\nx ~a");
  assertEquals(down(g, at(g, "b x"), "a"), "-b");
});

Deno.test("planDowngrade() to several revisions keeps each of them", () => {
  assertEquals(down(BRANCHED, at(BRANCHED, "d1 d2"), "heads"), "");
  assertEquals(down(BRANCHED, at(BRANCHED, "d1 c2"), "current"), "");
  const keep = { ids: ["b", "c1"], branch: null };
  assertEquals(drawn(planDowngrade(BRANCHED, at(BRANCHED, "d1 d2"), keep)), "-d2 -c2 -d1");
});

Deno.test("planDowngrade() refuses a target that is not applied", () => {
  const error = faultOf(() => down(LINE, at(LINE, "b"), "c"));
  assertEquals(error.code, "revision-not-applied");
  assertEquals(error.message, "cannot go down to c (make c): it is not applied");
});

Deno.test("planDowngrade() tells of each revision what has it go", () => {
  const g = graph("a\nb: a #one\nc: b\nm: c d\nd: a\nx\ny: x ~c\nz: y\nw: b ~c");
  const why = (spec: string) => {
    const applied = new Set(g.order.map(({ id }) => id));
    const plan = planDowngrade(g, applied, resolveDown(parseSpec(spec), g, applied));
    return Object.fromEntries(plan.map(({ revision, because }) => [
      revision.id,
      because === undefined ? "" : `${because.edge === "parent" ? "follows" : "needs"} ${because.id}`,
    ]));
  };
  assertEquals(why("b"), {
    c: "follows b",
    m: "follows c",
    w: "follows b",
    y: "needs c",
    z: "follows y",
  });
  // On the way down one branch, the merge goes for its parent there.
  assertEquals(why("one@b"), why("b"));
  assertEquals(why("x"), { y: "follows x", z: "follows y" });
  assertEquals(why("base").y, "follows x");
  assertEquals(why("base").x, "");
});

Deno.test("planDowngrade() refuses a revision without down.sql, naming all of them", () => {
  const g = graph("a\nb: a !\nc: b\nd: c !");
  assertEquals(down(g, at(g, "d"), "d"), "");
  const error = faultOf(() => down(g, at(g, "d"), "a"));
  assertEquals(error.code, "irreversible");
  assertStringIncludes(
    error.message,
    "2 revisions are irreversible, they have no down.sql: d (make d), b (make b)",
  );
  assertEquals(error.locations.map(({ path }) => path), ["migrations/d/down.sql", "migrations/b/down.sql"]);
  assertEquals(down(g, at(g, "c"), "b"), "-c");
});

Deno.test("planDowngrade() refuses to pull a revision from under one that is not here", () => {
  const rows = (parents: Record<string, string[]>) =>
    new Map(Object.entries(parents).map(([id, list]) => [id, { message: `row ${id}`, parents: list }]));
  const on = (parent: string) =>
    rows({ a: [], b: ["a"], c: ["b"], stranger: [parent], stranger2: ["stranger"] });
  assertEquals(faultOf(() => down(LINE, on("c"), "a")).code, "revision-not-here");
  assertEquals(faultOf(() => down(LINE, on("a"), "a")).code, "revision-not-here");
  assertEquals(
    faultOf(() => down(LINE, on("a"), "base")).message,
    'the database has the revision "stranger" (row stranger), whose folder is not here',
  );
  assertEquals(down(LINE, on("a"), "b"), "-c");
  assertEquals(
    faultOf(() => down(LINE, new Set(["a", "b", "c", "stranger"]), "b")).code,
    "revision-not-here",
  );
});

Deno.test("planDowngrade() on a branch does not mind one that is not here on another", () => {
  const g = graph("a\nb: a #one\nc: a");
  const rows = new Map(
    [["a", []], ["b", ["a"]], ["c", ["a"]], ["stranger", ["c"]]].map((
      [id, parents],
    ) => [id as string, { message: "", parents: parents as string[] }]),
  );
  assertEquals(down(g, rows, "one@a"), "-b");
});

Deno.test("planDowngrade() by one step leaves what is beside the way", () => {
  const g = graph("a1\na2: a1\nb1: a1 ~a2");
  assertEquals(down(g, at(g, "b1"), "-1"), "-b1");
});

Deno.test("planUpgrade() goes on beside a revision that is not here", () => {
  assertEquals(up(LINE, new Set(["a", "stranger"]), "b"), "+b");
});

Deno.test("planGoto() goes down from one branch and up the other", () => {
  assertEquals(goto(BRANCHED, at(BRANCHED, "d1"), "d2"), "-d1 +c2 +d2");
  assertEquals(goto(BRANCHED, at(BRANCHED, "d2"), "d1"), "-d2 -c2 +d1");
  assertEquals(goto(BRANCHED, at(BRANCHED, "d1 d2"), "d1 d2"), "");
  assertEquals(goto(BRANCHED, at(BRANCHED, "d1 d2"), ""), "-d2 -c2 -d1 -c1 -b -a");
  assertEquals(goto(LINE, at(LINE, "b"), "d"), "+c +d");
  assertEquals(goto(LINE, new Set(["a", "c", "d"]), "c"), "-d +b");
});

Deno.test("planGoto() refuses what it cannot take down before anything goes up", () => {
  const g = graph("a\nb: a !\nc: a");
  assertEquals(faultOf(() => goto(g, at(g, "b"), "c")).code, "irreversible");
  assertEquals(faultOf(() => goto(g, new Set(["a", "stranger"]), "c")).code, "revision-not-here");
});
