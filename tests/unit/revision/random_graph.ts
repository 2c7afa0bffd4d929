/** Random numbers and graphs for property tests: the same seed gives the same ones. */

import type { Revision } from "../../../src/revision/revision.ts";

/** A source of numbers from 0 up to 1. */
export type Random = () => number;

/** A 32-bit xorshift generator (Marsaglia 2003). */
export function random(seed: number): Random {
  let state = (seed * 2654435761 + 88675123) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

export function below(next: Random, limit: number): number {
  return Math.floor(next() * limit);
}

export function pick<T>(next: Random, list: readonly T[]): T {
  return list[below(next, list.length)]!;
}

export function shuffled<T>(next: Random, list: readonly T[]): T[] {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = below(next, i + 1);
    [copy[i], copy[j]] = [copy[j]!, copy[i]!];
  }
  return copy;
}

/** Some of a list, each with the same chance. */
export function some<T>(next: Random, list: readonly T[], chance: number): T[] {
  return list.filter(() => next() < chance);
}

/** Revisions with up to three parents, several bases, forks, merges and dependencies; older ones first. */
export function randomRevisions(next: Random, size: number): Revision[] {
  const made: Revision[] = [];
  for (let i = 0; i < size; i++) {
    const id = `${pick(next, ["a", "b", "c", "1f", "3f9"])}${below(next, 1e6).toString(36)}${i}`;
    const recent = made.slice(-6).map((revision) => revision.id);
    const parents = next() < 0.15
      ? []
      : shuffled(next, recent).slice(0, next() < 0.75 ? 1 : 1 + below(next, 3));
    const others = made.map((revision) => revision.id).filter((other) => !parents.includes(other));
    const dependsOn = others.length > 0 && next() < 0.2 ? [pick(next, others)] : [];
    const labels = next() < 0.1 ? [`label${i}`] : [];
    made.push({
      id,
      parents,
      dependsOn,
      labels,
      message: `change ${i}`,
      path: `migrations/${id}`,
      reversible: true,
    });
  }
  return made;
}
