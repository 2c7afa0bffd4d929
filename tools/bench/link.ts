/** up over a slow line: a proxy holds every byte back, and counts round trips and connections. */

import postgres from "postgres";
import { Proxy } from "../../tests/support/proxy.ts";
import { type Contestant, type DatabaseAddress } from "./contestant.ts";
import type { BenchServer } from "./databases.ts";
import { type Measures, median } from "./results.ts";
import { missing } from "./rounds.ts";
import { run } from "./run.ts";
import type { Workspace } from "./workspace.ts";

export interface LinkOptions {
  readonly n: number;
  /** Milliseconds added each way. */
  readonly delayMs: number;
  readonly rounds: number;
  readonly limitMs: number;
}

/** Measures up of N over the slow line, everybody in turn, each time with a line and a database of its own. */
export async function measureOverLink(
  server: BenchServer,
  workspace: Workspace,
  measures: Measures,
  options: LinkOptions,
): Promise<void> {
  const { contestants } = workspace;
  for (let round = 0; round < options.rounds; round++) {
    console.error(
      `N = ${options.n} with ${options.delayMs} ms each way: round ${round + 1} of ${options.rounds}`,
    );
    for (const index of contestants.keys()) {
      const contestant = contestants[(index + round) % contestants.length]!;
      await measureUp(server, workspace, measures, contestant, options);
    }
  }
}

async function measureUp(
  server: BenchServer,
  workspace: Workspace,
  measures: Measures,
  contestant: Contestant,
  { n, delayMs, limitMs }: LinkOptions,
): Promise<void> {
  const measure = measures.at({ contestant: contestant.name, subject: "up", n, delayMs });
  if (measure.failed !== null) return;
  const cwd = await workspace.folder(contestant, n);
  const database = await server.create();
  try {
    await using proxy = new Proxy(database.port, { delayMs });
    const command = contestant.command("up", { ...database, port: proxy.port }, n);
    if (command === null) return;
    await server.settle();
    const { ms, failed } = await run(command, { cwd, limitMs });
    measure.failed = failed ?? await missing(server, "up", database, n);
    if (measure.failed !== null) {
      console.error(`${contestant.name}, up of ${n} with ${delayMs} ms each way: ${measure.failed}`);
      return;
    }
    measure.ms.push(ms);
    measure.roundTrips.push(proxy.roundTrips);
    measure.connections.push(proxy.connections);
  } finally {
    await server.drop(database);
  }
}

/** How long a query takes over the slow line, in milliseconds: what the delay really is on this machine. */
export async function measureRoundTrip(database: DatabaseAddress, delayMs: number): Promise<number> {
  await using proxy = new Proxy(database.port, { delayMs });
  const sql = postgres(`postgres://postgres@127.0.0.1:${proxy.port}/${database.name}`, { max: 1 });
  try {
    const samples: number[] = [];
    for (let count = 0; count < 30; count++) {
      const started = performance.now();
      await sql`select 1`.simple();
      samples.push(performance.now() - started);
    }
    return median(samples)!;
  } finally {
    await sql.end();
  }
}
