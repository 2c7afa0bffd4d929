/** Memory of long chains. */

/** After how many revisions, read or run, it is worth collecting what they have left: about 20 ms each time. */
export const COLLECT_EVERY = 1000;

/**
 * Frees what is not used any more, where the runtime can be told to. Bun, which the executable runs on, lets garbage grow to a multiple of
 * what is in use before it collects by itself.
 */
export function collectGarbage(): void {
  const { Bun } = globalThis as { Bun?: { gc?(now: boolean): void } };
  Bun?.gc?.(true);
}
