/** A running PGlite: takes messages of the protocol, one at a time, and knows when it has died. */

import type { MemoryFS, PGlite, PGliteOptions } from "@electric-sql/pglite";
import type { EmbeddedAssets } from "./assets.ts";
import { compilingOnce } from "./compiling_once.ts";
import { type CrashWatch, watchForCrash } from "./crash.ts";
import { currentWalFile, dataFiles, filesOfInstance, putData, withoutSpareWal } from "./data_files.ts";
import { archiveOfPackage, archivesNamedIn, archivesOf, filesOf } from "./extensions.ts";
import { runPgDump } from "./pg_dump.ts";
import { queryMessage, READY_FOR_QUERY } from "./protocol.ts";
import type { TarEntry } from "./tar.ts";

/** Where an instance keeps its data: in a folder, or in memory with these files to begin with, which stay as they are. */
export type DataSource = { readonly folder: string } | { readonly files: readonly TarEntry[] };

/** What an instance throws that cannot start; `log` is what PostgreSQL has said. */
export class StartError extends Error {
  override readonly name = "StartError";
  constructor(readonly log: readonly string[], options: { readonly cause: unknown }) {
    const reasons = log.flatMap((line) => /(?:FATAL|PANIC): +(.*)/.exec(line)?.[1] ?? []);
    super(reasons.at(-1) ?? "PostgreSQL did not start", options);
  }
}

/** A running PGlite. */
export class Instance {
  readonly #pglite: PGlite;
  readonly #assets: EmbeddedAssets | null;
  readonly #watch: CrashWatch;
  readonly #archives = new Set<string>();
  #user: object | null = null;
  #silence: CrashWatch["crash"] = null;
  #closed = false;

  private constructor(pglite: PGlite, assets: EmbeddedAssets | null) {
    this.#pglite = pglite;
    this.#assets = assets;
    this.#watch = watchForCrash(pglite);
  }

  /**
   * Starts PostgreSQL.
   * @throws {StartError} when the data cannot be opened
   */
  static async start(source: DataSource, assets: EmbeddedAssets | null): Promise<Instance> {
    // The module is compiled in threads of its own, while the rest is read.
    const [wasm, bundle, { MemoryFS, PGlite }] = await Promise.all([
      assets?.wasm(),
      assets?.fsBundle(),
      import("@electric-sql/pglite"),
    ]);
    const log: string[] = [];
    const options: PGliteOptions = {
      ...("folder" in source
        ? { dataDir: `file://${source.folder}` }
        : { fs: filledWith(source.files, MemoryFS) }),
      pgliteWasmModule: wasm,
      // It is asked for nothing else, and a Blob would be another copy of it.
      fsBundle: bundle && { arrayBuffer: () => Promise.resolve(bundle) } as Blob,
      // The data directory is there already, so the program that would make it is never run.
      initdbWasmModule: new WebAssembly.Module(EMPTY_MODULE),
      startParams: START_PARAMETERS,
      onStderr: (line) => {
        log.push(line);
        return true;
      },
    };
    try {
      const pglite = await compilingOnce(() => PGlite.create(options));
      const instance = new Instance(pglite, assets);
      const { rows } = await pglite.query<{ name: string }>(
        "select extname as name from pg_catalog.pg_extension",
      );
      await instance.#addArchives(archivesOf(rows.map(({ name }) => name)));
      return instance;
    } catch (cause) {
      throw new StartError(log, { cause });
    }
  }

  /** Why it has died; null while it lives. A dead one cannot be asked for anything more. */
  get crash(): CrashWatch["crash"] {
    return this.#watch.crash ?? this.#silence;
  }

  /** Puts in the extensions that SQL is about to use. */
  async provideFor(sql: string): Promise<void> {
    await this.#addArchives(archivesNamedIn(sql));
  }

