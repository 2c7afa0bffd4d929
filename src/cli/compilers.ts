/**
 * Bun's compilers. The executable starts with them held back: code that runs for a tenth of a second is done before it has paid to
 * compile it, and on two cores the compilers take time from the server. See tools/build/compile.ts.
 */

import { setTimeout } from "node:timers";

/** From here on a run is a long one, in milliseconds. */
const LONG_MS = 150;

/** Lets the compilers work as they are made to once a run turns out to be long. */
export function compileWhenLong(): void {
  const { Bun } = globalThis as { Bun?: { unsafe?: { setJITPolicy?(scale: number): void } } };
  if (Bun?.unsafe?.setJITPolicy === undefined) return;
  setTimeout(() => Bun.unsafe!.setJITPolicy!(1), LONG_MS).unref();
}
