import { assertEquals } from "@std/assert";
import { MigError } from "../../../../src/error.ts";
import type { LargeText } from "../../../../src/revision/large_text.ts";
import { checkScript } from "../../../../src/sql/classify.ts";
import { decodeSql } from "../../../../src/sql/decode.ts";
import { parseScript } from "../../../../src/sql/script.ts";
import { checkLargeScript, readLargeScript } from "../../../../src/sql/stream/script.ts";
import { corpusCases } from "../corpus.ts";
import { fileOf } from "./file_of.ts";

interface Found {
  readonly statements: readonly {
    text: string;
    start: number;
    end: number;
    line: number;
    copyData?: string;
  }[];
  readonly transaction: boolean;
}

type Outcome = Found | readonly { code: string; message: string; locations: unknown; hints: unknown }[];

function outcomeOf(read: () => Found): Outcome {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof MigError)) throw error;
    const parts = error.errors.length > 0 ? error.errors : [error];
    return parts.slice(0, 5).map(({ code, message, locations, hints }) => ({
      code,
      message,
      locations,
      hints,
    }));
  }
}

function whole(text: string): Found {
  const script = parseScript(decodeSql(new TextEncoder().encode(text), "up.sql"), "up.sql");
  checkScript(script, "up.sql", "up");
  return { statements: script.statements, transaction: script.directives.transaction };
}

function streamed(file: LargeText): Found {
  const script = checkLargeScript(file, "up.sql", "up");
  const statements = [];
  for (const { text, start, end, line, data } of readLargeScript(script, "up.sql", "up")) {
    statements.push({
      text,
      start,
      end,
      line,
      ...(data === undefined ? {} : { copyData: [...data].join("") }),
    });
  }
  assertEquals(script.count, statements.length);
  return { statements, transaction: script.directives.transaction };
}

/** Pieces of these sizes, over and over. */
const CUTS = [[1], [2], [3, 1], [7, 2, 13], [64], [100_000]];

function assertSame(text: string, name: string): void {
  const expected = outcomeOf(() => whole(text));
  for (const cuts of CUTS) {
    assertEquals(outcomeOf(() => streamed(fileOf(text, cuts))), expected, `${name}, cut ${cuts.join(" ")}`);
  }
}

for (const ending of ["\n", "\r\n", "\r"] as const) {
  Deno.test(`a file in pieces has the statements of the whole: the corpus with ${JSON.stringify(ending)}`, () => {
    for (const { name, text } of corpusCases(ending)) assertSame(text, name);
  });
}

const CASES: Readonly<Record<string, string>> = {
  "nothing": "",
  "space alone": " \r\n\t\n",
  "comments alone": "-- one;\n/* two; /* three; */ */\n--",
  "a semicolon alone": ";",
  "data with every escape": "copy t from stdin;\na\\tb\\n\\\\.\t\\N\n\\.x\n😀\\.\n\n\\.\nselect 1;",
  "data with CR LF": "copy t from stdin; -- the data\r\n1\t2\r\n\\.\r\nselect 1;",
  "data to the end of the file": "copy t from stdin;\n1\n\\.",
  "no data": "copy t from stdin;\n\\.\ncopy u from stdin;\n\\.\n",
  "data that does not end": "select 1;\ncopy t from stdin;\n1\n2\n\\. x",
  "a COPY without a semicolon": "select 1;\n\ncopy t from stdin",
  "something behind the semicolon of a COPY": "copy t from stdin; select 1;\n1\n\\.\n",
  "the line end of an old Mac": "copy t from stdin;\r1\r\\.\r",
  "a quote that does not end": "select 1;\n😀 select 'it''s",
  "a comment that does not end": "select 1;\n  /* /* */ ;",
  "a tag that does not end": "do $a$ begin; $b$ end;",
  "a body that does not end": "create function f() returns int begin atomic select 1;",
  "commands of psql": "\\restrict abc\nselect 1;\n\\i other.sql\nselect 2 \\gset\n\\.\n\\unrestrict abc\n",
  "directives": "-- mig: lock-timeout 5s\r\n-- mig: no-transaction\nselect 1;",
  "a directive that is not one": "/* a */ -- mig: bogus 😀\nselect 1;",
  "a directive that comes too late": "select 1;\n-- mig: no-transaction\nselect 2;",
  "what cannot run": "select '😀';  begin;\nvacuum;\r\ncreate index concurrently on t (x);\n commit",
  "an E string that goes on": "select E'a\\';' \n -- b\n 'c\\';d'; select 2;",
  "a byte order mark": "\uFEFFselect 1;\ncopy t from stdin;\n\uFEFF\n\\.\n",
  "a NUL": "select 1;\n select '\0';",
  "a long line": `select '${"😀".repeat(3000)}' begin; ${" ".repeat(2000)} commit;`,
};
for (const [name, text] of Object.entries(CASES)) {
  Deno.test(`a file in pieces is read as the whole: ${name}`, () => assertSame(text, name));
}

Deno.test("files made at random are read in pieces as the whole", () => {
  const parts = [
    ...[
      "'",
      '"',
      "$$",
      "$a$",
      "E'",
      "\\",
      ";",
      "\n",
      "\r\n",
      "\r",
      "--",
      "/*",
      "*/",
      "(",
      ")",
      " ",
      "é",
      "😀",
      "U&'",
    ],
    ...[
      "copy t from stdin;\n",
      "\\.\n",
      "\n\\.\r\n",
      "begin atomic ",
      "end;",
      "create function f() ",
      "select 1;",
    ],
    ...["-- mig: no-transaction\n", "\\restrict x\n", "commit;", "savepoint a;", "1\tx\n"],
  ];
  let seed = 4;
  const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  for (let round = 0; round < 1500; round++) {
    const text = Array.from({ length: 1 + random(14) }, () => parts[random(parts.length)]).join("");
    const expected = outcomeOf(() => whole(text));
    const cuts = [1 + random(3), 1 + random(9)];
    assertEquals(outcomeOf(() => streamed(fileOf(text, cuts))), expected, JSON.stringify({ text, cuts }));
  }
});
