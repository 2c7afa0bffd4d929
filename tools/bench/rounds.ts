/** Rounds over the local line: everybody in turn, again and again, each time on a fresh database. */

import { type Contestant, type DatabaseAddress, type Task, TASKS } from "./contestant.ts";
import type { BenchServer } from "./databases.ts";
import type { Measure, Measures } from "./results.ts";
import { run } from "./run.ts";
import type { Workspace } from "./workspace.ts";

export interface RoundOptions {
  readonly n: number;
  readonly rounds: number;
  readonly limitMs: number;
}

/** Status and no-op up take milliseconds, so that more of them are taken in each round. */
const REPEATS: Readonly<Record<Task, number>> = { up: 1, status: 3, "no-op up": 3, down: 1 };

/** The most processes that are started in a row for one task. */
const MOST_TIMES = 100;

/** One that takes part in a round, and its database. */
interface Entry {
  readonly contestant: Contestant;
  readonly folder: string;
  readonly database: DatabaseAddress;
}

/** Measures up, status, no-op up and down for chains of N. */
export async function measureLocally(
  server: BenchServer,
  workspace: Workspace,
  measures: Measures,
  { n, rounds, limitMs }: RoundOptions,
): Promise<void> {
  const { contestants } = workspace;
  for (let round = 0; round < rounds; round++) {
    console.error(`N = ${n}: round ${round + 1} of ${rounds}`);
    // Whoever begins has the caches of another: let it be someone else each time.
    const order = contestants.map((_, index) => contestants[(index + round) % contestants.length]!);
    const entries: Entry[] = [];
    for (const contestant of order) {
      const database = await server.create();
      entries.push({ contestant, folder: await workspace.folder(contestant, n), database });
    }
    try {
      for (const task of TASKS) await measureTask(server, measures, task, entries, n, limitMs);
    } finally {
      for (const { database } of entries) await server.drop(database);
    }
  }
}

async function measureTask(
  server: BenchServer,
  measures: Measures,
  task: Task,
  entries: readonly Entry[],
  n: number,
  limitMs: number,
): Promise<void> {
  for (let repeat = 0; repeat < REPEATS[task]; repeat++) {
    for (const entry of entries) {
      const key = { contestant: entry.contestant.name, n, delayMs: 0 };
      const measure = measures.at({ ...key, subject: task });
      // What failed once is not tried again; and without an up there is nothing to look at or undo.
      if (measure.failed !== null || measures.at({ ...key, subject: "up" }).failed !== null) continue;
      await measureOne(server, measure, task, entry, limitMs);
    }
  }
}

async function measureOne(
  server: BenchServer,
  measure: Measure,
  task: Task,
  { contestant, folder, database }: Entry,
  limitMs: number,
): Promise<void> {
  const command = contestant.command(task, database, measure.n);
  if (command === null) return;
  if ((command.times ?? 1) > MOST_TIMES) {
    measure.failed = "only one at a time";
    return;
  }
  if (task === "up" || task === "down") await server.settle();
  const { ms, failed } = await run(command, { cwd: folder, limitMs });
  measure.failed = failed ?? await missing(server, task, database, measure.n);
  if (measure.failed === null) measure.ms.push(ms);
  else console.error(`${contestant.name}, ${task} of ${measure.n}: ${measure.failed}`);
}

/** What a program that said it was done has left undone; null when nothing is. */
export async function missing(
  server: BenchServer,
  task: Task,
  database: DatabaseAddress,
  n: number,
): Promise<string | null> {
  if (task !== "up" && task !== "down") return null;
  const wanted = task === "up" ? n : 0;
  const { tables, indexes } = await server.count(database);
  if (tables === wanted && indexes === wanted) return null;
  return `said it was done, and there are ${tables} tables and ${indexes} indexes where there should be ${wanted}`;
}
