/**
 * Measures mig beside the least that its work can cost (psql) and beside other tools, on a server that is started here
 * with PostgreSQL's own settings. Everybody takes turns, and every run has a fresh database.
 *
 *     deno task bench                  all of it: about half an hour
 *     deno task bench --quick          a short look: 100 revisions, two rounds
 *     deno task bench --chart          no measuring: docs/bench.svg and the README's section from the last results
 *
 *     --n 100,1000,5000                lengths of the chain
 *     --rounds 5                       runs of everybody at up to 1,000 revisions, and over the slow line; 3 above
 *     --far 100                        length of the chain over the slow line; 0 for none
 *     --delay 5                        milliseconds that the slow line adds each way
 *     --memory 1000,20000              lengths for which memory is watched; 0 for none. Above 5,000 it is mig's alone
 *     --only dbmate,psql               mig and those whose names have one of these in them
 *     --limit 300                      seconds after which a run is ended and counts as failed
 *     --note WORDS                     what a reader has to know of this run, such as that others use the machine
 *     --json FILE                      writes the results there too; with --chart, reads them there
 *
 * MIG_TEST_POSTGRES=14 to 18 chooses the server's version.
 */

import { parseArgs } from "@std/cli/parse-args";
import { ensureDir } from "@std/fs";
import { ROOT } from "../tests/support/mig.ts";
import { measureMemory, measureStarts } from "./bench/alone.ts";
import { chart } from "./bench/chart.ts";
import { BenchServer } from "./bench/databases.ts";
import { gather } from "./bench/field.ts";
import { measureOverLink, measureRoundTrip } from "./bench/link.ts";
import { thisMachine } from "./bench/machine.ts";
import { type Options, options } from "./bench/options.ts";
import { withBench } from "./bench/readme.ts";
import { report } from "./bench/report.ts";
import { Measures, type Results } from "./bench/results.ts";
import { measureLocally } from "./bench/rounds.ts";
import { Workspace } from "./bench/workspace.ts";

let interrupted = false;

const LAST = `${ROOT}dist/bench.json`;

if (import.meta.main) await main(Deno.args);

async function main(args: readonly string[]): Promise<void> {
  const { chart: draw, json } = parseArgs([...args], { boolean: ["chart"], string: ["json"] });
  if (draw) return await show(JSON.parse(await Deno.readTextFile(json || LAST)) as Results);
  const keep = async (results: Results) => {
    for (const path of [LAST, ...json ? [json] : []]) {
      await ensureDir(path.replace(/[^/]*$/, "") || ".");
      await Deno.writeTextFile(path, `${JSON.stringify(results, null, 1)}\n`);
    }
    console.log(report(results));
  };
  await measure(options(args), keep).catch((error) => {
    if (!interrupted) throw error;
    // Whatever broke, broke because the server went; the process ends as soon as all is cleaned up.
    return new Promise<never>(() => {});
  });
}

/** Measures all, and hands the results over before it cleans up, which takes minutes after long chains. */
async function measure(options: Options, keep: (results: Results) => Promise<void>): Promise<void> {
  const contestants = await gather(options.only);
  const measures = new Measures();
  await using server = await BenchServer.start();
  await using workspace = await Workspace.create(contestants);
  using _ = onInterrupt(async () => {
    await server[Symbol.asyncDispose]();
    await workspace[Symbol.asyncDispose]();
  });
  await measureStarts(workspace, measures, options.starts);
  for (const n of options.lengths) {
    await measureLocally(server, workspace, measures, { ...options, n, rounds: options.roundsAt(n) });
  }
  let linkRoundTripMs: number | null = null;
  if (options.far > 0) {
    const database = { host: "127.0.0.1", port: server.server.port, name: "postgres" };
    linkRoundTripMs = await measureRoundTrip(database, options.delayMs);
    await measureOverLink(server, workspace, measures, {
      ...options,
      n: options.far,
      rounds: options.roundsAt(0),
    });
  }
  for (const n of options.memory) await measureMemory(server, workspace, measures, n, options.limitMs);
  await keep({
    date: new Date().toISOString().slice(0, 10),
    machine: thisMachine(),
    postgres: await server.version(),
    note: options.note,
    contestants: contestants.map(({ name, kind, version }) => ({ name, kind, version })),
    linkRoundTripMs,
    measures: measures.all,
  });
}

/** Leaves no server behind when the run is interrupted; disposing of it forgets it. */
function onInterrupt(clean: () => Promise<void>): Disposable {
  const signals: readonly Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  const listener = () => {
    interrupted = true;
    clean().finally(() => Deno.exit(130));
  };
  for (const signal of signals) Deno.addSignalListener(signal, listener);
  return {
    [Symbol.dispose]: () => {
      for (const signal of signals) Deno.removeSignalListener(signal, listener);
    },
  };
}

/** Draws the chart, and writes the README's section. */
async function show(results: Results): Promise<void> {
  await Deno.writeTextFile(`${ROOT}docs/bench.svg`, chart(results));
  const readme = await Deno.readTextFile(`${ROOT}README.md`);
  await Deno.writeTextFile(`${ROOT}README.md`, withBench(readme, results));
  console.log(report(results));
}
