/** Databases in memory to throw away, for the shadow. */

import type { Scratch, ScratchSource } from "../engine/shadow/scratch.ts";
import { loadAssets } from "./assets.ts";
import { type ConnectSession, databaseOf } from "./database.ts";
import { initialDataDir } from "./initial_data.ts";
import { MemoryKeeper } from "./keeper.ts";
import { openSnapshot, packSnapshot } from "./snapshot.ts";
import type { TarEntry } from "./tar.ts";
import { PGLITE_VERSION } from "./version.ts";

/** PGlite in memory, as a source of databases to throw away. One instance takes 130 to 310 MB. */
export function embeddedScratches(connectSession: ConnectSession, cacheDir: string | null): ScratchSource {
  let initial: readonly TarEntry[] | null = null;
  return {
    kind: "embedded",
    fingerprint: `pglite ${PGLITE_VERSION}`,
    async open(snapshot): Promise<Scratch> {
      const assets = await loadAssets();
      // It is compiled in threads of its own, while the files are unpacked here; who needs it is told if it fails.
      assets?.wasm().catch(() => {});
      const begin = initial ??= await initialDataDir(assets, cacheDir);
      const files = snapshot === null ? begin : openSnapshot(snapshot, begin);
      const keeper = new MemoryKeeper({ waitMs: 30_000, cacheDir, files });
      // A snapshot that cannot be started from is found out now.
      await keeper.take();
      await keeper.giveBack();
      return {
        database: databaseOf(keeper, "the shadow", { connectSession }),
        async snapshot() {
          const instance = await keeper.take();
          try {
            return packSnapshot(await instance.dataFiles(), begin);
          } finally {
            await keeper.giveBack();
          }
        },
        memory: () => keeper.memory,
        close: () => keeper.close(),
      };
    },
  };
}
