import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { RevisionGraph } from "../../../src/revision/graph.ts";
import type { Revision } from "../../../src/revision/revision.ts";
import { faultOf, graph, revisions } from "./graph_literal.ts";

const ids = (list: Iterable<Revision>) => [...list].map(({ id }) => id).join(" ");
const sorted = (set: ReadonlySet<string>) => [...set].sort().join(" ");

const BRANCHED = `
  a
  b: a
  c1: b #one
  d1: c1
  c2: b #two
  d2: c2
  e: d1 d2
  x
  y: x ~d1
`;

Deno.test("RevisionGraph knows heads, bases, branch points and merge points", () => {
  const g = graph(BRANCHED);
  assertEquals(g.size, 9);
  assertEquals(ids(g.heads), "e y");
  assertEquals(ids(g.bases), "a x");
  assertEquals(ids(g.branchPoints), "b");
  assertEquals(ids(g.mergePoints), "e");
  assertEquals(ids(g.children("b")), "c1 c2");
  assertEquals(ids(g.dependents("d1")), "y");
  assertEquals(ids(g.children("nobody")), "");
});

Deno.test("RevisionGraph puts each branch in one piece, and equals in the order of their ids", () => {
  assertEquals(ids(graph(BRANCHED).order), "a b c1 d1 c2 d2 e x y");
});

Deno.test("RevisionGraph orders the parents of a merge by their ids, however they are written", () => {
  assertEquals(ids(graph("a\nb: a\nc: a\nm: c b").order), "a b c m");
});

Deno.test("RevisionGraph gives the same order whatever the order of the input", () => {
  const forward = new RevisionGraph(revisions(BRANCHED));
  const backward = new RevisionGraph(revisions(BRANCHED).reverse());
  assertEquals(ids(backward.order), ids(forward.order));
});

Deno.test("RevisionGraph takes a revision that others only depend on for a head", () => {
  assertEquals(ids(graph("a\nb\nc: b ~a").heads), "a c");
});

Deno.test("ancestors() and descendants() include where they start, and follow dependencies unless told not to", () => {
  const g = graph(BRANCHED);
  assertEquals(sorted(g.ancestors(["y"])), "a b c1 d1 x y");
  assertEquals(sorted(g.ancestors(["y"], "parents")), "x y");
  assertEquals(sorted(g.descendants(["c1"])), "c1 d1 e y");
  assertEquals(sorted(g.descendants(["c1"], "parents")), "c1 d1 e");
  assert(g.isAncestor("c1", "y"));
  assert(!g.isAncestor("c1", "y", "parents"));
  assert(g.isAncestor("y", "y"));
});

Deno.test("branchOf() gives everything before and after the revision that carries the label", () => {
  const g = graph(BRANCHED);
  assertEquals(sorted(g.branchOf("two")!), "a b c2 d2 e");
  assertEquals(sorted(g.branchOf("TWO")!), "a b c2 d2 e");
  assertEquals(g.branchOf("three"), undefined);
});

Deno.test("tips() gives the last of a set, even where the set has gaps", () => {
  const g = graph(BRANCHED);
  assertEquals(ids(g.tips(new Set(["a", "b", "c1", "c2"]))), "c1 c2");
  assertEquals(ids(g.tips(new Set(["a", "d1"]))), "d1");
  assertEquals(ids(g.tips(new Set(["d1", "x", "y"]))), "y");
  assertEquals(ids(g.tips(new Set(["d1", "x", "y"]), "parents")), "d1 y");
});

Deno.test("RevisionGraph accepts a label in depends_on and gives the id", () => {
  const g = graph("a #lib\nb: a\nx ~lib");
  assertEquals(g.get("x")!.dependsOn, ["a"]);
  assertEquals(ids(g.dependents("a")), "x");
});

Deno.test("RevisionGraph accepts a dependency that is also the parent", () => {
  const g = graph("a\nb: a ~a");
  assertEquals(ids(g.order), "a b");
  assertEquals(ids(g.dependents("a")), "");
});

