/** Who has the embedded database: one session at a time, in this process and in all others. */

import { resolve } from "node:path";
import { MigError } from "../error.ts";
import { type EmbeddedAssets, loadAssets } from "./assets.ts";
import { claimFolder, damaged, prepareData } from "./folder.ts";
import { initialDataDir } from "./initial_data.ts";
import { Instance, StartError } from "./instance.ts";
import { type FolderLock, type FolderLockOptions, lockFolder } from "./lock.ts";
import type { TarEntry } from "./tar.ts";

/** How long to wait for the session before, and where files for all folders are kept. */
export interface KeeperOptions extends FolderLockOptions {
  readonly cacheDir: string | null;
}

/** Gives out a running instance for one session at a time. */
export interface Keeper {
  /** @throws {MigError} `embedded-busy`, `embedded-failed`, `embedded-version`, `file-failed` */
  take(): Promise<Instance>;
  /** Gets it back when its session has ended. */
  giveBack(instance: Instance): Promise<void>;
  /** Ends what is kept from session to session. */
  close(): Promise<void>;
}

/** A database in a folder. It is opened for each session, so that other processes can have it in between. */
export class FolderKeeper implements Keeper {
  readonly #folder: string;
  readonly #options: KeeperOptions;
  #lock: FolderLock | null = null;

  constructor(folder: string, options: KeeperOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  async take(): Promise<Instance> {
    claimFolder(this.#folder);
    const assets = await loadAssets();
    // It is compiled in threads of its own meanwhile; who needs it is told if it fails.
    assets?.wasm().catch(() => {});
    const lock = await lockFolder(this.#folder, this.#options);
    try {
      const data = await prepareData(this.#folder, () => initialDataDir(assets, this.#options.cacheDir));
      const instance = await Instance.start({ folder: resolve(data) }, assets);
      this.#lock = lock;
      return instance;
    } catch (error) {
      lock.release();
      throw error instanceof StartError ? damaged(this.#folder, error.message, error) : error;
    }
  }

  async giveBack(instance: Instance): Promise<void> {
    await instance.close();
    this.#lock?.release();
    this.#lock = null;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A database in memory, which lives until it is closed. */
export class MemoryKeeper implements Keeper {
  readonly #options: KeeperOptions;
  readonly #files: readonly TarEntry[] | null;
  #instance: Instance | null = null;
  #taken = false;
  #state: "open" | "closed" = "open";

  /** @param options with `files`, it begins as that data directory */
  constructor(options: KeeperOptions & { readonly files?: readonly TarEntry[] }) {
    this.#options = options;
    this.#files = options.files ?? null;
  }

  /** Bytes of memory that it has; 0 before it is used. */
  get memory(): number {
    return this.#instance?.memory ?? 0;
  }

  async take(): Promise<Instance> {
    await this.#acquire();
    try {
      if (this.#state === "closed") throw new MigError("embedded-failed", "the database in memory is closed");
      if (this.#instance?.crash) throw lost(this.#instance.crash.cause);
      return this.#instance ??= await this.#start(await loadAssets());
    } catch (error) {
      this.#taken = false;
      throw error;
    }
  }

  giveBack(): Promise<void> {
    this.#taken = false;
    return Promise.resolve();
  }

  async close(): Promise<void> {
    this.#state = "closed";
    await this.#instance?.close();
    this.#instance = null;
  }

  async #start(assets: EmbeddedAssets | null): Promise<Instance> {
    const files = this.#files ?? await initialDataDir(assets, this.#options.cacheDir);
    return await Instance.start({ files }, assets);
  }

  async #acquire(): Promise<void> {
    const { waitMs, onWait } = this.#options;
    const started = performance.now();
    while (this.#taken) {
      const waitedMs = performance.now() - started;
      if (waitedMs >= waitMs) {
        throw new MigError("embedded-busy", "another session uses the database in memory", {
          hint: "close it first: the embedded database has one at a time",
        });
      }
      onWait?.({ holder: null, waitedMs });
      await new Promise((resolve) => setTimeout(resolve, Math.min(POLL_MS, waitMs - waitedMs)));
    }
    this.#taken = true;
  }
}

const POLL_MS = 20;

function lost(cause: unknown): MigError {
  return new MigError(
    "embedded-failed",
    "the database in memory is gone: it crashed in an earlier statement",
    {
      hint: "run the command again; on a server the statement may work",
      cause,
    },
  );
}
