import { assertEquals, assertStringIncludes } from "@std/assert";
import type { AppliedIds } from "../../../src/revision/applied.ts";
import type { RevisionGraph } from "../../../src/revision/graph.ts";
import { planRedo } from "../../../src/revision/redo.ts";
import { at, drawn, faultOf, graph } from "./graph_literal.ts";

const LINE = graph("a\nb: a\nc: b");
const MERGED = graph("a\nb: a\nc: a\nm: b c\nn: m");

function redo(g: RevisionGraph, applied: AppliedIds, count: number): string {
  return drawn(planRedo(g, applied, count));
}

Deno.test("planRedo() undoes as many revisions as asked for, last first", () => {
  assertEquals(redo(LINE, at(LINE, "c"), 1), "-c");
  assertEquals(redo(LINE, at(LINE, "c"), 3), "-c -b -a");
  assertEquals(redo(LINE, at(LINE, "b"), 1), "-b");
});

Deno.test("planRedo() takes a merge as one revision, with what follows it", () => {
  assertEquals(redo(MERGED, at(MERGED, "m"), 1), "-m");
  assertEquals(redo(MERGED, at(MERGED, "n"), 2), "-n -m");
});

Deno.test("planRedo() chooses no branch below a merge, and says what to type", () => {
  const fault = faultOf(() => redo(MERGED, at(MERGED, "n"), 3));
  assertEquals(fault.code, "walk-ambiguous");
  assertStringIncludes(
    fault.message,
    "cannot redo 3 revisions: m (make m) joins b (make b) and c (make c)",
  );
  assertEquals(fault.hints, [
    "`mig redo 2` goes as far as there is one way",
    "or undo all that b does not need, and apply it again: `mig goto b`, then `mig up n`",
    "or undo all that c does not need, and apply it again: `mig goto c`, then `mig up n`",
  ]);
  assertEquals(faultOf(() => redo(MERGED, at(MERGED, "m"), 2)).hints[0], "`mig redo` takes m alone");
});

Deno.test("planRedo() does not choose between several last revisions", () => {
  const fault = faultOf(() => redo(MERGED, at(MERGED, "b c"), 1));
  assertEquals(fault.code, "walk-ambiguous");
  assertStringIncludes(fault.message, "the database is at 2 revisions, b (make b), c (make c)");
  assertStringIncludes(fault.hints[0]!, "`mig down b@-1`, then `mig up b`");
});

Deno.test("planRedo() leaves what else follows the same parent, and takes what depends on it", () => {
  const g = graph("a\nb: a\nc: a ~b");
  assertEquals(redo(g, at(g, "c"), 1), "-c");
  const needed = graph("a\nb: a\nc: b ~d\nd");
  assertEquals(redo(needed, at(needed, "c"), 2), "-c -b");
});

Deno.test("planRedo() says how many there are", () => {
  assertEquals(
    faultOf(() => redo(LINE, new Set(), 1)).message,
    "no revision is applied, so there is nothing to redo",
  );
  const fault = faultOf(() => redo(LINE, at(LINE, "b"), 3));
  assertEquals(fault.message, "cannot redo 3 revisions: 2 lead to b (make b)");
  assertEquals(fault.hints, ["`mig redo 2` takes them all"]);
});
