import { assertEquals, assertStringIncludes } from "@std/assert";
import type { AppliedIds } from "../../../src/revision/applied.ts";
import { RevisionGraph } from "../../../src/revision/graph.ts";
import { resolve, resolveDown, resolveUp } from "../../../src/revision/resolve.ts";
import { parseSpec } from "../../../src/revision/spec.ts";
import { graphWithStored } from "../../../src/revision/stored.ts";
import type { Verb } from "../../../src/revision/walk.ts";
import { at, faultOf, graph, revisions, rowsOf, words } from "./graph_literal.ts";

const NOTHING: AppliedIds = new Set();

/** The ids that a spec stands for, in one line. */
function meaning(spec: string, g: RevisionGraph, applied: AppliedIds = NOTHING, verb?: Verb): string {
  return resolve(parseSpec(spec), g, applied, verb).ids.join(" ");
}

function named(...messages: readonly [id: string, message: string][]): RevisionGraph {
  return new RevisionGraph(messages.map(([id, message]) => ({ ...revisions(id)[0]!, message })));
}

const BRANCHED = graph(`
  a
  b: a
  c1: b #one
  d1: c1
  c2: b #two
  d2: c2
`);

Deno.test("resolve() finds a revision by its id, a prefix that no other has, a label, a slug or its folder", () => {
  const g = named(["3f9a1c2b", "phone number"], ["3f00aaaa", "Créer l'index"], ["91c07d5e", "create users"]);
  assertEquals(meaning("3f9a1c2b", g), "3f9a1c2b");
  assertEquals(meaning("3F9", g), "3f9a1c2b");
  assertEquals(meaning("9", g), "91c07d5e");
  assertEquals(meaning("phone_number", g), "3f9a1c2b");
  assertEquals(meaning("Phone-Number", g), "3f9a1c2b");
  assertEquals(meaning("creer_l_index", g), "3f00aaaa");
  assertEquals(meaning("migrations/91c07d5e/", g), "91c07d5e");
  assertEquals(meaning("two", BRANCHED), "c2");
});

Deno.test("resolve() prefers an id in full to everything that it is the beginning of", () => {
  assertEquals(meaning("ab", named(["ab", "x"], ["abc", "y"], ["f", "ab"])), "ab");
});

Deno.test("resolve() reads an id that ends like steps as that id", () => {
  assertEquals(meaning("a-1", graph("x\na: x\na-1: a")), "a-1");
  assertEquals(meaning("a-2", graph("x\na: x\na-1: a")), "");
});

Deno.test("resolve() knows head, heads, base, and current", () => {
  assertEquals(meaning("head", graph("a\nb: a")), "b");
  assertEquals(meaning("heads", BRANCHED), "d1 d2");
  assertEquals(meaning("base", BRANCHED, at(BRANCHED, "d1")), "");
  assertEquals(meaning("current", BRANCHED, at(BRANCHED, "d1 c2")), "c2 d1");
  assertEquals(meaning("head", graph("")), "");
});

Deno.test("resolve() limits a spec to a branch, named by a label or by a revision of it", () => {
  assertEquals(meaning("one@head", BRANCHED), "d1");
  assertEquals(meaning("d2@head", BRANCHED), "d2");
  assertEquals(meaning("two@head-1", BRANCHED), "c2");
  assertEquals(meaning("two@base+3", BRANCHED), "c2");
  assertEquals(meaning("one@current", BRANCHED, at(BRANCHED, "d1 c2")), "d1");
  assertEquals(meaning("one@c", BRANCHED), "c1");
  assertEquals(
    faultOf(() => meaning("one@d2", BRANCHED)).message,
    'the revision "d2" is not on the branch "one"',
  );
});

Deno.test("resolve() names every head with its message where head could be several", () => {
  const error = faultOf(() => meaning("head", BRANCHED, NOTHING, "up"));
  assertEquals(error.code, "heads-multiple");
  assertStringIncludes(error.message, "2 heads exist, d1 (make d1), d2 (make d2)");
  assertEquals(error.hints, [
    "run `mig merge` to join them",
    "or, as long as c2 is not applied anywhere, let it follow the other: `mig rebase c2 --onto d1`",
    "or name one: `mig up d1`, `mig up d2`",
    "or take them all: `mig up heads`",
  ]);
  assertEquals(error.locations.map(({ path }) => path), [
    "migrations/d1/meta.json",
    "migrations/d2/meta.json",
  ]);
});

