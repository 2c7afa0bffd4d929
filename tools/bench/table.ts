/** The results as tables, which a terminal and the README show alike. */

import { TASKS } from "./contestant.ts";
import { duration } from "./duration.ts";
import { findMeasure, type Key, median, medianMs, type Results, type Subject } from "./results.ts";

/** A title and its rows, the first of which names the columns. */
export interface Table {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
}

type What = Omit<Key, "contestant">;

/** Up, status, no-op up and down of one length, on the local line. */
export function localTable(results: Results, n: number): Table {
  const columns = TASKS.map((subject): [string, What] => [subject, { subject, n, delayMs: 0 }]);
  return { title: `${thousands(n)} revisions`, rows: timesOf(results, columns) };
}

/** Up over the slow line, with what it cost in round trips. */
export function linkTable(results: Results, n: number, delayMs: number): Table {
  const what: What = { subject: "up", n, delayMs };
  const times = timesOf(results, [["up", what]]);
  const rows = times.map((cells, index) => {
    const contestant = results.contestants[index - 1]?.name;
    if (contestant === undefined) return [...cells, "round trips", "connections"];
    const measure = findMeasure(results.measures, { ...what, contestant });
    return [...cells, count(measure?.roundTrips), count(measure?.connections)];
  });
  const trip = results.linkRoundTripMs === null
    ? ""
    : `, so that a query takes ${duration(results.linkRoundTripMs)}`;
  return { title: `${thousands(n)} revisions over a line with ${delayMs} ms each way${trip}`, rows };
}

/** How fast they start, and their peak memory. */
export function aloneTable(results: Results): Table {
  const lengths = lengthsOf(results, "memory");
  const head = ["", "--version", "×mig", ...lengths.map((n) => `memory, up of ${thousands(n)}`)];
  const starts = timesOf(results, [["--version", { subject: "version", n: 0, delayMs: 0 }]]).slice(1);
  const rows = starts.map((cells, index) => [
    ...cells,
    ...lengths.map((n) => memoryOf(results, results.contestants[index]!.name, n)),
  ]);
  return { title: "Start and memory", rows: [head, ...rows] };
}

/** Why there is no time where there could be one. */
export function failures(results: Results): string[] {
  return results.measures.filter(({ failed }) => failed !== null).map(
    ({ contestant, subject, n, delayMs, failed }) => {
      const where = delayMs === 0 ? "" : ` with ${delayMs} ms each way`;
      return `${contestant}, ${subject}${n === 0 ? "" : ` of ${thousands(n)}`}${where}: ${failed}`;
    },
  );
}

/** The lengths of chain for which there are measures of something on the local line, ascending. */
export function lengthsOf({ measures }: Results, subject: Subject): number[] {
  const here = measures.filter((measure) => measure.subject === subject && measure.delayMs === 0);
  return [...new Set(here.map(({ n }) => n))].sort((a, b) => a - b);
}

/** 5000 as 5,000. */
export function thousands(n: number): string {
  return n.toLocaleString("en-US");
}

/** Medians, and behind each the ratio to mig's. */
function timesOf(results: Results, columns: readonly [string, What][]): string[][] {
  const rows = [["", ...columns.flatMap(([head]) => [head, "×mig"])]];
  for (const { name } of results.contestants) {
    rows.push([name, ...columns.flatMap(([, what]) => timeOf(results, { ...what, contestant: name }))]);
  }
  return rows;
}

function timeOf(results: Results, key: Key): [string, string] {
  const mine = medianMs(results, key);
  // A dash says that the program has no such command.
  if (mine === null) return [findMeasure(results.measures, key)?.failed ? "failed" : "–", ""];
  const ofMig = medianMs(results, { ...key, contestant: "mig" });
  return [duration(mine), ofMig === null ? "" : (mine / ofMig).toFixed(2)];
}

function memoryOf(results: Results, contestant: string, n: number): string {
  const measure = findMeasure(results.measures, { contestant, subject: "memory", n, delayMs: 0 });
  if (measure?.failed) return "failed";
  const peak = median(measure?.peakKib ?? []);
  return peak === null ? "–" : `${(peak * 1024 / 1e6).toFixed(0)} MB`;
}

function count(samples: readonly number[] = []): string {
  const middle = median(samples);
  return middle === null ? "–" : thousands(Math.round(middle));
}
