/**
 * What a stamp changes. The cases on LINE and BRANCHED are those of Alembic's `stamp` (its tests/test_version_traversal.py): what
 * Alembic keeps are the heads, so "records b" there means that b takes the place of the heads on its lineage.
 */

import { assert, assertEquals } from "@std/assert";
import type { AppliedRevision } from "../../../src/revision/applied.ts";
import { RevisionGraph } from "../../../src/revision/graph.ts";
import { planUpgrade } from "../../../src/revision/plan.ts";
import { resolve } from "../../../src/revision/resolve.ts";
import { parseSpec } from "../../../src/revision/spec.ts";
import { planStamp } from "../../../src/revision/stamp.ts";
import { at, graph, words } from "./graph_literal.ts";
import { below, random, randomRevisions, some } from "./random_graph.ts";

const LINE = graph("a\nb: a\nc: b\nd: c");
const BRANCHED = graph("a\nb: a\nc1: b #one\nd1: c1\nc2: b #two\nd2: c2 ~c1");

function row(id: string, unfinished: AppliedRevision["unfinished"] = null): AppliedRevision {
  return {
    id,
    seq: 0,
    parents: [],
    dependsOn: [],
    labels: [],
    reversible: true,
    message: `make ${id}`,
    upChecksum: "",
    appliedAt: "",
    appliedBy: "",
    durationMs: 1,
    unfinished,
  };
}

/** `-b +a`: rows that go, those that are finished as `=`, those that come. */
function stamp(g: RevisionGraph, rows: readonly AppliedRevision[], specs: string, purge = false): string {
  const applied = new Set(
    rows.filter(({ unfinished }) => unfinished?.direction !== "up").map(({ id }) => id),
  );
  const targets = words(specs).map((spec) => resolve(parseSpec(spec), g, applied));
  const { forget, finish, record } = planStamp(g, rows, targets, purge);
  return [
    ...forget.map(({ id }) => `-${id}`),
    ...finish.map(({ id }) => `=${id}`),
    ...record.map(({ id }) => `+${id}`),
  ].join(" ");
}

const rowsAt = (g: RevisionGraph, tips: string) => g.sort(at(g, tips)).map(({ id }) => row(id));

Deno.test("planStamp() records what leads to the target and forgets what follows it", () => {
  assertEquals(stamp(LINE, [], "c"), "+a +b +c");
  assertEquals(stamp(LINE, rowsAt(LINE, "d"), "b"), "-d -c");
  assertEquals(stamp(LINE, rowsAt(LINE, "b"), "head"), "+c +d");
  assertEquals(stamp(LINE, rowsAt(LINE, "c"), "c"), "");
  assertEquals(stamp(LINE, rowsAt(LINE, "c"), "-1"), "-c");
  assertEquals(stamp(LINE, rowsAt(LINE, "c"), "+1"), "+d");
  assertEquals(stamp(LINE, [row("b")], "c"), "+a +c");
});

Deno.test("planStamp() forgets everything for the base", () => {
  assertEquals(stamp(BRANCHED, rowsAt(BRANCHED, "d1 d2"), "base"), "-d2 -c2 -d1 -c1 -b -a");
  assertEquals(stamp(LINE, [], "base"), "");
});

Deno.test("planStamp() leaves alone what stands beside the target", () => {
  assertEquals(stamp(BRANCHED, rowsAt(BRANCHED, "c2"), "d1"), "+c1 +d1");
  assertEquals(stamp(BRANCHED, rowsAt(BRANCHED, "d1 c2"), "c1"), "-d1");
  assertEquals(stamp(BRANCHED, rowsAt(BRANCHED, "c1 c2"), "one@-1"), "-c1");
});

Deno.test("planStamp() takes dependencies with it, both ways", () => {
  assertEquals(stamp(BRANCHED, [], "d2"), "+a +b +c1 +c2 +d2");
  assertEquals(stamp(BRANCHED, rowsAt(BRANCHED, "d1 d2"), "b c2"), "-d2 -d1 -c1");
});

Deno.test("planStamp() with several targets keeps one that leads to another", () => {
  assertEquals(stamp(BRANCHED, rowsAt(BRANCHED, "d1"), "b d2"), "-d1 +c2 +d2");
  assertEquals(stamp(BRANCHED, [], "heads"), "+a +b +c1 +d1 +c2 +d2");
});

Deno.test("planStamp() with purge forgets every row first, also one that is not in the graph", () => {
  assertEquals(stamp(LINE, [row("a"), row("z")], "b", true), "-z -a +a +b");
  assertEquals(stamp(BRANCHED, rowsAt(BRANCHED, "c2"), "c1", true), "-c2 -b -a +a +b +c1");
});

Deno.test("planStamp() finishes an interrupted revision below the target, and forgets one beyond it", () => {
  const interrupted = row("c", { direction: "up", statementsDone: 2, batchRows: 0 });
  assertEquals(stamp(LINE, [row("a"), row("b"), interrupted], "d"), "=c +d");
  assertEquals(stamp(LINE, [row("a"), row("b"), interrupted], "b"), "-c");
  assertEquals(
    stamp(LINE, [row("a"), row("b", { direction: "down", statementsDone: 1, batchRows: 0 })], "b"),
    "=b",
  );
});

Deno.test("property: a stamp leads where it says, and leaves no revision without what it needs", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const next = random(seed);
    const g = new RevisionGraph(randomRevisions(next, 1 + below(next, 25)));
    const ids = g.order.map(({ id }) => id);
    const before = g.ancestors(some(next, ids, 0.2));
    const targets = some(next, ids, 0.1);
    const selection = { ids: targets, branch: null };
    const { forget, finish, record } = planStamp(g, [...before].map((id) => row(id)), [selection], false);
    const after = new Set(before);
    for (const { id } of forget) assert(after.delete(id), `seed ${seed}: ${id} was not there`);
    for (const { id } of record) assert(!after.has(id) && after.add(id), `seed ${seed}: ${id} was there`);
    assertEquals(finish, []);
    assertEquals([...g.ancestors(after)].sort(), [...after].sort(), `seed ${seed}: not closed`);
    assertEquals(planUpgrade(g, after, targets), [], `seed ${seed}: not at the targets`);
    const beyond = g.descendants(targets.flatMap((id) => g.children(id).map(({ id }) => id)));
    const left = [...after].filter((id) => beyond.has(id) && !g.ancestors(targets).has(id));
    assertEquals(left, [], `seed ${seed}: something after the targets is left`);
    if (targets.length === 0) assertEquals(after.size, 0, `seed ${seed}: the base keeps nothing`);
  }
});
