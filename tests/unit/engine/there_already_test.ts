import { assertEquals } from "@std/assert";
import { thereAlreadyHints } from "../../../src/engine/there_already.ts";
import type { Step } from "../../../src/revision/plan.ts";
import type { SqlStatement } from "../../../src/sql/statement.ts";
import { graph } from "../revision/graph_literal.ts";

const revision = graph("a").get("a")!;
const UP: Step = { direction: "up", revision };
const DOWN: Step = { direction: "down", revision };

function hints(sqlstate: string, text: string, step = UP, steps: readonly Step[] = [step]): number {
  const report = { sqlstate, severity: "ERROR", message: "" };
  return thereAlreadyHints(report, step, { text } as SqlStatement, steps).length;
}

Deno.test("thereAlreadyHints() names mig stamp where an up.sql makes what is there", () => {
  assertEquals(hints("42P07", "create table t ()"), 1);
  assertEquals(hints("42701", "alter table t add column c text"), 1);
  assertEquals(hints("42P06", "create schema s"), 1);
  assertEquals(hints("42703", "alter table t rename column a to b"), 1);
});

Deno.test("thereAlreadyHints() is silent about other errors, renames, the way down, and what this run has undone", () => {
  assertEquals(hints("42P01", "create view v as table t"), 0);
  assertEquals(hints("42701", "alter table if exists only public.t rename column a to b"), 0);
  assertEquals(hints("42P07", "create table t ()", DOWN), 0);
  assertEquals(hints("42P07", "create table t ()", UP, [DOWN, UP]), 0);
});
