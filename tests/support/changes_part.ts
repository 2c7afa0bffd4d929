/** The corpus of changes as tests: in parts, so that several can run at once. */

import { assert, assertEquals } from "@std/assert";
import { readChanges } from "./changes.ts";
import { type Outcome, runChanges } from "./changes_run.ts";

/** Tests every so-many-th change of the corpus. */
export async function testChanges(part: number, parts: number): Promise<void> {
  const changes = (await readChanges()).filter((_, i) => i % parts === part);
  const outcomes: Outcome[] = [];
  for await (const outcome of runChanges(changes)) outcomes.push(outcome);
  console.log(table(outcomes));
  const wrong = outcomes.filter(({ verdict }) => verdict === "wrong");
  assertEquals(wrong.map(({ name, story }) => `${name}\n${story}`).join("\n\n"), "");
  assertEquals(outcomes.length, 2 * changes.length);
  const proven = outcomes.filter(({ verdict }) => verdict === "proven").length;
  assert(proven >= 0.95 * outcomes.length, `${proven} of ${outcomes.length} are proven, and 95 % should be`);
}

/** How many of each kind came out how: both ways of a change count. */
function table(outcomes: readonly Outcome[]): string {
  const kinds = new Map<string, Record<Outcome["verdict"], number>>();
  for (const { name, verdict } of [...outcomes, ...outcomes.map((one) => ({ ...one, name: "all" }))]) {
    const kind = name.split("/")[0]!;
    const counts = kinds.get(kind) ?? { proven: 0, listed: 0, wrong: 0 };
    counts[verdict]++;
    kinds.set(kind, counts);
  }
  const cells = (name: string, ...numbers: (string | number)[]) =>
    name.padEnd(20) + numbers.map((number) => String(number).padStart(8)).join("");
  return [
    cells("changes of", "proven", "listed", "wrong"),
    ...[...kinds].map(([kind, { proven, listed, wrong }]) => cells(kind, proven, listed, wrong)),
  ].join("\n");
}
