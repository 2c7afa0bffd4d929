/** mig as a library: the verbs of the command line as functions that give the data which `--json` prints. */

import process from "node:process";
import type { App } from "../commands/app.ts";
import type { Command, Input } from "../commands/command.ts";
import type {
  CurrentData,
  Data,
  HeadsData,
  HistoryData,
  MigratedData,
  ShowData,
  StatusData,
} from "../commands/data.ts";
import type { OnEvent } from "../engine/event.ts";
import type { Flush } from "../engine/step_sql.ts";
import type { Timeouts } from "../engine/timeouts.ts";
import { RevisionGraph } from "../revision/graph.ts";
import { chooseDatabase } from "./choose_database.ts";
import { chainOf, type RevisionLiteral } from "./memory.ts";
import { openDatabase } from "./open_database.ts";

/** What to work on. */
export interface OpenOptions {
  /** `postgres://…` as libpq reads it, `pglite:PATH`, or `pglite::memory:` for a database that lives as long as this object. */
  readonly database: string;
  /** The folder of the revisions, several folders, or the revisions themselves. */
  readonly migrations: string | readonly string[] | readonly RevisionLiteral[];
  /** The folder of the repeatable scripts; none where it is left out. */
  readonly repeatable?: string;
  /** The version table, `name` or `schema.name`; `mig_version` by default. */
  readonly table?: string;
  /** How long to wait for another run to finish, in milliseconds; a minute by default. */
  readonly lockWaitMs?: number;
  readonly timeouts?: Pick<Timeouts, "lockTimeout" | "lockRetries" | "statementTimeout">;
  /** When the server flushes to disk: once for the run (the default), or after each revision. */
  readonly flush?: Flush;
  /** Gets what happens while something runs. */
  readonly onEvent?: OnEvent;
  /** Gets sentences about what is odd and does not stop mig. */
  readonly onWarning?: (message: string) => void;
  /** Aborting it cancels what runs on the server, and rolls it back. */
  readonly signal?: AbortSignal;
  /** Where libpq's variables (PGHOST …) are taken from; the environment of this process by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A project with its database. Each method that reads or runs opens a session of its own and closes it. */
export interface Mig extends AsyncDisposable {
  /**
   * Applies all that leads to the specs; to the head if there are none.
   * @throws {MigError} whatever was refused or failed; `data.applied` has what is applied then, where known
   */
  up(...specs: readonly string[]): Promise<MigratedData>;
  /** Undoes all that came after the spec, which stays applied; `base` undoes everything. */
  down(spec: string): Promise<MigratedData>;
  /** Leads to exactly what the specs need from wherever the database is: down with everything else, then up. */
  goto(...specs: readonly string[]): Promise<MigratedData>;
  /** Undoes the last revisions, one by default, and applies them again as their files are now. */
  redo(count?: number): Promise<MigratedData>;
  /** What `up` or `down` would do. It only reads. */
  plan(direction: "up" | "down", ...specs: readonly string[]): Promise<MigratedData>;
  /** Where the database is, what is pending, and what is wrong. It only reads. */
  status(): Promise<StatusData>;
  /** All revisions, newest first, or those of a range such as `-3:current`. It only reads. */
  history(range?: string): Promise<HistoryData>;
  /** The revisions that the database is at. It only reads. */
  current(): Promise<CurrentData>;
  /** The revisions that nobody follows. It only reads. */
  heads(): Promise<HeadsData>;
  /** A revision and its SQL; with `applied`, the SQL that ran, as the database has it. It only reads. */
  show(spec: string, options?: { readonly applied?: boolean }): Promise<ShowData>;
  /** Lets go of a database in memory. */
  close(): Promise<void>;
}

/**
 * Opens a project. Nothing is read or connected to before it is needed.
 *
 * @throws {MigError} `url-invalid`
 */
export async function open(options: OpenOptions): Promise<Mig> {
  const { env = process.env, lockWaitMs = LOCK_WAIT_MS, onEvent = () => {}, onWarning = () => {} } = options;
  const choice = await chooseDatabase(options.database, env);
  const { signal = new AbortController().signal } = options;
  const database = await openDatabase(choice, { env, lockWaitMs, onEvent, signal, warn: onWarning });
  const app: App = {
    openChain: () => openChain(options.migrations),
    openProject: async () => ({ chain: await openChain(options.migrations), database }),
    async readRepeatables() {
      const { repeatable: folder } = options;
      return folder === undefined ? null : (await import("../storage/repeatable.ts")).readRepeatables(folder);
    },
    openDatabase: () => Promise.resolve(database),
    table: options.table ?? "mig_version",
    lockWaitMs,
    flush: options.flush ?? "run",
    timeouts: options.timeouts ?? {},
    // Whoever calls a function calls what comes before and after it too.
    hooks: [],
    onEvent,
    signal,
    dumpFile: null,
    saveText: onlyOnTheCommandLine,
    writeFile: onlyOnTheCommandLine,
    createRevision: onlyOnTheCommandLine,
    readSql: onlyOnTheCommandLine,
    openEditor: onlyOnTheCommandLine,
    createProject: onlyOnTheCommandLine,
    replaceMetadata: onlyOnTheCommandLine,
    saveGraph: onlyOnTheCommandLine,
    show: () => {},
    // Whoever calls a function has decided.
    confirm: () => Promise.resolve(),
    describeSettings: onlyOnTheCommandLine,
  };
  const close = async () => await database.close?.();
  return {
    up: async (...specs) => migrated(await call((await import("../commands/up.ts")).up, app, specs)),
    down: async (spec) => migrated(await call((await import("../commands/down.ts")).down, app, [spec])),
    goto: async (...specs) => await call((await import("../commands/goto.ts")).goTo, app, specs),
    redo: async (count = 1) => await call((await import("../commands/redo.ts")).redo, app, [String(count)]),
    plan: async (direction, ...specs) =>
      migrated(
        await call(
          direction === "up"
            ? (await import("../commands/up.ts")).up
            : (await import("../commands/down.ts")).down,
          app,
          specs,
          ["dry-run"],
        ),
      ),
    status: async () => await call((await import("../commands/status.ts")).status, app),
    history: async (range) =>
      await call((await import("../commands/history.ts")).history, app, range === undefined ? [] : [range]),
    current: async () => await call((await import("../commands/current.ts")).current, app),
    heads: async () => await call((await import("../commands/heads.ts")).heads, app),
    show: async (spec, { applied = false } = {}) =>
      await call((await import("../commands/show.ts")).show, app, [spec], applied ? ["applied"] : []),
    close,
    [Symbol.asyncDispose]: close,
  };
}

const LOCK_WAIT_MS = 60_000;

function call<D extends Data>(
  command: Command<D>,
  app: App,
  operands: readonly string[] = [],
  switches: readonly string[] = [],
): Promise<D> {
  const input: Input = { operands, values: {}, lists: {}, switches: new Set(switches) };
  return command.run(input, app);
}

/** Without --sql the verbs write no script. */
function migrated(data: Data): MigratedData {
  if (data.kind === "migrated") return data;
  throw new TypeError(`expected a run, not ${data.kind}`);
}

async function openChain(migrations: OpenOptions["migrations"]) {
  if (isLiterals(migrations)) return await chainOf(migrations);
  const [{ readChain }, { openFolder }] = await Promise.all([
    import("../storage/chain.ts"),
    import("../storage/texts.ts"),
  ]);
  return { graph: new RevisionGraph(await readChain(migrations)), texts: openFolder(migrations) };
}

function isLiterals(migrations: OpenOptions["migrations"]): migrations is readonly RevisionLiteral[] {
  return typeof migrations !== "string" && typeof migrations[0] !== "string";
}

/** Making files is what people do, and `mig new` does it. */
function onlyOnTheCommandLine(): never {
  throw new TypeError("the library does not write to the project's files");
}
