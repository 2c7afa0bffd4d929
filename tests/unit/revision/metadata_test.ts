import { assertEquals } from "@std/assert";
import { formatMetadata, parseMetadata } from "../../../src/revision/metadata.ts";

Deno.test("parseMetadata() reads a base, a follower and a merge", () => {
  const parentsOf = (parent: string) =>
    parseMetadata(`{"id": "x1", "parent": ${parent}, "message": "m"}`)?.parents;
  assertEquals(parentsOf("null"), []);
  assertEquals(parentsOf('"a1"'), ["a1"]);
  assertEquals(parentsOf('["a1", "b2"]'), ["a1", "b2"]);
  assertEquals(parentsOf("[]"), []);
});

Deno.test("parseMetadata() reads labels and dependencies, alone or in a list", () => {
  const one = parseMetadata('{"id":"x","parent":null,"message":"m","labels":"shop","depends_on":"a1"}');
  assertEquals([one?.labels, one?.dependsOn], [["shop"], ["a1"]]);
  const more = parseMetadata(
    '{"id":"x","parent":null,"message":"m","labels":["shop","till"],"depends_on":["a1","b2"]}',
  );
  assertEquals([more?.labels, more?.dependsOn], [["shop", "till"], ["a1", "b2"]]);
});

Deno.test("parseMetadata() folds ids and labels to lower case and leaves the message as it is", () => {
  assertEquals(
    parseMetadata('{"id":"3F9A","parent":"91C0","message":"Phone Number","labels":"Shop","depends_on":"AB"}'),
    {
      id: "3f9a",
      parents: ["91c0"],
      dependsOn: ["ab"],
      labels: ["shop"],
      message: "Phone Number",
    },
  );
});

Deno.test("parseMetadata() reads what is written plainly as it does by the rules", () => {
  const words = ["3f9a1c2b", "head", "Base", "-a", "a-b_c", "", "ä", "x".repeat(64), "x".repeat(65)];
  const messages = [
    "create users",
    "",
    "a {b} c",
    "naïve 🙂",
    "tab\there",
    "line\nend",
    "\u0085",
    "back\\slash",
  ];
  for (const id of words) {
    for (const parent of [...words, null]) {
      for (const message of messages) {
        // Lists have to be read by the rules.
        const lists = { labels: [], depends_on: [] };
        for (const space of [undefined, 2, "\t"]) {
          assertEquals(
            parseMetadata(JSON.stringify({ id, parent, message }, null, space)),
            parseMetadata(JSON.stringify({ id, parent, message, ...lists }, null, space)),
          );
        }
      }
    }
  }
});

Deno.test("parseMetadata() accepts a byte order mark and CRLF", () => {
  assertEquals(parseMetadata('\uFEFF{\r\n"id": "x",\r\n"parent": null,\r\n"message": "m"\r\n}\r\n')?.id, "x");
});

Deno.test("parseMetadata() gives null for what explainMetadata() has to explain", () => {
  for (
    const text of [
      "",
      "{",
      "[]",
      "null",
      "{}",
      '{"id":"x","parent":null}',
      '{"id":"x","parent":null,"message":"m","extra":1}',
      '{"id":"x","id":"x","parent":null,"message":"m"}',
      '{"id":"head","parent":null,"message":"m"}',
      '{"id":"x","parent":["a","A"],"message":"m"}',
      '{"id":["x"],"parent":null,"message":"m"}',
      '{"id":"x","parent":7,"message":"m"}',
      '{"id":"x","parent":null,"message":7}',
    ]
  ) {
    assertEquals(parseMetadata(text), null, text);
  }
});

Deno.test("parseMetadata() is not fooled by what looks like a key inside a string", () => {
  assertEquals(
    parseMetadata(String.raw`{"id":"x","parent":null,"message":"a \"id\": b"}`)?.message,
    'a "id": b',
  );
});

Deno.test("formatMetadata() writes one key a line and leaves out what says nothing", () => {
  const base = { id: "91c07d5e", parents: [], dependsOn: [], labels: [], message: 'create "users"' };
  assertEquals(
    formatMetadata(base),
    '{\n  "id": "91c07d5e",\n  "parent": null,\n  "message": "create \\"users\\""\n}\n',
  );
  assertEquals(
    formatMetadata({ id: "m", parents: ["a", "b"], dependsOn: ["c"], labels: ["x", "y"], message: "join" }),
    '{\n  "id": "m",\n  "parent": ["a", "b"],\n  "message": "join",\n  "labels": ["x", "y"],\n  "depends_on": "c"\n}\n',
  );
});

Deno.test("parseMetadata() reads back what formatMetadata() writes", () => {
  for (const parents of [[], ["a"], ["a", "b"]]) {
    const metadata = { id: "x", parents, dependsOn: ["q"], labels: ["l"], message: "naïve \u2028 🐘" };
    assertEquals(parseMetadata(formatMetadata(metadata)), metadata);
  }
});
