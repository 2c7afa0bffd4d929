/** Memory of long chains. */

/**
 * After how many revisions it is worth collecting what they have left, about 20 ms each time: reading one leaves little, checking
 * and running one leaves its SQL.
 */
export const COLLECT_EVERY = { read: 4000, checked: 1000, run: 250 } as const;

/**
 * Frees what is not used any more, where the runtime can be told to. Bun, which the executable runs on, lets garbage grow to a multiple of
 * what is in use before it collects by itself.
 */
export function collectGarbage(): void {
  const { Bun } = globalThis as { Bun?: { gc?(now: boolean): void } };
  Bun?.gc?.(true);
}
