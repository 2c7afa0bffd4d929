/** Lengths of time, written with the units of PostgreSQL's settings (manual, "Parameter Names and Values"). */

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** PostgreSQL keeps its time-outs in 32 bits of milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** What a length of time may look like, for errors. */
export const DURATION_HINT =
  'write a number and a unit (ms, s, min, h, d), such as "500ms", "5s" or "2min"; "0" is no limit';

/**
 * The milliseconds of a length of time, such as `5s` or `1.5min`; 0 means no limit. Null for anything else: a number without a
 * unit, more than 24 days, and what is more than nothing but would round to no limit at all.
 */
export function parseDuration(text: string): number | null {
  if (text.trim() === "0") return 0;
  const [, count, unit] = /^\s*(\d{1,12}(?:\.\d{1,6})?)\s*(ms|s|min|h|d)\s*$/.exec(text) ?? [];
  if (count === undefined || unit === undefined) return null;
  const wanted = Number(count) * UNITS[unit]!;
  const milliseconds = Math.round(wanted);
  return milliseconds > LONGEST || (milliseconds === 0 && wanted > 0) ? null : milliseconds;
}

/** A length of time for people, in the largest unit that it fills: `90s`, `2min`. */
export function durationText(milliseconds: number): string {
  if (milliseconds === 0) return "0";
  const [unit, size] = Object.entries(UNITS).findLast(([, size]) => milliseconds % size === 0)!;
  return `${milliseconds / size}${unit}`;
}
