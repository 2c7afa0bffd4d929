/** The checksums of a chain, made while a database has not answered yet. */

import { setImmediate } from "node:timers";
import { plainChecksum } from "../revision/checksum.ts";
import type { RevisionId } from "../revision/revision.ts";
import type { Chain } from "./chain.ts";

/** How long nothing else is done, in milliseconds. */
const SLICE_MS = 1;

/** Makes checksums of up.sql, in the order of the chain, until it is told to stop. */
export class ChecksumsAhead {
  readonly #made = new Map<RevisionId, string>();
  #stopped = false;

  /** Settles when all are made, or at the next slice after `stop()`; a file that takes a closer look is left out. */
  async make({ graph, texts }: Chain): Promise<void> {
    let since = performance.now();
    for (const revision of graph.order) {
      if (performance.now() - since > SLICE_MS) {
        await new Promise((resolve) => setImmediate(resolve));
        if (this.#stopped) return;
        since = performance.now();
      }
      const bytes = texts.bytes?.(revision, "up") ?? null;
      const sum = bytes === null ? null : plainChecksum(bytes);
      if (sum !== null) this.#made.set(revision.id, sum);
    }
  }

  /** Gives what has been made up to now. */
  stop(): ReadonlyMap<RevisionId, string> {
    this.#stopped = true;
    return this.#made;
  }
}
