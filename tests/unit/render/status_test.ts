import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Problem, StatusData } from "../../../src/commands/data.ts";
import { renderStatus } from "../../../src/render/status.ts";
import { styleFor } from "../../../src/render/style.ts";

function notHere(number: number): Problem {
  return {
    kind: "not-here",
    revision: `r${number}`,
    message: "is applied, but is not in this folder",
    location: null,
    hints: [`mig restore r${number}`],
    diff: null,
  };
}

const STATUS: StatusData = {
  kind: "status",
  database: "postgres://app@db/app",
  server: "PostgreSQL 18.4",
  table: '"public"."mig_version"',
  revisions: 0,
  applied: 0,
  current: [],
  pending: [],
  repeatable: null,
  problems: [],
  running: null,
};

Deno.test("renderStatus() shows the first problems of each kind and counts the rest", () => {
  const edited: Problem = { ...notHere(0), kind: "edited", revision: "e1", hints: [] };
  const problems = [...Array.from({ length: 1000 }, (_, at) => notHere(at + 1)), edited];
  const lines = renderStatus({ ...STATUS, problems }, styleFor(false)).split("\n");
  assertEquals(lines.filter((line) => line.startsWith("not-here: r")).length, 10);
  const hints = lines.filter((line) => line.startsWith("hint:"));
  assertEquals(hints.length, 3);
  assertStringIncludes(hints[0]!, "is it the right folder, and the right database?");
  assertEquals(lines.slice(-6), [
    "not-here: … and 990 more revisions; `mig check` lists them all",
    ...hints,
    "",
    "edited: e1 is applied, but is not in this folder",
  ]);
});

Deno.test("renderStatus() counts nothing where all problems are shown", () => {
  const problems = Array.from({ length: 10 }, (_, at) => notHere(at));
  assertEquals(renderStatus({ ...STATUS, problems }, styleFor(false)).includes("more"), false);
});
