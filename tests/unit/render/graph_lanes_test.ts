/** A drawn graph says what the graph is, no more and no less. */

import { assert, assertEquals } from "@std/assert";
import {
  CROSSING,
  DOWN,
  laneCount,
  type LaneNode,
  layLanes,
  LEFT,
  NODE,
  RIGHT,
  UP,
} from "../../../src/render/graph_lanes.ts";
import { laneContinuation, laneText } from "../../../src/render/lane_text.ts";
import { RevisionGraph } from "../../../src/revision/graph.ts";
import { graph } from "../revision/graph_literal.ts";
import { below, random, randomRevisions, shuffled } from "../revision/random_graph.ts";
import { readEdges } from "./read_lanes.ts";

function draw(nodes: readonly LaneNode[]): string[] {
  return layLanes(nodes).map((row) => laneText(row, "unicode", "●"));
}

function drawn(literal: string): string {
  return "\n" + draw([...graph(literal).order].reverse()).join("\n") + "\n";
}

Deno.test("a chain is one column", () => {
  assertEquals(drawn("a\nb: a\nc: b"), "\n●\n●\n●\n");
});

Deno.test("a fork and its merge are drawn", () => {
  assertEquals(
    drawn("a\nb: a\nc: a\nd: b c\ne: d"),
    `
●
●
├─╮
│ ●
● │
├─╯
●
`,
  );
});

Deno.test("many branches of one revision take two columns, since a line joins its lane at once", () => {
  assertEquals(
    drawn("a\nb: a\nc: a\nd: a"),
    `
●
│ ●
├─╯
│ ●
├─╯
●
`,
  );
});

Deno.test("chains that have nothing to do with each other stand apart", () => {
  assertEquals(drawn("a\nb: a\nx\ny: x"), "\n●\n●\n\n●\n●\n");
});

Deno.test("a line passes under another without touching it", () => {
  // c follows a, while the lane between them waits for x.
  const nodes = [["h", "a"], ["i", "x"], ["c", "a"], ["x"], ["a"]].map(([id, ...parents]) => ({
    id: id!,
    parents,
  }));
  assertEquals("\n" + draw(nodes).join("\n") + "\n", "\n●\n│ ●\n│ │ ●\n├─│─╯\n│ ●\n●\n");
});

Deno.test("in random graphs, reading the drawing gives each revision once and every edge", () => {
  for (let seed = 1; seed <= 400; seed++) {
    const next = random(seed);
    const order = new RevisionGraph(randomRevisions(next, 1 + below(next, 40))).order;
    const nodes = [...order].reverse();
    const expected = nodes.flatMap(({ id, parents }) => parents.map((parent) => `${id} ${parent}`)).sort();
    assertEquals(readEdges(draw(nodes), nodes.map(({ id }) => id)), expected, `seed ${seed}`);
  }
});

Deno.test("in random orders, of children before their parents, too", () => {
  for (let seed = 1; seed <= 400; seed++) {
    const next = random(seed);
    const nodes = tangled(next, 25);
    const expected = nodes.flatMap(({ id, parents }) => parents.map((parent) => `${id} ${parent}`)).sort();
    assertEquals(readEdges(draw(nodes), nodes.map(({ id }) => id)), expected, `seed ${seed}`);
  }
});

Deno.test("no line runs through a revision, none leads into nothing, and a lane goes from row to row", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const rows = layLanes(tangled(random(seed), 25));
    rows.forEach(({ kind, column, cells }, at) => {
      const where = `seed ${seed}, row ${at}`;
      assertEquals(
        cells.flatMap((cell, i) => (cell & NODE) !== 0 ? [i] : []),
        kind === "node" ? [column] : [],
        where,
      );
      if (kind === "node" || kind === "gap") {
        assert(cells.every((cell) => (cell & (LEFT | RIGHT | CROSSING)) === 0), where);
      }
      const below = rows[at + 1]?.cells ?? [];
      for (let i = 0; i < Math.max(cells.length, below.length); i++) {
        const leaves = ((cells[i] ?? 0) & (DOWN | CROSSING)) !== 0;
        const arrives = ((below[i] ?? 0) & (UP | CROSSING)) !== 0;
        assertEquals(leaves, arrives, `${where}, column ${i}`);
      }
    });
  }
});

Deno.test("parents that are not drawn are left out, and so is one that stands above", () => {
  assertEquals(draw([{ id: "b", parents: ["gone"] }, { id: "a", parents: ["b"] }]), ["●", "", "●"]);
});

Deno.test("ASCII has the same lines at the same places", () => {
  const rows = layLanes(tangled(random(3), 25));
  for (const row of rows) {
    const [unicode, ascii] = [laneText(row, "unicode", "*"), laneText(row, "ascii", "*")];
    assert(/^[\x20-\x7e]*$/.test(ascii));
    assertEquals([...unicode].map((glyph) => glyph === " "), [...ascii].map((glyph) => glyph === " "));
  }
});

Deno.test("under a row stand the lanes that go on from it", () => {
  const rows = layLanes([...graph("a\nb: a\nc: a\nd: b c").order].reverse());
  assertEquals(rows.map((row) => laneText(laneContinuation(row), "unicode", "●")), [
    "│",
    "│ │",
    "│ │",
    "│ │",
    "│",
    "",
  ]);
});

Deno.test("5,000 revisions, tangled or wide, are laid out in a moment", () => {
  const started = performance.now();
  const wide: LaneNode[] = [
    { id: "m", parents: Array.from({ length: 1000 }, (_, i) => `b${i}.3`) },
    ...Array.from({ length: 4 }, (_, k) => 3 - k).flatMap((step) =>
      Array.from(
        { length: 1000 },
        (_, i) => ({ id: `b${i}.${step}`, parents: [step === 0 ? "a" : `b${i}.${step - 1}`] }),
      )
    ),
    { id: "a", parents: [] },
  ];
  assertEquals(laneCount(layLanes(wide)), 1000);
  layLanes([...new RevisionGraph(randomRevisions(random(1), 5000)).order].reverse());
  const ms = performance.now() - started;
  assert(ms < 60_000, `it took ${ms} ms`);
});

/** Revisions in a random order of children before parents, which jumps from branch to branch. */
function tangled(next: () => number, size: number): LaneNode[] {
  const ids = shuffled(next, Array.from({ length: size }, (_, i) => `r${i}`));
  return ids.map((id, at) => {
    const later = ids.slice(at + 1, at + 9);
    return { id, parents: shuffled(next, later).slice(0, [0, 1, 1, 1, 1, 2, 2, 3, 4][below(next, 9)]) };
  });
}
