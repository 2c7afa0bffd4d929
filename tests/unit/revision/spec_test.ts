import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Anchor, parseSpec } from "../../../src/revision/spec.ts";
import { faultOf } from "./graph_literal.ts";
import { below, pick, random } from "./random_graph.ts";

function read(text: string): [branch: string | null, anchor: string, steps: number] {
  const { branch, anchor, steps } = parseSpec(text);
  return [branch, nameOf(anchor), steps];
}

function nameOf(anchor: Anchor): string {
  return anchor.kind === "name" ? anchor.name : `<${anchor.kind}>`;
}

const FORMS: readonly [text: string, branch: string | null, anchor: string, steps: number][] = [
  ["3f9a1c2b", null, "3f9a1c2b", 0],
  ["3F9A", null, "3f9a", 0],
  [" head ", null, "<head>", 0],
  ["HEAD", null, "<head>", 0],
  ["heads", null, "<heads>", 0],
  ["base", null, "<base>", 0],
  ["current", null, "<current>", 0],
  ["+2", null, "<database>", 2],
  ["-1", null, "<database>", -1],
  ["3f9a+2", null, "3f9a", 2],
  ["3f9a-10", null, "3f9a", -10],
  ["head-1", null, "<head>", -1],
  ["base+1", null, "<base>", 1],
  ["shop@head", "shop", "<head>", 0],
  ["Shop@3F9A", "shop", "3f9a", 0],
  ["shop@+1", "shop", "<database>", 1],
  ["shop@-1", "shop", "<database>", -1],
  ["shop@base+2", "shop", "<base>", 2],
  ["phone_number", null, "phone_number", 0],
  ["phone number", null, "phone number", 0],
  ["two-words", null, "two-words", 0],
];

Deno.test("a spec with its two sides of the @ exchanged is told how to be written", () => {
  for (const [text, right] of [["head@billing", "billing@head"], ["BASE@x", "x@base"]] as const) {
    const error = faultOf(() => parseSpec(text));
    assertEquals(error.code, "usage");
    assertStringIncludes(error.message, `the branch comes before the @, as in ${right}`);
  }
});

Deno.test("parseSpec() takes every form of a spec apart", () => {
  for (const [text, ...parts] of FORMS) assertEquals(read(text), parts, text);
});

Deno.test("parseSpec() keeps the whole name, since an id may end in what looks like steps", () => {
  assertEquals(parseSpec("feature-2").anchor, { kind: "name", name: "feature", whole: "feature-2" });
});

Deno.test("parseSpec() refuses what has no form, and says which forms there are", () => {
  for (const text of ["", "  ", "@head", "shop@", "a@b@c"]) {
    const error = faultOf(() => parseSpec(text));
    assertEquals(error.code, "usage");
    assertStringIncludes(error.message, `cannot read "${text}" as a revision`);
    assertStringIncludes(error.hints[0]!, "<label>@head");
  }
});

Deno.test("parseSpec() gives a spec or a usage error for whatever is typed", () => {
  const next = random(11);
  const pieces = [
    "@",
    "+",
    "-",
    "1",
    "99999999999999999999999",
    "head",
    "a",
    " ",
    "\n",
    "🐘",
    "..",
    ":",
    "'",
    "\0",
    "%s",
  ];
  for (let round = 0; round < 2000; round++) {
    const text = Array.from({ length: below(next, 6) }, () => pick(next, pieces)).join("");
    let usage = false;
    try {
      assertEquals(parseSpec(text).text, text);
    } catch (error) {
      usage = (error as { code?: string }).code === "usage";
      assert(usage, `${JSON.stringify(text)}: ${error}`);
    }
  }
});
