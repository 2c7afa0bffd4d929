/** What mig relies on in `@std/cli`: the package itself and its stand-in have to pass alike. */

import { assertEquals } from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";

/** The command line of a verb, as src/cli/args.ts describes it. */
const VERB = {
  string: ["database", "table", "_"],
  boolean: ["json", "dry-run"],
  alias: { database: "d", json: "j" },
  collect: ["database", "table"],
};

const NOTHING = { _: [], database: [], d: [], table: [], json: false, j: false, "dry-run": false };

const CASES: readonly (readonly [args: readonly string[], expected: Record<string, unknown>])[] = [
  [[], {}],
  [["--database", "x"], { database: ["x"], d: ["x"] }],
  [["-d", "x", "--database=y"], { database: ["x", "y"], d: ["x", "y"] }],
  [["-dx"], { database: [""], d: [""], x: true }],
  [["-d5"], { database: ["5"], d: ["5"] }],
  [["-d=x"], { database: ["x"], d: ["x"] }],
  [["-d=", "x"], { database: [""], d: [""], _: ["x"] }],
  [["--table"], { table: [""] }],
  [["--table="], { table: [""] }],
  [["--table", ""], { table: [""], _: [""] }],
  [["--table", "--json"], { table: [""], json: true, j: true }],
  [["--table", "-1"], { table: [""], 1: true }],
  [["-d", "--json"], { database: [""], d: [""], json: true, j: true }],
  [["--table=a=b\nc"], { table: ["a=b\nc"] }],
  [["--table", "7"], { table: ["7"] }],
  [["7", "0x10", " "], { _: ["7", "0x10", " "] }],
  [["--json", "x"], { json: true, j: true, _: ["x"] }],
  [["--json", "false"], {}],
  [["--json=false"], {}],
  [["--json=no"], { json: true, j: true }],
  [["--no-json"], { "no-json": true }],
  [["--no-json=x"], { json: true, j: true }],
  [["-j-d", "x"], { json: "-d", j: "-d", _: ["x"] }],
  [["--unknown", "5"], { unknown: 5 }],
  [["-abc", "x"], { a: true, b: true, c: "x" }],
  [["-"], { _: ["-"] }],
  [["a", "--", "--json", "7"], { _: ["a", "--json", "7"] }],
  [["--", "a", "--", "b"], { _: ["a", "--", "b"] }],
];

for (const [args, expected] of CASES) {
  Deno.test(`parseArgs() reads ${JSON.stringify(args)}`, () => {
    assertEquals<unknown>(parseArgs(args, VERB), { ...NOTHING, ...expected });
  });
}

Deno.test("parseArgs() reads numbers where nothing says that they are text", () => {
  assertEquals<unknown>(parseArgs(["7", "1e3", "", "x", "--n=0x10", "--m", "1.5"]), {
    _: [7, 1000, "", "x"],
    n: 16,
    m: 1.5,
  });
});

Deno.test("parseArgs() asks `unknown` about operands and flags that it does not know, and obeys", () => {
  const asked: unknown[][] = [];
  const parsed = parseArgs(["--json", "a", "--what=1", "-w", "b", "--no-json", "--", "c"], {
    ...VERB,
    unknown: (...question: unknown[]) => {
      asked.push(question);
      return false;
    },
  });
  assertEquals<unknown>(parsed, { ...NOTHING, json: true, j: true, _: ["c"] });
  assertEquals(asked, [
    ["a"],
    ["--what=1", "what", "1"],
    ["-w", "w", "b"],
    ["--no-json", "no-json", true],
  ]);
});
