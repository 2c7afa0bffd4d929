import { assertEquals } from "@std/assert";
import { standpointOf } from "../../../src/engine/standpoint.ts";
import type { AppliedRevision, Unfinished } from "../../../src/revision/applied.ts";
import type { Step } from "../../../src/revision/plan.ts";

const row = (id: string, appliedAt = "before", unfinished: Unfinished | null = null) =>
  ({ id, appliedAt, unfinished }) as AppliedRevision;
const step = (direction: "up" | "down", id: string) => ({ direction, revision: { id } }) as unknown as Step;
const up = (id: string) => step("up", id);
const down = (id: string) => step("down", id);

Deno.test("standpointOf() counts the steps that lead to the rows", () => {
  const steps = [up("b"), up("c")];
  const before = [row("a")];
  for (const [at, rows] of [[0, ["a"]], [1, ["a", "b"]], [2, ["a", "b", "c"]]] as const) {
    const now = rows.map((id) => row(id, id === "a" ? "before" : "now"));
    assertEquals(standpointOf(steps, before, now), { at, statementsDone: 0 });
  }
});

Deno.test("standpointOf() tells a revision that was undone and applied again from one that was left alone", () => {
  const steps = [down("b"), up("b")];
  const before = [row("a"), row("b")];
  assertEquals(standpointOf(steps, before, before)?.at, 0);
  assertEquals(standpointOf(steps, before, [row("a")])?.at, 1);
  assertEquals(standpointOf(steps, before, [row("a"), row("b", "now")])?.at, 2);
});

Deno.test("standpointOf() counts the statements of a step that was begun, in either direction", () => {
  const begun = (direction: "up" | "down", statementsDone: number) => ({
    direction,
    statementsDone,
    batchRows: 0,
  });
  const before = [row("a"), row("b", "before", begun("up", 1))];
  const steps = [up("b"), up("c")];
  assertEquals(standpointOf(steps, before, [row("a"), row("b", "before", begun("up", 3))]), {
    at: 0,
    statementsDone: 3,
  });
  assertEquals(standpointOf(steps, before, [row("a"), row("b", "now"), row("c", "now", begun("up", 2))]), {
    at: 1,
    statementsDone: 2,
  });
  assertEquals(standpointOf([down("a")], [row("a")], [row("a", "before", begun("down", 2))]), {
    at: 0,
    statementsDone: 2,
  });
});

Deno.test("standpointOf() is null for rows to which the plan does not lead", () => {
  const steps = [up("b"), down("b"), up("c")];
  const a = row("a");
  for (
    const now of [
      [],
      [row("a", "other")],
      [a, row("x", "now")],
      [row("c", "now"), a],
      [a, row("b", "now"), row("c", "now")],
      [a, row("x", "now", { direction: "up", statementsDone: 1, batchRows: 0 })],
      [row("a", "before", { direction: "down", statementsDone: 1, batchRows: 0 })],
    ]
  ) assertEquals(standpointOf(steps, [a], now), null);
});
