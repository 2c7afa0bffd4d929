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
