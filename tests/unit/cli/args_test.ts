import { assertEquals, assertThrows } from "@std/assert";
import { readInput } from "../../../src/cli/args.ts";
import type { CommandSpec } from "../../../src/commands/command.ts";
import { MigError } from "../../../src/error.ts";

const SPEC: CommandSpec = {
  name: "up",
  operands: "[<revision>…]",
  arity: [0, 9],
  about: [],
  flags: [{ name: "dry-run", summary: "" }],
  examples: [],
};

Deno.test("readInput() keeps operands as they were typed, wherever they stand", () => {
  const { operands, switches } = readInput(["-1", "007", "--dry-run", "1e3", "--", "--json", "-2"], SPEC);
  assertEquals(operands, ["-1", "007", "1e3", "--json", "-2"]);
  assertEquals([...switches], ["dry-run"]);
});

for (const flag of ["--_", "--_=x", "-_", "--__proto__", "--constructor=x", "--no-dry-run"]) {
  Deno.test(`readInput() refuses ${flag}, whatever parseArgs() makes of it`, () => {
    const error = assertThrows(() => readInput([flag, "x"], SPEC), MigError);
    assertEquals([error.code, error.message], ["usage", `mig up has no option ${flag.replace(/=.*/, "")}`]);
  });
}

const NEW: CommandSpec = {
  name: "new",
  operands: "<message>",
  arity: [0, Infinity],
  about: [],
  flags: [
    { name: "parent", short: "p", value: "REV", repeatable: true, summary: "" },
    { name: "up", value: "FILE", summary: "" },
    { name: "edit", summary: "" },
  ],
  examples: [],
};

Deno.test("readInput() collects the values of a repeatable flag in the order in which they were typed", () => {
  const { lists, values, operands } = readInput(
    ["--parent", "b", "add", "-p", "a", "--parent=-1", "tags"],
    NEW,
  );
  assertEquals([lists, values, operands], [{ parent: ["b", "a", "-1"] }, {}, ["add", "tags"]]);
  assertEquals(readInput(["x"], NEW).lists, {});
});

Deno.test("readInput() refuses a flag that is given twice and is not repeatable, and a value that is missing", () => {
  const refusal = (args: readonly string[]) => assertThrows(() => readInput(args, NEW), MigError).message;
  assertEquals(refusal(["--up", "a", "--up", "b"]), "--up is given 2 times");
  assertEquals(refusal(["--parent", "a", "--parent"]), "--parent needs a value: --parent REV");
  assertEquals(refusal(["--parent", "--edit"]), "--parent needs a value: --parent REV");
});

Deno.test("readInput() takes a lone - as a value and as an operand", () => {
  const { values, operands } = readInput(["--up", "-", "-"], NEW);
  assertEquals([values, operands], [{ up: "-" }, ["-"]]);
  assertEquals(readInput(["--up=-"], NEW).values, { up: "-" });
});