  /**
   * Runs messages and gives all that PostgreSQL answers. The event loop stands still meanwhile.
   *
   * @param answer what must be at its end, should PostgreSQL be alive
   */
  async execute(messages: Uint8Array, answer: "ready" | "anything"): Promise<Buffer> {
    const chunks: Buffer[] = [];
    try {
      await this.#pglite.execProtocolRawStream(messages, {
        syncToFs: false,
        // A view into memory which PostgreSQL will write to again.
        onRawData: (data) => chunks.push(Buffer.from(data)),
      });
    } catch (cause) {
      this.#silence ??= { cause };
    }
    const output = Buffer.concat(chunks);
    if (answer === "ready" && output[output.length - 6] !== READY_FOR_QUERY) {
      this.#silence ??= { cause: null };
    }
    return output;
  }

  /**
   * Runs pg_dump over it, and undoes what that leaves: an open transaction, settings and prepared statements.
   *
   * @param args of its command line, such as `--schema-only`
   * @throws what pg_dump says, or a crash
   */
  async dump(args: readonly string[]): Promise<string> {
    try {
      return await runPgDump(this.#pglite, args);
    } finally {
      await this.#reset();
    }
  }

  /** The files of its data directory, as they are until something runs. It has to be in memory, and no session open. */
  async dataFiles(): Promise<TarEntry[]> {
    await this.execute(queryMessage("checkpoint"), "ready");
    const current = await currentWalFile(this.#pglite);
    return withoutSpareWal(dataFiles(filesOfInstance(this.#pglite)), current);
  }

  /** Bytes of memory that it has. */
  get memory(): number {
    return this.#pglite.Module.HEAPU8.length;
  }

  /** Gives its one session to whoever asks first; false for the others. */
  attach(user: object): boolean {
    this.#user ??= user;
    return this.#user === user;
  }

  /** Takes the session back from `user`, and makes it as good as new for the next. */
  async detach(user: object): Promise<void> {
    if (this.#user !== user) return;
    this.#user = null;
    await this.#reset();
  }

  /** Shuts PostgreSQL down. Never throws. */
  async close(): Promise<void> {
    // To shut a dead one down would write what is left of its state.
    if (this.crash !== null || this.#closed) return;
    this.#closed = true;
    await this.#pglite.close().catch(() => {});
  }

  /** Makes its session as good as new. */
  async #reset(): Promise<void> {
    for (const sql of ["rollback", "discard all"]) {
      if (this.crash === null && !this.#closed) await this.execute(queryMessage(sql), "ready");
    }
  }

  async #addArchives(names: readonly string[]): Promise<void> {
    for (const name of names) {
      if (this.#archives.has(name)) continue;
      this.#archives.add(name);
      const archive = await (this.#assets?.extension(name) ?? archiveOfPackage(name));
      for (const { path, content } of filesOf(archive)) this.#pglite.copyToFS(path, content);
    }
  }
}

/** "\0asm", version 1, and nothing else. */
const EMPTY_MODULE = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

/** A file system in memory that has a data directory when PGlite looks for one. */
function filledWith(files: readonly TarEntry[], Memory: typeof MemoryFS): MemoryFS {
  return new class extends Memory {
    override initialSyncFs(): Promise<void> {
      putData(filesOfInstance(this.pg!), files);
      return Promise.resolve();
    }
  }();
}

/**
 * As PGlite's own, but for what would make it differ from a server (`-O`, which opens the system tables to changes, and a
 * search_path of its own), for buffers of 128 MB, and for the stack: WebAssembly's is small, and running out of it kills the
 * instance, where PostgreSQL's own limit gives an error.
 */
const START_PARAMETERS = [
  ...["--single", "-F", "-j"],
  ...["exit_on_error=false", "log_checkpoints=false", "io_method=sync", "max_worker_processes=0"],
  ...["max_parallel_workers=0", "max_parallel_workers_per_gather=0", "max_parallel_maintenance_workers=0"],
  ...["shared_buffers=16MB", "max_stack_depth=256kB"],
].flatMap((parameter) => parameter.startsWith("-") ? [parameter] : ["-c", parameter]);
