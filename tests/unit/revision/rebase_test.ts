/** What a rebase decides, and what it leaves of a meta.json. */

import { assert, assertEquals } from "@std/assert";
import { parseMetadata } from "../../../src/revision/metadata.ts";
import { planRebase, withParent } from "../../../src/revision/rebase.ts";
import { RevisionGraph } from "../../../src/revision/graph.ts";
import { faultOf, graph } from "./graph_literal.ts";
import { pick, random, randomRevisions } from "./random_graph.ts";

const FORK = "a\nb1: a\nb2: b1\nc1: a\nc2: c1\nm: b2 c2\nx";

function plan(drawing: string, id: string, onto: string | null, from?: string): string {
  const drawn = graph(drawing);
  return planRebase(drawn, drawn.get(id)!, onto, from).parents.join(" ");
}

Deno.test("planRebase() puts one parent in the place of another", () => {
  assertEquals(plan(FORK, "c1", "b2"), "b2");
  assertEquals(plan(FORK, "x", "a"), "a");
  assertEquals(plan(FORK, "b1", null), "");
  assertEquals(plan(FORK, "m", "x", "b2"), "x c2");
  assertEquals(plan(FORK, "m", "b1", "b2"), "b1 c2");
  assertEquals(plan(FORK, "c1", "a"), "a");
});

Deno.test("planRebase() refuses a circle, by parents and by dependencies", () => {
  const after = faultOf(() => plan(FORK, "b1", "m"));
  assertEquals(after.code, "graph-cycle");
  assertEquals(after.hints, ["`mig history b1:m` shows the way from one to the other"]);
  assertEquals(faultOf(() => plan(FORK, "b1", "b1")).message, "cannot rebase b1 (make b1) onto itself");
  const dependent = faultOf(() => plan("a\nb: a\nc ~b", "b", "c"));
  assertEquals(dependent.code, "graph-cycle");
  assert(dependent.message.includes("depends on it"));
});

Deno.test("planRebase() asks which parent of a merge is meant, and names the commands", () => {
  const error = faultOf(() => plan(FORK, "m", "x"));
  assertEquals(error.code, "walk-ambiguous");
  assertEquals(error.hints, [
    "name it: `mig rebase m --onto x --from b2`",
    "name it: `mig rebase m --onto x --from c2`",
  ]);
});

Deno.test("planRebase() refuses what would make no sense of a merge", () => {
  assertEquals(faultOf(() => plan(FORK, "m", null, "b2")).code, "usage");
  assertEquals(faultOf(() => plan(FORK, "m", "c2", "b2")).code, "usage");
  assertEquals(
    faultOf(() => plan(FORK, "c1", "x", "b1")).message,
    'c1 (make c1) does not follow "b1": it follows a',
  );
});

Deno.test("withParent() changes the parent and not one other character", () => {
  const cases: readonly (readonly [text: string, from: string | null, to: string | null, result: string])[] =
    [
      ['{"id":"b","parent":"a","message":"parent"}', "a", "x", '{"id":"b","parent":"x","message":"parent"}'],
      [
        '\uFEFF{\r\n\t"parent" : "A" ,\r\n "id":"b","message":""}\r\n',
        "a",
        "x",
        '\uFEFF{\r\n\t"parent" : "x" ,\r\n "id":"b","message":""}\r\n',
      ],
      [
        '{"message":"\\"parent\\": \\"a\\"","id":"b", "parent": null}',
        null,
        "x",
        '{"message":"\\"parent\\": \\"a\\"","id":"b", "parent": "x"}',
      ],
      ['{"id":"b","parent":"a","message":""}', "a", null, '{"id":"b","parent":null,"message":""}'],
      [
        '{"id":"b","parent":[ "a",\n "C" ],"message":""}',
        "c",
        "x",
        '{"id":"b","parent":[ "a",\n "x" ],"message":""}',
      ],
      ['{"id":"b","parent":["a"],"message":""}', "a", "x", '{"id":"b","parent":["x"],"message":""}'],
      ['{"id":"b","parent":["a"],"message":""}', "a", null, '{"id":"b","parent":null,"message":""}'],
      ['{"id":"b","parent":[],"message":""}', null, "x", '{"id":"b","parent":"x","message":""}'],
      [
        '{"id":"b","par\\u0065nt":"a","message":"é\ud83d\ude00"}',
        "a",
        "x",
        '{"id":"b","par\\u0065nt":"x","message":"é\ud83d\ude00"}',
      ],
    ];
  for (const [text, from, to, result] of cases) {
    assertEquals(withParent(text, { from, to }), result);
    assertEquals(parseMetadata(result)?.parents.includes(to ?? "none"), to !== null, result);
  }
});

Deno.test("in random graphs a rebase is refused, or gives a graph without a circle in which all else is as before", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const next = random(seed);
    const drawn = new RevisionGraph(randomRevisions(next, 14));
    const revision = pick(next, drawn.order);
    const onto = pick(next, [...drawn.order.map(({ id }) => id), null]);
    const from = revision.parents.length > 1 ? pick(next, revision.parents) : undefined;
    let parents: readonly string[];
    try {
      parents = planRebase(drawn, revision, onto, from).parents;
    } catch (error) {
      assert(
        (error as { code?: string }).code === "usage" || drawn.isAncestor(revision.id, onto!),
        `seed ${seed}: ${error}`,
      );
      continue;
    }
    // Throws for a circle.
    const after = new RevisionGraph(
      drawn.order.map((other) => other === revision ? { ...other, parents } : other),
    );
    assertEquals(onto === null ? parents.length : Number(!parents.includes(onto)), 0);
    assertEquals(after.size, drawn.size);
    assertEquals(parents.length, onto === null ? 0 : Math.max(1, revision.parents.length));
  }
});

Deno.test("withParent() leaves a byte order mark and the line endings of Windows", () => {
  const text = (parent: string) =>
    `\uFEFF{\r\n  "id": "x",\r\n  "parent": ${parent},\r\n  "message": "m"\r\n}\r\n`;
  assertEquals(withParent(text('"a"'), { from: "a", to: "b" }), text('"b"'));
  assertEquals(withParent(text('["a",\r\n "c"]'), { from: "c", to: "b" }), text('["a",\r\n "b"]'));
  assertEquals(parseMetadata(text('"b"'))?.parents, ["b"]);
});
