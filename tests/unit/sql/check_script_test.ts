import { assertEquals, assertStringIncludes } from "@std/assert";
import { checkScript } from "../../../src/sql/classify.ts";
import { parseScript } from "../../../src/sql/script.ts";
import { faultOf, placeOf } from "./faults.ts";

const check = (text: string, direction: "up" | "down" = "up") =>
  checkScript(parseScript(text, `m/${direction}.sql`), `m/${direction}.sql`, direction);

Deno.test("checkScript() takes a file that runs in a transaction, and one that asks for none", () => {
  check("create table t (a int);\nsavepoint a; rollback to a; release a;\ndo $$ begin null; end $$;");
  check("-- mig: no-transaction\ncreate index concurrently i on t (a);\nvacuum t;\nselect 1");
  check("");
});

Deno.test("checkScript() refuses a file that would end the transaction", () => {
  const error = faultOf(() => check("create table t (a int);\n  commit;\nselect 1"));
  assertEquals([error.code, placeOf(error)], ["sql-refused", "2:3 commit"]);
  assertEquals(
    error.message,
    "COMMIT would end or escape the transaction in which mig runs this file",
  );
  assertStringIncludes(
    error.hints.join(),
    "delete this line: mig runs each file in a transaction of its own",
  );
  assertEquals(error.locations[0]!.path, "m/up.sql");
});

Deno.test("checkScript() names the directive for what cannot run inside a transaction", () => {
  const error = faultOf(() => check("-- a\nDROP INDEX CONCURRENTLY i;", "down"));
  assertEquals([error.code, placeOf(error)], ["sql-refused", "2:1 DROP"]);
  assertEquals(error.message, "DROP INDEX CONCURRENTLY cannot run inside a transaction");
  assertStringIncludes(error.hints[0]!, "`-- mig: no-transaction` on the first line of down.sql");
});

Deno.test("checkScript() refuses BEGIN and COMMIT, and savepoints, in a file without a transaction", () => {
  const error = faultOf(() => check("-- mig: no-transaction\nbegin;\nselect 1;\ncommit;\nsavepoint a"));
  assertEquals(error.message, "m/up.sql has 3 statements that cannot run");
  assertEquals(error.errors.map(placeOf), ["2:1 begin", "4:1 commit", "5:1 savepoint"]);
  assertEquals(error.errors.map(({ message }) => message), [
    "BEGIN has no place in a file that runs without a transaction",
    "COMMIT has no place in a file that runs without a transaction",
    "SAVEPOINT needs a transaction, and this file runs without one",
  ]);
});

Deno.test("checkScript() refuses what would give up mig's lock, whatever the file asks for", () => {
  for (const head of ["", "-- mig: no-transaction\n"]) {
    const error = faultOf(() => check(`${head}discard all;`));
    assertStringIncludes(error.message, "DISCARD ALL would give up the lock");
    assertEquals(error.hints.some((hint) => hint.includes("no-transaction")), false);
  }
});

Deno.test("checkScript() reports at most twenty statements", () => {
  const error = faultOf(() => check("commit;\n".repeat(20_000)));
  assertEquals(error.message, "m/up.sql has 20000 statements that cannot run; the first 20 are");
  assertEquals(error.errors.length, 20);
});
