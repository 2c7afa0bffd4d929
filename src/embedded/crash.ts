/**
 * Tells when PostgreSQL has died inside of a PGlite. Where WebAssembly throws, because the stack of the engine is too small
 * or the process would have exited, PGlite goes on with the next message, on top of whatever state was left: a Sync
 * or COMMIT behind the dead statement would then commit half of it, and PGlite could go round for ever.
 */

import type { PGlite } from "@electric-sql/pglite";

/** What became of an instance. */
export interface CrashWatch {
  /** What was thrown when it died; null while it lives. */
  readonly crash: { readonly cause: unknown } | null;
}

/**
 * Watches an instance. From its death on it runs nothing any more, and calls into it throw.
 *
 * It relies on how PGlite (0.5) runs messages: a loop that calls `_PostgresMainLoopOnce`, and `stackRestore` after each
 * exception, of which the status 100 is PostgreSQL's own way to report an error.
 */
export function watchForCrash({ Module: module }: PGlite): CrashWatch {
  const watch: { crash: CrashWatch["crash"] } = { crash: null };
  const runOnce = module._PostgresMainLoopOnce, restore = module.stackRestore;
  module._PostgresMainLoopOnce = () => {
    try {
      return runOnce();
    } catch (cause) {
      if ((cause as { status?: number } | null)?.status !== REPORTED_ERROR) watch.crash ??= { cause };
      throw cause;
    }
  };
  module.stackRestore = (pointer) => {
    const restored = restore(pointer);
    // The one way out of the loop.
    if (watch.crash !== null) throw watch.crash.cause;
    return restored;
  };
  return watch;
}

const REPORTED_ERROR = 100;
