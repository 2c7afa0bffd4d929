/** What was measured, as it is kept, printed and drawn. */

import type { Kind, Task } from "./contestant.ts";

/** All results of one run of the bench. */
export interface Results {
  /** The day, as 2026-11-22. */
  readonly date: string;
  readonly machine: Machine;
  /** The server's version. */
  readonly postgres: string;
  /** What a reader has to know of this run, such as that others used the machine. */
  readonly note: string | null;
  readonly contestants: readonly { readonly name: string; readonly kind: Kind; readonly version: string }[];
  /** Milliseconds that a round trip over the slow link took, as measured with a query; null when there was none. */
  readonly linkRoundTripMs: number | null;
  readonly measures: readonly Measure[];
}

export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly system: string;
}

/** What a measure is of. `version` is the time to start, print the version and end; `memory` a run of up that is watched. */
export type Subject = Task | "version" | "help" | "memory";

/** The samples of one contestant at one thing. */
export interface Measure {
  readonly contestant: string;
  readonly subject: Subject;
  /** The length of the chain; 0 where there is none. */
  readonly n: number;
  /** Milliseconds added each way. */
  readonly delayMs: number;
  readonly ms: number[];
  /** For each sample over the slow link. */
  readonly roundTrips: number[];
  readonly connections: number[];
  readonly peakKib: number[];
  /** Why there are no samples, or no more. */
  failed: string | null;
}

/** Which measure. */
export type Key = Pick<Measure, "contestant" | "subject" | "n" | "delayMs">;

/** The measures of a run as they come in. */
export class Measures {
  readonly all: Measure[] = [];

  /** The measure of a key, made when it is asked for first. */
  at(key: Key): Measure {
    const found = findMeasure(this.all, key);
    if (found !== undefined) return found;
    const made: Measure = { ...key, ms: [], roundTrips: [], connections: [], peakKib: [], failed: null };
    this.all.push(made);
    return made;
  }
}

/** The measure of a key, if there is one. */
export function findMeasure(measures: readonly Measure[], key: Key): Measure | undefined {
  return measures.find((measure) =>
    measure.contestant === key.contestant && measure.subject === key.subject && measure.n === key.n &&
    measure.delayMs === key.delayMs
  );
}

/** The median of the samples; null where there are none. */
export function median(samples: readonly number[]): number | null {
  if (samples.length === 0) return null;
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The median time of a measure in milliseconds; null where it was not taken or failed. */
export function medianMs(results: Results, key: Key): number | null {
  const measure = findMeasure(results.measures, key);
  return measure === undefined || measure.failed !== null ? null : median(measure.ms);
}
