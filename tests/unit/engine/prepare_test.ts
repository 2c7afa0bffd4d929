import { assertEquals, assertThrows } from "@std/assert";
import { checkSteps } from "../../../src/engine/prepare.ts";
import { statementsOf } from "../../../src/engine/prepared_step.ts";
import { MigError } from "../../../src/error.ts";
import type { Step } from "../../../src/revision/plan.ts";
import type { RevisionTexts } from "../../../src/revision/revision.ts";

function plan(count: number): Step[] {
  return Array.from({ length: count }, (_, i) => ({
    direction: "up",
    revision: {
      id: `r${i}`,
      parents: [],
      dependsOn: [],
      labels: [],
      message: "",
      path: `r${i}`,
      reversible: false,
    },
  }));
}

/** Texts that count how often each is read. */
function texts(text: (id: string) => string): RevisionTexts & { readonly reads: Map<string, number> } {
  const reads = new Map<string, number>();
  const read: RevisionTexts["read"] = ({ id }, direction) => {
    if (direction === "down") return null;
    reads.set(id, (reads.get(id) ?? 0) + 1);
    return text(id);
  };
  return {
    reads,
    read,
    open: read,
    has: (_revision, direction) => direction === "up",
    pathOf: ({ id }, direction) => `${id}/${direction}.sql`,
  };
}

Deno.test("checkSteps() keeps what it has read of a short plan", () => {
  const source = texts((id) => `select '${id}';`);
  const steps = checkSteps(plan(10), source);
  assertEquals(steps.map((step) => statementsOf(step.load())), Array(10).fill(1));
  assertEquals([...source.reads.values()], Array(10).fill(1));
});

Deno.test("checkSteps() reads the end of a long plan again rather than keep it all", () => {
  const source = texts((id) => `select '${id}';`);
  const steps = checkSteps(plan(1200), source);
  for (const step of steps) assertEquals(step.load().upText, `select '${step.revision.id}';`);
  assertEquals(source.reads.get("r499"), 1);
  assertEquals(source.reads.get("r500"), 2);
  const large = texts(() => `select 1; -- ${"x".repeat(3 << 20)}`);
  checkSteps(plan(2), large).forEach((step) => step.load());
  assertEquals([...large.reads.values()], [1, 2]);
});

Deno.test("checkSteps() notices a file that was changed between the check and the run", () => {
  let now = "before";
  const steps = checkSteps(plan(1001), texts(() => `select '${now}';`));
  now = "after";
  assertEquals(steps[0]!.load().upText, "select 'before';");
  const error = assertThrows(() => steps[1000]!.load(), MigError);
  assertEquals([error.code, error.message], [
    "file-failed",
    "r1000/up.sql was changed while mig was running",
  ]);
});
