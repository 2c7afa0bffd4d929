import { assertEquals } from "@std/assert";
import { checksum } from "../../../src/revision/checksum.ts";
import { checksumOf, sizeText } from "../../../src/revision/large_text.ts";
import { notKept, notKeptText } from "../../../src/revision/not_kept.ts";
import { parseScript } from "../../../src/sql/script.ts";
import { assertThrows } from "@std/assert";
import { fileOf } from "../sql/stream/file_of.ts";

Deno.test("checksumOf() has the checksum of the text, wherever it is cut", () => {
  for (
    const text of [
      "",
      "\uFEFF",
      "\uFEFFa",
      "a\r\nb\rc\n",
      "\r\n",
      "\r",
      "\r\r\n\n\r",
      "é😀\r\n",
      "ï",
      "\uFEFF\r\n\uFEFF",
    ]
  ) {
    for (const cuts of [[1], [2], [3, 1], [100]]) {
      assertEquals(checksumOf(fileOf(text, cuts)), checksum(text), JSON.stringify([text, cuts]));
    }
  }
});

Deno.test("sizeText() says sizes as people do", () => {
  assertEquals([0, 1023, 1024, 9_961_472, 209_715_200, 1 << 30].map(sizeText), [
    "0 bytes",
    "1023 bytes",
    "1.0 kB",
    "9.5 MB",
    "200 MB",
    "1.0 GB",
  ]);
});

Deno.test("notKept() reads what notKeptText() wrote, and nothing else", () => {
  const facts = { bytes: 1_234_567_890, checksum: "0f".repeat(32) };
  assertEquals(notKept(notKeptText(facts)), facts);
  assertEquals(notKept("select 1;"), null);
  assertEquals(notKept("-- mig: not-kept 12\n"), null);
});

Deno.test("what stands for a file that is not kept is refused wherever it is taken for SQL", () => {
  const text = notKeptText({ bytes: 1, checksum: "0f".repeat(32) });
  assertThrows(() => parseScript(text, "down.sql"), Error, 'there is no directive "not-kept"');
});
