import { assert, assertEquals } from "@std/assert";
import { MigError } from "../../../src/error.ts";
import { formatMetadata, type Metadata, parseMetadata } from "../../../src/revision/metadata.ts";
import { explainMetadata } from "../../../src/revision/metadata_faults.ts";
import { readChain } from "../../../src/storage/chain.ts";
import { below, pick, type Random, random } from "./random_graph.ts";

const SEEDS = [
  '{"id": "3f9a1c2b", "parent": null, "message": "create users"}',
  '{\r\n  "id": "a-b_c",\r\n  "parent": ["x", "y"],\r\n  "message": "it\'s \\"so\\" 🐘",\r\n  "labels": "l"\r\n}\r\n',
  '\uFEFF{"message":"m","parent":"p","id":"q","depends_on":["r"],"labels":["s","t"]}',
];

const PIECES = [
  ...'"{}[]:,\\/-.0 \t\n\r',
  "\\u0000",
  "\\ud800",
  "\\n",
  "\0",
  "null",
  "true",
  "1e999",
  '"id"',
  '"parent": ',
  '"__proto__": {}, ',
  '"constructor": 7, ',
  "//",
  "/*",
  "é",
  "🐘",
  "\ud83d",
  "\u2028",
  "../",
  "$(id)",
  "head",
];

function mutated(next: Random): string {
  let text = pick(next, SEEDS);
  for (let edits = below(next, 5); edits > 0; edits--) {
    const at = below(next, text.length + 1);
    text = text.slice(0, at) + (next() < 0.75 ? pick(next, PIECES) : "") + text.slice(at + below(next, 4));
  }
  return text;
}

const randomText = (next: Random) =>
  Array.from({ length: below(next, 40) }, () => pick(next, PIECES)).join("");

function assertSound({ id, parents, dependsOn, labels, message }: Metadata, text: string): void {
  for (const name of [id, ...parents, ...dependsOn, ...labels]) {
    assert(/^[a-z0-9_-]+$/.test(name), `${JSON.stringify(text)} has the name ${JSON.stringify(name)}`);
  }
  assert(!/\p{Cc}/u.test(message), `the message of ${JSON.stringify(text)}`);
}

Deno.test("30,000 mutated and random meta.json give a sound revision or an error with a place", () => {
  const next = random(2026);
  let read = 0, refused = 0;
  const started = performance.now();
  for (let round = 0; round < 30_000; round++) {
    const text = round % 5 === 0 ? randomText(next) : mutated(next);
    try {
      const metadata = parseMetadata(text);
      if (metadata !== null) {
        read++;
        assertSound(metadata, text);
        assertEquals(parseMetadata(formatMetadata(metadata)), metadata, JSON.stringify(text));
        continue;
      }
      refused++;
      const error = explainMetadata(text, "m/meta.json");
      for (const part of error.errors.length === 0 ? [error] : error.errors) {
        assertEquals(part.code, "metadata-invalid");
        assert(part.message !== "" && part.locations[0]!.line! >= 1, JSON.stringify(text));
      }
    } catch (error) {
      throw new Error(`round ${round}: ${JSON.stringify(text)}`, { cause: error });
    }
  }
  assert(read > 2000 && refused > 10_000, `${read} read, ${refused} refused`);
  assert(performance.now() - started < 60_000, "it hangs");
});

Deno.test("large and deep ones end soon, too", () => {
  const started = performance.now();
  for (
    const text of [
      "[".repeat(60_000),
      '{"a":'.repeat(10_000),
      `{"id": "${"x".repeat(60_000)}"}`,
      `{"id": "a", "parent": [${'"b",'.repeat(15_000)}"c"], "message": "m"}`,
      '"'.repeat(60_001),
      "\\".repeat(60_000),
      `{${'"k": 1,'.repeat(8000)}}`,
      " ".repeat(60_000),
      "\n".repeat(60_000),
    ]
  ) {
    if (parseMetadata(text) === null) assert(explainMetadata(text, "p").message !== "");
  }
  assert(performance.now() - started < 20_000, "it hangs");
});

Deno.test("readChain() gives revisions or an error for 2,000 files of mutated bytes", async () => {
  const next = random(5);
  const folder = await Deno.makeTempDir({ prefix: "mig-fuzz-" });
  await Deno.mkdir(`${folder}/one`);
  await Deno.writeTextFile(`${folder}/one/up.sql`, "");
  const encoder = new TextEncoder();
  let read = 0;
  try {
    for (let round = 0; round < 2000; round++) {
      const bytes = encoder.encode(mutated(next));
      if (next() < 0.3 && bytes.length > 0) bytes[below(next, bytes.length)] = below(next, 256);
      await Deno.writeFile(`${folder}/one/meta.json`, bytes);
      try {
        read += (await readChain(folder)).length;
      } catch (error) {
        if (!(error instanceof MigError)) throw new Error(`bytes ${[...bytes]}`, { cause: error });
        assert(["metadata-invalid", "file-failed"].includes(error.code), error.code);
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  assert(read > 200, `only ${read} were read`);
});
