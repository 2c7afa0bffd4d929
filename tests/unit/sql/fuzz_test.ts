import { assert, assertEquals } from "@std/assert";
import { MigError } from "../../../src/error.ts";
import { checkScript, mayRefuseTransaction } from "../../../src/sql/classify.ts";
import { indexConcurrently } from "../../../src/sql/index_statement.ts";
import { parseScript } from "../../../src/sql/script.ts";
import { locateInStatement } from "../../../src/sql/source.ts";
import type { SqlScript } from "../../../src/sql/statement.ts";
import { commandOf, labelOf } from "../../../src/sql/words.ts";
import { corpusCases } from "./corpus.ts";

const CASES = corpusCases().map(({ text }) => text);
const PIECES = [
  ..."'\"$;\\()/*-\r\n\t :&EeU",
  ...[
    "--",
    "/*",
    "*/",
    "$$",
    "$a$",
    "''",
    "E'",
    "U&'",
    'u&"',
    "\\.",
    "\n\\.\n",
    "\r\n",
    "😀",
    "\ud83d",
    "\0",
    "\f",
  ],
  ...[
    "begin atomic",
    " end;",
    "create function f() ",
    "case ",
    "copy t from stdin;\n",
    "-- mig: ",
    "commit;",
  ],
  ...[
    "create index concurrently ",
    "reindex (",
    "cluster (",
    "create subscription s with (",
    "drop index concurrently (",
  ],
  ...["alter subscription s set (", "\\restrict x\n", "as ", "no-transaction\n", "lock-timeout 5s\n"],
];

/** Numbers from 0 up to a bound, the same in every run (xorshift, Marsaglia 2003). */
function randomFrom(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

/** A case of the corpus with parts cut out, doubled, put in, or taken from another one. */
function mutated(random: (bound: number) => number): string {
  const pick = <T>(list: readonly T[]) => list[random(list.length)]!;
  let text = pick(CASES);
  for (let left = 1 + random(6); left > 0; left--) {
    const at = random(text.length + 1), to = Math.min(text.length, at + random(12));
    const other = pick(CASES), from = random(other.length + 1);
    const put = [pick(PIECES), text.slice(at, to).repeat(2), "", other.slice(from, from + random(40))];
    text = text.slice(0, at) + pick(put) + text.slice(to);
  }
  return text;
}

/** What holds for every file that can be read. */
function assertSound({ text, statements }: SqlScript): void {
  let last = 0;
  for (const statement of statements) {
    const { start, end } = statement;
    assert(start >= last && end > start && end <= text.length, "in order and in the file");
    assertEquals(text.slice(start, end), statement.text);
    // The blanks of PostgreSQL's lexer; others, such as U+00A0, are letters to it.
    assertEquals(statement.text.replace(/^[ \t\n\r\f\v]+|[ \t\n\r\f\v]+$/g, ""), statement.text);
    assertEquals(statement.line, text.slice(0, start).split(/\r\n|\r|\n/).length);
    last = end;
    if (statement.copyData !== undefined) {
      const data = text.indexOf(statement.copyData, end);
      assert(statement.copyData === "" || (data > end && statement.copyData.endsWith("\n")));
      last = Math.max(end, data + statement.copyData.length);
      continue;
    }
    const again = parseScript(statement.text.replaceAll(/--([ \t]*mig)/gi, "-- $1"), "again.sql").statements;
    assertEquals(again.length, 1, "a statement is one by itself");
    if (!/--[ \t]*mig/i.test(statement.text)) assertEquals(again[0]!.text, statement.text);
  }
}

/** Runs a function to a result or a `MigError`; anything else is a fault of ours. */
function attempt<T>(act: () => T): T | MigError {
  try {
    return act();
  } catch (error) {
    if (error instanceof MigError) return error;
    throw error;
  }
}

Deno.test("parseScript() reads or refuses whatever it is given, and what it reads is sound", () => {
  const random = randomFrom(20261122);
  let read = 0, refused = 0;
  for (let round = 0; round < 6000; round++) {
    const text = mutated(random);
    try {
      const script = attempt(() => parseScript(text, "up.sql"));
      if (script instanceof MigError) {
        refused++;
        const places = [script, ...script.errors].flatMap(({ locations }) => locations);
        assert(places.length > 0 && places.every(({ line, column }) => line! > 0 && column! > 0));
        continue;
      }
      read++;
      assertSound(script);
      attempt(() => checkScript(script, "up.sql", "up"));
      for (const statement of script.statements) {
        assert([...labelOf(statement)].length <= 60);
        assertEquals(commandOf(statement), commandOf(statement).toUpperCase());
        mayRefuseTransaction(statement);
        indexConcurrently(statement);
        const place = locateInStatement(script, statement, 1 + random(statement.text.length + 2), "up.sql");
        assert(place.line! >= statement.line && place.length! >= 1);
      }
    } catch (error) {
      throw new Error(`round ${round}: ${JSON.stringify(text)}`, { cause: error });
    }
  }
  assert(read > 1000 && refused > 1000, `${read} read, ${refused} refused`);
});

Deno.test("parseScript() finds in two files behind each other what it finds in each", () => {
  const random = randomFrom(7);
  let joined = 0;
  for (let round = 0; round < 1000; round++) {
    const [first, second] = [mutated(random), mutated(random)].map((text) =>
      text.replaceAll(/--[ \t]*mig/gi, "")
    );
    const parts = [first!, second!].map((text) => attempt(() => parseScript(text, "up.sql")));
    // What stays open at the end of the first takes up the second.
    const closed = `${first}\n;\n`;
    const alone = attempt(() => parseScript(closed, "up.sql"));
    if (parts.some((part) => part instanceof MigError) || alone instanceof MigError) continue;
    const [one, two] = parts as SqlScript[];
    const textsOf = ({ statements }: SqlScript) => statements.map(({ text, copyData }) => [text, copyData]);
    if (
      textsOf(alone).length !== textsOf(one!).length || textsOf(alone).some(([text]) => text!.endsWith(";"))
    ) {
      continue;
    }
    joined++;
    assertEquals(textsOf(parseScript(closed + second, "up.sql")), [...textsOf(one!), ...textsOf(two!)]);
  }
  assert(joined > 200, String(joined));
});