Deno.test("RevisionGraph refuses two revisions with one id, naming both files", () => {
  const error = faultOf(() =>
    new RevisionGraph([...revisions("a"), { ...revisions("a")[0]!, path: "migrations/copy" }])
  );
  assertEquals(error.code, "revision-duplicate");
  assertEquals(error.message, 'two revisions have the id "a"');
  assertEquals(error.locations.map(({ path }) => path), [
    "migrations/a/meta.json",
    "migrations/copy/meta.json",
  ]);
});

Deno.test("RevisionGraph refuses a label that two revisions carry, or that is an id", () => {
  assertEquals(faultOf(() => graph("a #x\nb: a #x")).message, 'two revisions have the label "x"');
  assertEquals(faultOf(() => graph("a\nb: a #a")).message, 'the label "a" is also the id of a revision');
});

Deno.test("RevisionGraph names the line of a parent that is not here, and suggests a near id", () => {
  const metadata = '{\n  "id": "3f9a1c2b",\n  "parent": ["91c07d5f"],\n  "message": "phone"\n}\n';
  const phone = { ...revisions("3f9a1c2b: 91c07d5f")[0]!, metadata };
  const error = faultOf(() => new RevisionGraph([phone, ...revisions("91c07d5e")]));
  assertEquals(error.code, "parent-missing");
  assertEquals(error.message, 'the revision "3f9a1c2b" follows "91c07d5f", which is not here');
  assertEquals(error.hints[0], 'did you mean "91c07d5e" (make 91c07d5e)?');
  assertEquals(error.locations, [{
    path: "migrations/3f9a1c2b/meta.json",
    line: 3,
    column: 14,
    excerpt: '  "parent": ["91c07d5f"],',
    length: 10,
    note: undefined,
  }]);
});

Deno.test("RevisionGraph reports every missing reference at once", () => {
  const error = faultOf(() => graph("a: nowhere\nb: a ~nothing"));
  assertEquals(error.errors.map(({ message }) => message), [
    'the revision "a" follows "nowhere", which is not here',
    'the revision "b" depends on "nothing", which is not here',
  ]);
  assertEquals(error.locations.length, 2);
});

Deno.test("RevisionGraph refuses a cycle and names each side", () => {
  const error = faultOf(() => graph("a: c\nb: a\nc: b\nd: c"));
  assertEquals(error.code, "graph-cycle");
  assertEquals(error.locations.map(({ note }) => note), [
    '"c" follows "b"',
    '"b" follows "a"',
    '"a" follows "c"',
  ]);
  assertStringIncludes(error.message, "c → b → a → c");
});

Deno.test("RevisionGraph finds a cycle that goes through a dependency, and a revision that follows itself", () => {
  const error = faultOf(() => graph("a ~b\nb: a"));
  assertEquals(error.code, "graph-cycle");
  assertEquals(error.locations.map(({ note }) => note), ['"b" follows "a"', '"a" depends on "b"']);
  assertEquals(faultOf(() => graph("a: a")).message, 'the revision "a" follows itself');
});

Deno.test("RevisionGraph accepts no revisions at all", () => {
  const g = new RevisionGraph([]);
  assertEquals([g.size, g.heads.length, g.order.length], [0, 0, 0]);
});

Deno.test("RevisionGraph takes a chain of 20,000 revisions, and a fork of as many", () => {
  const name = (i: number) => `r${i}`;
  const revision = (i: number, parent: number | null): Revision => ({
    id: name(i),
    parents: parent === null ? [] : [name(parent)],
    dependsOn: [],
    labels: [],
    message: "",
    path: "",
    reversible: true,
  });
  const count = 20_000;
  const chain = new RevisionGraph(
    Array.from(
      { length: count },
      (_, i) => revision(count - 1 - i, count - 2 - i < 0 ? null : count - 2 - i),
    ),
  );
  assertEquals(chain.order[count - 1]!.id, name(count - 1));
  assertEquals(chain.ancestors([name(count - 1)]).size, count);
  const fork = new RevisionGraph(Array.from({ length: count }, (_, i) => revision(i, i === 0 ? null : 0)));
  assertEquals(fork.heads.length, count - 1);
});
