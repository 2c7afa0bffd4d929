import { assert, assertEquals } from "@std/assert";
import { MigError } from "../../../src/error.ts";
import { checkScript } from "../../../src/sql/classify.ts";
import { decodeSql } from "../../../src/sql/decode.ts";
import { parseScript } from "../../../src/sql/script.ts";

/** Runs it within a time that is generous for what is linear, and far too short for what is not. Milliseconds. */
function within<T>(ms: number, act: () => T): T {
  const started = performance.now();
  const result = act();
  const took = performance.now() - started;
  assert(took < ms, `${Math.round(took)} ms`);
  return result;
}

const split = (text: string) => {
  try {
    return parseScript(text, "up.sql").statements.length;
  } catch (error) {
    if (error instanceof MigError) return error.code;
    throw error;
  }
};

Deno.test("parseScript() and checkScript() take ten megabytes of 50,000 statements", () => {
  const one = "insert into users (id, name) values (1, 'O''Brien;', $$it's;$$, E'\\'') /* a */; -- b; c\n";
  const text = (one + "-".repeat(198 - one.length) + "\n").repeat(50_000);
  const script = within(4000, () => parseScript(text, "up.sql"));
  assertEquals(script.statements.length, 50_000);
  within(4000, () => checkScript(script, "up.sql", "up"));
});

Deno.test("parseScript() takes one statement of twenty megabytes", () => {
  const text = `insert into t values ${"(1, 'a', now()), ".repeat(1_200_000)}(2)`;
  assertEquals(within(6000, () => split(text)), 1);
});

Deno.test("parseScript() takes a hundred megabytes of COPY data", () => {
  const text = `copy t from stdin;\n${"1\tit's \\. some text\t\\N\n".repeat(4_300_000)}\\.\nselect 1;`;
  assertEquals(within(6000, () => split(text)), 2);
});

for (
  const [what, text, result] of [
    ["comments in comments", "/* ".repeat(200_000) + "*/".repeat(200_000), 0],
    ["comments that do not end", "/* ".repeat(500_000), "sql-unreadable"],
    ["stars in a comment", `/*${"*".repeat(2_000_000)}`, "sql-unreadable"],
    ["a string of escapes", `select E'${"\\'''".repeat(500_000)}'`, 1],
    ["E strings with space behind", `select ${"E'a'\n \t\n ".repeat(200_000)}`, 1],
    ["an E string with comments behind", `select E'a'${" --\n".repeat(500_000)}`, 1],
    ["dollar signs", `select ${"$".repeat(1_000_001)}`, 1],
    ["tags that do not close", `select ${"$a ".repeat(500_000)}`, 1],
    ["a dollar-quoted body of tags", `do $a$${"$b$;".repeat(500_000)}$a$`, 1],
    ["parentheses", `select ${"(".repeat(2_000_000)}`, 1],
    ["semicolons", ";".repeat(2_000_000), 0],
    ["bodies", `create function f() ${"begin atomic ".repeat(100_000)}`, "sql-unreadable"],
    ["commands of psql", "\\N\n".repeat(300_000), "sql-refused"],
    ["directives", "-- mig: bogus\n".repeat(100_000), "directive-invalid"],
    ["a directive of spaces", `-- mig: a${" ".repeat(1_000_000)}b`, "directive-invalid"],
    ["space behind a COPY", `copy t from stdin;${" ".repeat(2_000_000)}\n\\.\n`, 1],
    ["data that looks like its end", `copy t from stdin;\n${"\\.x\n".repeat(500_000)}`, "sql-unreadable"],
    ["line ends", "\r\n\r".repeat(1_000_000) + "select 1", 1],
  ] as const
) {
  Deno.test(`parseScript() takes time in proportion to ${what}`, () => {
    assertEquals(within(3000, () => split(text)), result);
  });
}

Deno.test("decodeSql() finds a byte that is not UTF-8 at the end of ten megabytes", () => {
  const bytes = new TextEncoder().encode("é".repeat(5_000_000));
  bytes[9_999_999] = 0xff;
  const error = within(4000, () => {
    try {
      return decodeSql(bytes, "up.sql");
    } catch (error) {
      return error;
    }
  });
  assert(error instanceof MigError);
  assertEquals(error.locations[0]!.column, 5_000_000);
});
