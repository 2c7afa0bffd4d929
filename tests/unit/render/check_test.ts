import { assertEquals } from "@std/assert";
import type { Problem } from "../../../src/commands/data.ts";
import { renderCheck } from "../../../src/render/problems.ts";
import { styleFor } from "../../../src/render/style.ts";

function problem(kind: string, revision: string, hints: readonly string[]): Problem {
  return { kind, revision, message: "is wrong", location: null, hints, diff: null };
}

function linesOf(...problems: Problem[]): string[] {
  return renderCheck({ kind: "check", database: null, revisions: 9, problems }, styleFor(false)).split("\n");
}

Deno.test("renderCheck() puts what is to be done about one problem below it, and what holds for all of a kind once", () => {
  assertEquals(
    linesOf(
      problem("not-here", "a", ["restore a", "or leave"]),
      problem("not-here", "b", ["restore b", "or leave"]),
      problem("pending", "c", ["mig up"]),
    ),
    [
      "not-here: a is wrong",
      "hint: restore a",
      "not-here: b is wrong",
      "hint: restore b",
      "hint: or leave",
      "pending: c is wrong",
      "hint: mig up",
      "3 problems in the files",
    ],
  );
});

Deno.test("renderCheck() tells many revisions that are not here together, as status does", () => {
  const lines = linesOf(...["a", "b", "c", "d"].map((id) => problem("not-here", id, [`restore ${id}`])));
  assertEquals(lines.slice(0, 4).map((line) => line.slice(0, 11)), [
    "not-here: a",
    "not-here: b",
    "not-here: c",
    "not-here: d",
  ]);
  assertEquals(
    lines[4],
    "hint: find their git branch, or write their folders from the database: `mig restore`",
  );
});
