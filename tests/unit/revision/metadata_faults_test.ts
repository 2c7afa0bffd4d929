import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { MigError } from "../../../src/error.ts";
import { formatMetadata, parseMetadata } from "../../../src/revision/metadata.ts";
import { explainMetadata } from "../../../src/revision/metadata_faults.ts";
import { below, pick, random } from "./random_graph.ts";

const PATH = "migrations/x/meta.json";

/** Each fault as `line:column message`. */
function faults(text: string): string[] {
  assertEquals(parseMetadata(text), null);
  const error = explainMetadata(text, PATH);
  assertEquals(error.code, "metadata-invalid");
  return (error.errors.length === 0 ? [error] : error.errors).map(drawn);
}

function drawn(error: MigError): string {
  const [place] = error.locations;
  return `${place!.line}:${place!.column} ${error.message}`;
}

Deno.test("explainMetadata() reports every fault of a file at once, each with its place", () => {
  const text = `{
  "id": "he ad",
  "parnet": "91c07d5e",
  "message": 7,
  "labels": ["a", 1]
}
`;
  const expected = [
    '1:1 "parent" is missing',
    '2:9 the id "he ad" must hold only the letters a to z, digits, "_" and "-"',
    '3:3 "parnet" is not a key of meta.json',
    '4:14 "message" must be a string',
    '5:19 "labels" must be a label or a list of labels',
  ];
  assertEquals(faults(text), expected);
  // As Windows writes it.
  assertEquals(faults(`\uFEFF${text.replaceAll("\n", "\r\n")}`), expected);
});

Deno.test("explainMetadata() names the known keys and the one that was meant", () => {
  const hintFor = (key: string) =>
    explainMetadata(`{"id":"x","parent":null,"message":"m","${key}":"y"}`, PATH).hints[0]!;
  assertStringIncludes(hintFor("mesage"), 'did you mean "message"?');
  assertStringIncludes(hintFor("down_revision"), 'did you mean "parent"?');
  assertStringIncludes(hintFor("branch_labels"), 'did you mean "labels"?');
  assertEquals(hintFor("zzz"), 'the keys are "id", "parent", "message", "labels", "depends_on"');
});

Deno.test("explainMetadata() finds a key that stands twice, the second time", () => {
  assertEquals(faults('{\n"id": "a",\n"id": "b",\n"parent": null, "message": ""}'), [
    '3:1 the key "id" stands here a second time',
  ]);
});

Deno.test("explainMetadata() shows where JSON goes wrong", () => {
  assertEquals(faults('{\n  "id": "x"\n  "parent": null,\n  "message": "m"\n}'), [
    "3:3 JSON wants a comma before this",
  ]);
  assertEquals(faults('{"id": "x", "parent": null, "message": "m",}')[0]!.split(" ")[0], "1:44");
  assertEquals(faults('{"id": "x", "parent": nil, "message": "m"}'), [
    "1:23 this is not a value of JSON; strings stand in double quotes",
  ]);
  assertEquals(faults('{"id": "x", // me\n "parent": null, "message": "m"}'), ["1:13 JSON has no comments"]);
  assertEquals(faults(" \n"), ["1:1 meta.json is empty"]);
});

Deno.test("explainMetadata() counts columns in code points, after a byte order mark", () => {
  const text = '\uFEFF{"message": "🐘🐘", "id": "-x", "parent": null}';
  assertEquals(faults(text), ['1:25 the id "-x" must not begin with "-"']);
  assertEquals(
    explainMetadata(text, PATH).locations[0]!.excerpt,
    '{"message": "🐘🐘", "id": "-x", "parent": null}',
  );
});

Deno.test("explainMetadata() refuses ids that mean something else or are too long", () => {
  const messageFor = (id: string) =>
    explainMetadata(`{"id":"${id}","parent":null,"message":"m"}`, PATH).message;
  for (const word of ["head", "HEADS", "base", "current"]) {
    assertStringIncludes(messageFor(word), "is a word of mig's own");
  }
  assertStringIncludes(messageFor("-1"), 'must not begin with "-"');
  assertStringIncludes(messageFor("+1"), "must hold only");
  assertStringIncludes(messageFor(""), "must not be empty");
  assertStringIncludes(messageFor("x".repeat(65)), "at most 64 characters; it has 65");
});

Deno.test("explainMetadata() survives brackets nested deeper than the stack", () => {
  assertEquals(faults("[".repeat(60_000) + "]".repeat(60_000)).length, 1);
});

Deno.test("explainMetadata() finds a fault with a place in whatever parseMetadata() refuses", () => {
  const sound = formatMetadata({
    id: "3f9a1c2b",
    parents: ["a", "b"],
    dependsOn: ["c"],
    labels: ["d"],
    message: "m 🐘",
  });
  const pieces = [
    '"',
    ",",
    ":",
    "{",
    "}",
    "[",
    "]",
    "\\",
    "\n",
    "\r\n",
    "\t",
    "null",
    "7",
    '"id"',
    "🐘",
    "\uFEFF",
    "//",
    "",
    "head",
  ];
  const next = random(7);
  let refused = 0;
  for (let round = 0; round < 2000; round++) {
    let text = sound;
    for (let edits = 1 + below(next, 3); edits > 0; edits--) {
      const start = below(next, text.length);
      text = text.slice(0, start) + pick(next, pieces) + text.slice(start + below(next, 4));
    }
    if (parseMetadata(text) !== null) continue;
    refused++;
    const error = explainMetadata(text, PATH);
    for (const { locations } of error.errors.length === 0 ? [error] : error.errors) {
      const { line, column, excerpt } = locations[0]!;
      assert(line! >= 1 && column! >= 1 && column! <= [...excerpt!].length + 1, JSON.stringify(text));
    }
  }
  assert(refused > 500);
});
