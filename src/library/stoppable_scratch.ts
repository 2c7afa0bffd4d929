/** Databases to throw away that stop when they are asked to: Ctrl-C in the middle of a replay or of a proof. */

import { CancellableSession } from "../engine/cancel.ts";
import type { Scratch, ScratchSource } from "../engine/shadow/scratch.ts";
import { MigError } from "../error.ts";

/** The same source; once `signal` is aborted, what runs in its databases is cancelled, and nothing more is begun. */
export function stoppableScratches(source: ScratchSource, signal: AbortSignal): ScratchSource {
  return { ...source, open: async (snapshot) => stoppable(await source.open(snapshot), signal) };
}

function stoppable(scratch: Scratch, signal: AbortSignal): Scratch {
  const { database } = scratch;
  return {
    ...scratch,
    database: {
      ...database,
      async connect(options) {
        refuseStopped(signal);
        return new CancellableSession(await database.connect(options), signal);
      },
      async dumpSchema(options) {
        refuseStopped(signal);
        return await database.dumpSchema!(options);
      },
    },
  };
}

function refuseStopped(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new MigError("interrupted", "stopped by you", {
    hint: "nothing was done to any database but the shadow, which is gone",
  });
}
