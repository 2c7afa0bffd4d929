/** What mig promises of its speed, held against the results. */

import { findMeasure, type Key, median, medianMs, type Results } from "./results.ts";
import { duration } from "./duration.ts";

/** A promise, and what came of it. */
export interface Finding {
  readonly promise: string;
  /** What was measured, in words; null when it was not measured in this run. */
  readonly measured: string | null;
  /** Null when it was not measured. */
  readonly kept: boolean | null;
}

const MIG = "mig";
const FLOOR = "psql, a transaction each";
const DBMATE = "dbmate";

/** All promises, in the order in which people ask for them. */
export function findings(results: Results): readonly Finding[] {
  const up = { subject: "up", n: 1000, delayMs: 0 } as const;
  const far = { subject: "up", n: 100, delayMs: 5 } as const;
  const noop = { subject: "no-op up", n: 1000, delayMs: 0 } as const;
  const status = { subject: "status", n: 1000, delayMs: 0 } as const;
  const version = { subject: "version", n: 0, delayMs: 0 } as const;
  return [
    ratio(results, "up of 1,000: at most 1.0× psql with a transaction each", up, FLOOR, 1),
    ratio(
      results,
      "up of 100, 5 ms each way: at most 0.25× the fastest peer",
      far,
      fastestPeer(results, far),
      0.25,
    ),
    ratio(results, "up of 100, 5 ms each way: at most 0.1× dbmate", far, DBMATE, 0.1),
    roundTrips(results, far, 10),
    ratio(results, "no-op up at 1,000: at most 2× dbmate", noop, DBMATE, 2),
    ratio(results, "status at 1,000: at most 2× dbmate", status, DBMATE, 2),
    ratio(results, "--version: at most 2× dbmate", version, DBMATE, 2),
    time(results, "--version under 15 ms", version, 15),
    time(results, "--help under 15 ms", { subject: "help", n: 0, delayMs: 0 }, 15),
    time(results, "status at 1,000 under 100 ms", status, 100),
    memory(results, "up of 20,000 in less than 150 MB", 20_000, 150),
  ];
}

type What = Omit<Key, "contestant">;

/** At most so many times the other's median. */
function ratio(results: Results, promise: string, what: What, other: string | null, most: number): Finding {
  const mine = medianMs(results, { ...what, contestant: MIG });
  const theirs = other === null ? null : medianMs(results, { ...what, contestant: other });
  if (mine === null || theirs === null) return { promise, measured: null, kept: null };
  const measured = `${(mine / theirs).toFixed(3)}× (${duration(mine)} to ${duration(theirs)} of ${other})`;
  return { promise, measured, kept: mine / theirs <= most };
}

function time(results: Results, promise: string, what: What, below: number): Finding {
  const mine = medianMs(results, { ...what, contestant: MIG });
  if (mine === null) return { promise, measured: null, kept: null };
  return { promise, measured: duration(mine), kept: mine < below };
}

function roundTrips(results: Results, what: What, below: number): Finding {
  const promise = `up of 100, 5 ms each way: fewer than ${below} round trips in all`;
  const counts = findMeasure(results.measures, { ...what, contestant: MIG })?.roundTrips ?? [];
  if (counts.length === 0) return { promise, measured: null, kept: null };
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  return { promise, measured: fewest === most ? String(most) : `${fewest} to ${most}`, kept: most < below };
}

function memory(results: Results, promise: string, n: number, belowMb: number): Finding {
  const measure = findMeasure(results.measures, { contestant: MIG, subject: "memory", n, delayMs: 0 });
  if (measure?.failed) return { promise, measured: measure.failed, kept: false };
  const peak = median(measure?.peakKib ?? []);
  if (peak === null) return { promise, measured: null, kept: null };
  const mb = peak * 1024 / 1e6;
  return { promise, measured: `${mb.toFixed(0)} MB`, kept: mb < belowMb };
}

function fastestPeer(results: Results, what: What): string | null {
  let best: { name: string; ms: number } | null = null;
  for (const { name, kind } of results.contestants) {
    const ms = kind === "peer" ? medianMs(results, { ...what, contestant: name }) : null;
    if (ms !== null && (best === null || ms < best.ms)) best = { name, ms };
  }
  return best?.name ?? null;
}
