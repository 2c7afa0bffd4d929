/** The bench's flags. */

import { parseArgs } from "@std/cli/parse-args";

/** What is measured, and how often. */
export interface Options {
  /** Lengths of the chain. */
  readonly lengths: readonly number[];
  /** How many rounds there are for a chain of a length. */
  roundsAt(n: number): number;
  /** Length of the chain over the slow line; 0 for none. */
  readonly far: number;
  /** Milliseconds that the slow line adds each way. */
  readonly delayMs: number;
  /** Lengths for which memory is watched. */
  readonly memory: readonly number[];
  /** How often `--version` is timed. */
  readonly starts: number;
  /** Names of contestants, or parts of them; all when there are none. */
  readonly only: readonly string[];
  readonly limitMs: number;
  /** Words that go with the results. */
  readonly note: string | null;
}

/** A round with more revisions takes minutes; no ratio that mig promises is about those. */
const LONG = 1000;
const ROUNDS_WHEN_LONG = 3;

/**
 * Reads the flags.
 *
 * @throws {Error} when one is unknown or no number
 */
export function options(args: readonly string[]): Options {
  const flags = parseArgs([...args], {
    string: ["n", "rounds", "far", "delay", "memory", "only", "limit", "json", "note"],
    boolean: ["quick", "chart"],
  });
  const known = [
    "_",
    "n",
    "rounds",
    "far",
    "delay",
    "memory",
    "only",
    "limit",
    "json",
    "note",
    "quick",
    "chart",
  ];
  const unknown = Object.keys(flags).find((name) => !known.includes(name));
  if (unknown !== undefined || flags._.length > 0) {
    throw new Error(`unknown: ${unknown ?? flags._[0]}; see tools/bench.ts`);
  }
  const quick = flags.quick === true;
  const rounds = number(flags.rounds, quick ? 2 : 5);
  return {
    lengths: numbers(flags.n, quick ? [100] : [100, 1000, 5000]),
    roundsAt: (n) => n > LONG ? Math.min(rounds, ROUNDS_WHEN_LONG) : rounds,
    far: number(flags.far, 100),
    delayMs: number(flags.delay, 5),
    memory: numbers(flags.memory, quick ? [100] : [1000, 20_000]),
    starts: quick ? 5 : 21,
    only: String(flags.only ?? "").split(",").filter(Boolean),
    limitMs: number(flags.limit, 300) * 1000,
    note: flags.note || null,
  };
}

function numbers(text: unknown, otherwise: readonly number[]): readonly number[] {
  if (text === undefined) return otherwise;
  return String(text).split(",").map((each) => number(each, 0)).filter((each) => each > 0);
}

function number(text: unknown, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (String(text).trim() === "" || !(value >= 0)) throw new Error(`not a number: ${text}`);
  return value;
}
