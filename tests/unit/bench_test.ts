/** What the bench makes of its measures: a wrong verdict would be believed. */

import { assertEquals, assertThrows } from "@std/assert";
import { chart } from "../../tools/bench/chart.ts";
import { options } from "../../tools/bench/options.ts";
import { withBench } from "../../tools/bench/readme.ts";
import { findings } from "../../tools/bench/requirements.ts";
import { median, type Results, type Subject } from "../../tools/bench/results.ts";
import { failures, localTable } from "../../tools/bench/table.ts";
import { chainOf } from "../../tools/bench/workload.ts";

Deno.test("median() gives the middle, or the mean of the two in the middle, and null of nothing", () => {
  assertEquals(median([30, 1, 2]), 2);
  assertEquals(median([30, 1, 2, 4]), 3);
  assertEquals(median([]), null);
});

Deno.test("findings() passes a ratio at its bound, misses one above it, and says what was not measured", () => {
  const verdict = (ms: number) =>
    findings(results([["mig", "up", ms], ["psql, a transaction each", "up", 1000]]))[0]!.kept;
  assertEquals(verdict(1000), true);
  assertEquals(verdict(1001), false);
  assertEquals(findings(results([["mig", "up", 1000]]))[0]!.kept, null);
});

Deno.test("findings() counts the run with the most round trips", () => {
  const of = (roundTrips: number[]) => {
    const far = { contestant: "mig", subject: "up", n: 100, delayMs: 5, ms: [1], connections: [1] } as const;
    const measures = [{ ...far, ms: [1], connections: [1], roundTrips, peakKib: [], failed: null }];
    return findings({ ...results([]), measures }).find(({ promise }) => promise.includes("round trips"))!;
  };
  assertEquals(of([7, 9, 8]), { ...of([7]), measured: "7 to 9", kept: true });
  assertEquals(of([7, 10]).kept, false);
});

Deno.test("a failed contestant is named with its reason, and no time of it is shown", () => {
  const made = results([["mig", "up", 1000], ["dbmate", "up", 900]]);
  made.measures[1]!.failed = "out of shared memory";
  assertEquals(failures(made), ["dbmate, up of 1,000: out of shared memory"]);
  assertEquals(localTable(made, 1000).rows.find(([name]) => name === "dbmate")!.slice(0, 3), [
    "dbmate",
    "failed",
    "",
  ]);
  assertEquals(chart(made).includes(">failed</text>"), true);
});

Deno.test("withBench() writes between the markers and leaves the rest alone", () => {
  const made = results([["mig", "up", 1000]]);
  const written = withBench("before\n<!-- bench -->\nold\n<!-- /bench -->\nafter\n", made);
  assertEquals(written.startsWith("before\n<!-- bench -->\n"), true);
  assertEquals(written.endsWith("\n<!-- /bench -->\nafter\n"), true);
  assertEquals(written.includes("old"), false);
  assertEquals(withBench(written, made), written);
  assertThrows(() => withBench("no markers", made), Error, "<!-- bench -->");
});

Deno.test("chainOf() gives each revision three statements, which its downs take back", () => {
  const chain = chainOf(20_000);
  assertEquals(new Set(chain.map(({ stamp }) => stamp)).size, 20_000);
  assertEquals(chain.map(({ stamp }) => stamp), chain.map(({ stamp }) => stamp).toSorted());
  assertEquals(chain.every(({ up, down }) => up.length === 3 && down.length === 3), true);
});

Deno.test("options() reads flags, and refuses what it does not know", () => {
  assertEquals(options(["--n", "100,5000"]).lengths, [100, 5000]);
  assertEquals(options(["--memory", "0"]).memory, []);
  assertEquals([100, 1000, 5000].map(options([]).roundsAt), [5, 5, 3]);
  assertThrows(() => options(["--nn", "100"]), Error, "nn");
  assertThrows(() => options(["--n", "many"]), Error, "many");
});

/** Results with one sample each, of chains of 1,000. */
function results(samples: readonly [contestant: string, subject: Subject, ms: number][]): Results {
  return {
    date: "2026-11-22",
    machine: { cores: 2, cpu: "a processor", system: "linux x86_64" },
    postgres: "18.4",
    note: null,
    linkRoundTripMs: null,
    contestants: [...new Set(samples.map(([name]) => name))].map((name) => ({
      name,
      kind: name === "mig" ? "mig" : name.startsWith("psql") ? "floor" : "peer",
      version: "1",
    })),
    measures: samples.map(([contestant, subject, ms]) => ({
      contestant,
      subject,
      n: 1000,
      delayMs: 0,
      ms: [ms],
      roundTrips: [],
      connections: [],
      peakKib: [],
      failed: null,
    })),
  };
}
