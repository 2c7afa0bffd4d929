import { assertEquals, assertStringIncludes } from "@std/assert";
import { parseScript } from "../../../src/sql/script.ts";
import { faultOf, placeOf } from "./faults.ts";

const directives = (text: string) => parseScript(text, "up.sql").directives;
const refusal = (text: string) => faultOf(() => directives(text));

Deno.test("parseScript() reads no directives where there are none", () => {
  const none = { transaction: true, lockTimeout: undefined, statementTimeout: undefined, env: [] };
  assertEquals(directives(""), none);
  assertEquals(directives("-- no-transaction\n-- migrate: x\nselect 1; -- about mig"), none);
  assertEquals(directives("select '-- mig: bogus', $$\n-- mig: bogus\n$$ /* -- mig: bogus */"), none);
});

Deno.test("parseScript() reads the directives at the head of a file, between other comments", () => {
  const text =
    "\n-- An index.\n-- mig: no-transaction\n\n/* b */ --MIG:Lock-Timeout 5s\r\n;-- mig : statement-timeout   10 min  \nselect 1";
  assertEquals(directives(text), {
    transaction: false,
    lockTimeout: 5000,
    statementTimeout: 600_000,
    env: [],
  });
});

Deno.test("parseScript() reads directives where no statement follows, or data", () => {
  assertEquals(directives("-- mig: no-transaction").transaction, false);
  const copy = "-- mig: no-transaction\ncopy t from stdin;\nit's\n-- mig: bogus\n\\.\n";
  assertEquals(directives(copy).transaction, false);
});

for (
  const [text, place, message, hint] of [
    [
      "-- mig: no-transation\n",
      "1:1 -- mig: no-transation",
      'there is no directive "no-transation"',
      'mean "no-tr',
    ],
    [
      "select 1;\n-- mig: bogus",
      "2:1 -- mig: bogus",
      'there is no directive "bogus"',
      "mig knows no-transaction, lock",
    ],
    ["-- mig: constructor", "1:1 -- mig: constructor", 'there is no directive "constructor"', "mig knows"],
    ["-- mig:", "1:1 -- mig:", "the directive is empty", "mig knows"],
    [
      "-- mig: no-transaction now",
      "1:1 -- mig: no-transaction now",
      '"no-transaction" takes no value',
      "no-transaction",
    ],
    [
      "-- mig: lock-timeout",
      "1:1 -- mig: lock-timeout",
      '"lock-timeout" needs a time',
      "lock-timeout 5s (units",
    ],
    [
      "-- mig: lock-timeout soon",
      "1:1 -- mig: lock-timeout soon",
      'cannot be "soon"',
      "-- mig: lock-timeout 5s",
    ],
    [
      "-- mig: lock-timeout = 5s",
      "1:1 -- mig: lock-timeout = 5s",
      'cannot be "= 5s"',
      "-- mig: lock-timeout 5s",
    ],
    [
      "-- mig: no-transaction\n--mig:no-transaction",
      "2:1 --mig:no-transaction",
      "is given twice",
      "delete one",
    ],
    [
      "-- mig: lock-timeout 5s\n-- mig: lock-timeout 6s",
      "2:1 -- mig: lock-timeout 6s",
      "is given twice",
      "delete",
    ],
    ["-- mig: env", "1:1 -- mig: env", "names no variable", "-- mig: env APP_USER"],
    ["-- mig: env A-B", "1:1 -- mig: env A-B", '"A-B" is no name', "letters"],
    ["-- mig: env A\n-- mig: env B A", "2:1 -- mig: env B A", "names a variable twice", "delete"],
    ["select '${A}';\n-- mig: env A", "2:1 -- mig: env A", "behind the first", "to the head"],
    [
      "-- mig: env A, Bc\nselect '${A}${bc}' -- ${Bc}",
      "1:16 Bc",
      "variable Bc and does not use",
      "${Bc}",
    ],
    ["select\n 'é' -- mig: no-transaction", "2:6 -- mig: no-transaction", "behind the first", "to the head"],
    ["select 1;\n -- mig: no-transaction  ", "2:2 -- mig: no-transaction", "behind the first", "to the head"],
  ] as const
) {
  Deno.test(`parseScript() refuses the directive in ${JSON.stringify(text)}`, () => {
    const error = refusal(text);
    assertEquals([error.code, placeOf(error)], ["directive-invalid", place]);
    assertStringIncludes(error.message, message);
    assertStringIncludes(error.hints.join(), hint);
  });
}

Deno.test("parseScript() reads the names of variables as they are written, in one line or several", () => {
  const { env } = directives("-- mig: env Aa, B_1\n-- MIG: ENV c\nselect '${Aa}${B_1}', ${c}");
  assertEquals(env, [{ name: "Aa", start: 12 }, { name: "B_1", start: 16 }, { name: "c", start: 32 }]);
});

Deno.test("parseScript() refuses every wrong directive at once", () => {
  const error = refusal("-- mig: a\n-- mig: lock-timeout x\nselect 1; -- mig: no-transaction");
  assertEquals(error.message, "3 directives in up.sql are wrong");
  assertEquals(error.errors.map((fault) => placeOf(fault).split(" ")[0]), ["1:1", "2:1", "3:11"]);
});