Deno.test("resolve() proposes the command that was typed, and no other", () => {
  // Who wants to record something must not be told to run it.
  const specs = ["head", "+1", "b+1", "head-9", "+9", "one@+9"];
  for (const verb of ["up", "down", "goto", "stamp"] as const) {
    for (const spec of specs) {
      const hints = faultOf(() => meaning(spec, BRANCHED, at(BRANCHED, "b"), verb)).hints.join("\n");
      const commands = [...hints.matchAll(/`mig (\w+)/g)].map(([, command]) => command!);
      const others = commands.filter((command) =>
        ![verb, "merge", "rebase", "status", "history"].includes(command)
      );
      assertEquals(others, [], `${verb} ${spec}: ${hints}`);
    }
  }
  const named = faultOf(() => meaning("head", BRANCHED)).hints.slice(2);
  assertEquals(named, ["or name one: d1, d2", "or take them all: heads"]);
});

Deno.test("resolve() points to no file of a revision that only the database has", () => {
  const folder = graph("b001");
  const rows = rowsOf(graph("b001\nb002: b001"), new Set(["b001", "b002"]));
  const error = faultOf(() => meaning("b0", graphWithStored(folder, rows)));
  assertEquals(error.code, "revision-ambiguous");
  assertEquals(error.locations.map(({ path }) => path), ["migrations/b001/meta.json"]);
});

Deno.test("resolve() lists the candidates of an ambiguous prefix or slug", () => {
  const g = named(["3f9a", "phone number"], ["3f9b", "add tags"], ["77", "Add Tags"]);
  const error = faultOf(() => meaning("3F", g));
  assertEquals(error.code, "revision-ambiguous");
  assertEquals(error.message, '"3f" may be any of 2 revisions: 3f9a (phone number), 3f9b (add tags)');
  assertEquals(faultOf(() => meaning("add_tags", g)).code, "revision-ambiguous");
});

Deno.test("resolve() asks back where the beginning of an id is the message of another revision", () => {
  assertEquals(
    faultOf(() => meaning("add", named(["add7", "x"], ["91c0", "add"]))).code,
    "revision-ambiguous",
  );
});

Deno.test("resolve() suggests what was meant by a name that nobody has", () => {
  const g = named(["3f9a1c2b", "phone number"], ["91c07d5e", "create users"]);
  const hint = (name: string) => faultOf(() => meaning(name, g)).hints[0];
  assertEquals(hint("3f8a1c"), "did you mean 3f9a1c2b (phone number)?");
  assertEquals(hint("phone_numbr"), 'did you mean "phone_number"?');
  assertEquals(hint("haed"), 'did you mean "head"?');
  assertEquals(hint("zzzzzz"), "`mig history` lists them all");
  assertEquals(faultOf(() => meaning("x", graph(""))).hints, [
    '`mig new "create users"` makes the first revision',
  ]);
});

Deno.test("resolve() tells a revision that only the database knows from one that nobody knows", () => {
  const g = graph("a");
  const rows = new Map([["a", { message: "make a", parents: [] }], ["ffee12", {
    message: "tags",
    parents: ["a"],
  }]]);
  for (const name of ["ffee12", "ff", "FFEE"]) {
    const error = faultOf(() => meaning(name, g, rows));
    assertEquals(error.code, "revision-not-here");
    assertStringIncludes(
      error.message,
      'the database has the revision "ffee12" (tags), whose folder is not here',
    );
    assertStringIncludes(error.hints[0]!, "git log --all");
  }
  assertEquals(faultOf(() => meaning("f", graph("faa"), rows)).data, { candidates: ["faa", "ffee12"] });
  assertEquals(faultOf(() => meaning("-1", g, rows)).code, "revision-not-here");
  assertEquals(faultOf(() => meaning("current", g, new Set(["a", "x-1"]))).code, "revision-not-here");
  assertEquals(faultOf(() => meaning("x-1", g, new Set(["a", "x-1"]))).code, "revision-not-here");
});

Deno.test("resolve() counts steps from a revision", () => {
  assertEquals(meaning("a+1", BRANCHED), "b");
  assertEquals(meaning("d1-2", BRANCHED), "b");
  assertEquals(meaning("b-2", BRANCHED), "");
  assertEquals(meaning("head-1", graph("a\nb: a")), "a");
});

Deno.test("resolve() says how many revisions there are where steps lead too far", () => {
  const g = graph("a\nb: a\nc: b\nd: c");
  const error = faultOf(() => meaning("+5", g, new Set(["a"]), "up"));
  assertEquals(error.code, "walk-too-far");
  assertEquals(error.message, 'cannot go "+5": only 3 revisions are above a (make a)');
  assertEquals(error.hints, ["`mig up head` goes as far as there is"]);
  assertEquals(error.data, { available: 3 });
  assertEquals(
    faultOf(() => meaning("-3", g, at(g, "b"))).message,
    'cannot go "-3": only 2 revisions are below b (make b)',
  );
  assertEquals(
    faultOf(() => meaning("+1", g, at(g, "d"))).message,
    'cannot go "+1": nothing is above d (make d)',
  );
  assertEquals(faultOf(() => meaning("-1", g)).message, 'cannot go "-1": nothing is below the base');
  assertEquals(
    faultOf(() => meaning("c+9", g)).message,
    'cannot go "c+9": only 1 revision is above c (make c)',
  );
});

Deno.test("resolve() names the choices at a fork, at a merge, and where the database is at several revisions", () => {
  const g = graph("a\nb: a\nc: a\nm: b c");
  const fork = faultOf(() => meaning("+1", g, at(g, "a"), "up"));
  assertEquals(fork.code, "walk-ambiguous");
  assertEquals(fork.message, 'cannot go "+1": 2 ways lead up from a (make a), to b (make b) and c (make c)');
  assertEquals(fork.hints, ["name one: `mig up b`, `mig up c`"]);
  const merge = faultOf(() => meaning("-1", g, at(g, "m")));
  assertEquals(merge.code, "walk-ambiguous");
  assertEquals(merge.data, { choices: ["b", "c"] });
  const several = faultOf(() => meaning("-1", g, at(g, "b c"), "down"));
  assertEquals(several.code, "walk-ambiguous");
  assertEquals(several.hints, [
    "name the one to go down from: `mig down b@-1`",
    "name the one to go down from: `mig down c@-1`",
  ]);
});

Deno.test("resolve() goes on from several revisions as long as only one can be next", () => {
  const g = graph("a\nb: a\nc: a\nm: b c\nn: m");
  assertEquals(meaning("+1", g, at(g, "b c")), "m");
  assertEquals(meaning("+2", g, at(g, "b c")), "n");
  assertEquals(meaning("+2", g, at(g, "b")), "n");
});

Deno.test("resolve() counts a revision that was merged late before those above", () => {
  const g = graph("a\nb: a\nc: b\nd: c");
  const gap = new Set(["a", "c"]);
  assertEquals(meaning("+1", g, gap), "b");
  assertEquals(meaning("+2", g, gap), "d");
  assertEquals(faultOf(() => meaning("+3", g, gap)).data, { available: 2 });
});

Deno.test("resolve() follows a branch through a merge on the way down", () => {
  const g = graph("a\nb: a #left\nc: a #right\nm: b c");
  assertEquals(meaning("right@-1", g, at(g, "m")), "c");
  assertEquals(meaning("left@m-1", g), "b");
});

Deno.test("resolveUp() joins several targets and refuses a step down", () => {
  const specs = (text: string) => words(text).map(parseSpec);
  assertEquals(resolveUp(specs("one@head two@head d1"), BRANCHED, NOTHING), ["d1", "d2"]);
  const error = faultOf(() => resolveUp(specs("-1"), BRANCHED, at(BRANCHED, "b")));
  assertEquals([error.code, error.hints[0]], ["usage", "run `mig down -1`"]);
});

Deno.test("resolveDown() refuses a step up", () => {
  const error = faultOf(() => resolveDown(parseSpec("+1"), BRANCHED, at(BRANCHED, "b")));
  assertEquals([error.code, error.hints[0]], ["usage", "run `mig up +1`"]);
  assertEquals(resolveDown(parseSpec("a+1"), BRANCHED, at(BRANCHED, "d1")).ids, ["b"]);
});
