/** What does not depend on a round: how fast a program starts, how much memory it needs. */

import type { CommandLine } from "./contestant.ts";
import type { BenchServer } from "./databases.ts";
import type { Measures } from "./results.ts";
import { missing } from "./rounds.ts";
import { run } from "./run.ts";
import type { Workspace } from "./workspace.ts";

const START_LIMIT_MS = 20_000;

/** Times `--version` of everybody and `--help` of mig, in turn. */
export async function measureStarts(workspace: Workspace, measures: Measures, times: number): Promise<void> {
  console.error(`--version, ${times} times`);
  for (let count = 0; count < times; count++) {
    for (const { name, kind, start } of workspace.contestants) {
      if (start === null) continue;
      await measureStart(workspace, measures, name, "version", start);
      if (kind === "mig") {
        await measureStart(workspace, measures, name, "help", { ...start, args: ["--help"] });
      }
    }
  }
}

async function measureStart(
  workspace: Workspace,
  measures: Measures,
  contestant: string,
  subject: "version" | "help",
  command: CommandLine,
): Promise<void> {
  const measure = measures.at({ contestant, subject, n: 0, delayMs: 0 });
  if (measure.failed !== null) return;
  const { ms, failed } = await run(command, { cwd: workspace.path, limitMs: START_LIMIT_MS });
  measure.failed = failed;
  if (failed === null) measure.ms.push(ms);
}

/** Above this only mig is watched: what it promises for long chains is no matter of comparison, and takes minutes. */
const LONG = 5000;

/** Watches everybody's memory in one up of N. The time of that run is kept too, as a single sample. */
export async function measureMemory(
  server: BenchServer,
  workspace: Workspace,
  measures: Measures,
  n: number,
  limitMs: number,
): Promise<void> {
  console.error(`memory of up with N = ${n}`);
  for (const contestant of workspace.contestants) {
    if (n > LONG && contestant.kind !== "mig") continue;
    const measure = measures.at({ contestant: contestant.name, subject: "memory", n, delayMs: 0 });
    const cwd = await workspace.folder(contestant, n);
    const database = await server.create();
    try {
      const command = contestant.command("up", database, n);
      if (command === null) continue;
      const { ms, failed, peakKib } = await run(command, { cwd, limitMs, memory: true });
      measure.failed = failed ?? await missing(server, "up", database, n);
      if (measure.failed !== null) console.error(`${contestant.name}, up of ${n}: ${measure.failed}`);
      else {
        measure.ms.push(ms);
        if (peakKib !== null) measure.peakKib.push(peakKib);
      }
    } finally {
      await server.drop(database);
    }
  }
}
