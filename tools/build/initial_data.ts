/**
 * Makes the data directory for the executable, and writes it to the path given. initdb puts the time and random numbers into
 * it; here both are always the same, so that whoever builds a release gets the bytes that were released. (Nothing depends on
 * them: every copy of an executable shares them anyway, and nobody logs in to an embedded database with a password.)
 */

import nodeCrypto from "node:crypto";

/** The first second of 2026. */
const NOW = Date.UTC(2026, 0, 1);

if (import.meta.main) {
  stopTheClock();
  loadTheDice();
  const { makeInitialDataDir } = await import("../../src/embedded/initial_data.ts");
  await Deno.writeFile(Deno.args[0]!, await makeInitialDataDir());
}

function stopTheClock(): void {
  const Clock = Date;
  globalThis.Date = class extends Clock {
    constructor(...parts: unknown[]) {
      super(...(parts.length === 0 ? [NOW] : parts) as [number]);
    }
    static override now(): number {
      return NOW;
    }
  } as DateConstructor;
  performance.now = () => 0;
}

function loadTheDice(): void {
  const fill = <T extends ArrayBufferView>(view: T): T => {
    new Uint8Array(view.buffer, view.byteOffset, view.byteLength).fill(7);
    return view;
  };
  crypto.getRandomValues = fill as typeof crypto.getRandomValues;
  nodeCrypto.randomFillSync = fill as typeof nodeCrypto.randomFillSync;
  Math.random = () => 0.5;
}
