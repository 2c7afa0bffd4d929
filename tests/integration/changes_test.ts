/** The corpus of changes: each is planned both ways, and proven or listed as what cannot be expressed. */

import { assertEquals } from "@std/assert";
import { readChanges } from "../support/changes.ts";
import { type Outcome, runChanges } from "../support/changes_run.ts";

Deno.test("every change of the corpus is proven both ways, or listed", async () => {
  const outcomes: Outcome[] = [];
  for await (const outcome of runChanges(await readChanges())) outcomes.push(outcome);
  console.log(outcomes.map(({ name, verdict }) => `${verdict.padEnd(8)} ${name}`).join("\n"));
  const wrong = outcomes.filter(({ verdict }) => verdict === "wrong");
  assertEquals(wrong.map(({ name, story }) => `${name}\n${story}`).join("\n\n"), "");
});
