/**
 * Measures mig beside the least that its work can cost and beside other tools, on a server that is started here.
 *
 *     deno task bench [--quick] [--n 100,1000,5000] [--rounds 5] [--only dbmate,psql]
 */

import { parseArgs } from "@std/cli/parse-args";
import { TASKS } from "./bench/contestant.ts";
import { BenchServer } from "./bench/databases.ts";
import { gather } from "./bench/field.ts";
import { Measures, type Results } from "./bench/results.ts";
import { measureLocally } from "./bench/rounds.ts";
import { medianTable } from "./bench/table.ts";
import { Workspace } from "./bench/workspace.ts";

if (import.meta.main) {
  const flags = parseArgs(Deno.args, { string: ["n", "only", "rounds"], boolean: ["quick"] });
  const contestants = await gather(String(flags.only ?? "").split(",").filter(Boolean));
  const measures = new Measures();
  await using server = await BenchServer.start();
  await using workspace = await Workspace.create(contestants);
  for (const n of String(flags.n ?? "100").split(",").map(Number)) {
    await measureLocally(server, workspace, measures, {
      n,
      rounds: Number(flags.rounds ?? 5),
      limitMs: 120_000,
    });
    const results: Results = {
      date: new Date().toISOString().slice(0, 10),
      machine: { cores: 2, cpu: "", system: "" },
      postgres: await server.version(),
      quick: false,
      contestants,
      linkRoundTripMs: null,
      measures: measures.all,
    };
    console.log(
      medianTable(results, TASKS.map((task) => ({ head: task, key: { subject: task, n, delayMs: 0 } }))),
    );
  }
}
