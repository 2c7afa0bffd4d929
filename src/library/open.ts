/** mig as a library: the verbs of the command line as functions that give the data which `--json` prints. */

import process from "node:process";
import type { App } from "../commands/app.ts";
import type { Command, Input } from "../commands/command.ts";
import type { CreatedData, Data, MigratedData, ScriptData } from "../commands/data.ts";
import type { OnEvent } from "../engine/event.ts";
import type { Flush } from "../engine/step_sql.ts";
import type { Timeouts } from "../engine/timeouts.ts";
import { chooseDatabase } from "./choose_database.ts";
import type { RevisionLiteral } from "./memory.ts";
import { openChain, readRevisions, writer } from "./migrations.ts";
import type { Mig } from "./mig.ts";
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
  /** The role to work as, of which the login is a member; the login's own by default. */
  readonly role?: string;
  /** How long to wait for another run to finish, in milliseconds; a minute by default. */
  readonly lockWaitMs?: number;
  /** How long to try to reach the server again once the connection is lost in mid-run, in milliseconds; 0 stops then. A minute by default. */
  readonly reconnectMs?: number;
  readonly timeouts?: Pick<Timeouts, "lockTimeout" | "lockRetries" | "statementTimeout">;
  /** When the server flushes to disk: once for the run (the default), or after each revision. */
  readonly flush?: Flush;
  /** Gets what happens while something runs. */
  readonly onEvent?: OnEvent;
  /** Gets sentences about what is odd and does not stop mig. */
  readonly onWarning?: (message: string) => void;
  /** Aborting it cancels what runs on the server, and rolls it back. */
  readonly signal?: AbortSignal;
  /** What is filled into the files that ask for it with `-- mig: env NAME`; `env` by default. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /** Where libpq's variables (PGHOST …) are taken from; the environment of this process by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
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
  const database = await openDatabase(choice, {
    env,
    lockWaitMs,
    role: options.role,
    onEvent,
    signal,
    warn: onWarning,
  });
  const app: App = {
    openChain: () => openChain(options.migrations),
    readRevisions: () => readRevisions(options.migrations),
    openProject: async () => ({ chain: await openChain(options.migrations), database }),
    async askProject(ask) {
      const chain = await openChain(options.migrations);
      return { chain, answer: await ask(database, Promise.resolve(chain)) };
    },
    async readRepeatables() {
      const { repeatable: folder } = options;
      return folder === undefined ? null : (await import("../storage/repeatable.ts")).readRepeatables(folder);
    },
    openDatabase: () => Promise.resolve(database),
    table: options.table ?? "mig_version",
    role: options.role ?? null,
    lockWaitMs,
    reconnectMs: options.reconnectMs,
    flush: options.flush ?? "run",
    timeouts: options.timeouts ?? {},
    variables: options.variables ?? env,
    // Whoever calls a function calls what comes before and after it too.
    hooks: [],
    onEvent,
    signal,
    ...await writer(options.migrations),
    hasDatabase: () => true,
    annotate: () => {},
    openShadow: async ({ texts }) =>
      await (await import("./open_shadow.ts")).openShadow({
        texts,
        table: options.table ?? "mig_version",
        server: null,
        setup: null,
        env,
        signal,
        warn: onWarning,
      }),
    openDiffer: onlyOnTheCommandLine,
    readSchema: onlyOnTheCommandLine,
    readSql: async (path) => (await import("../storage/sql_file.ts")).readSqlFile(path),
    dumpFile: null,
    saveText: onlyOnTheCommandLine,
    writeFile: onlyOnTheCommandLine,
    openEditor: onlyOnTheCommandLine,
    createProject: onlyOnTheCommandLine,
    saveGraph: onlyOnTheCommandLine,
    show: () => {},
    confirm: () => Promise.resolve(),
    ask: () => Promise.resolve(null),
    schemaPath: "schema.sql",
    authorsOf: () => Promise.resolve(new Map()),
    formerFolders: () => Promise.resolve(new Map()),
    describeSettings: onlyOnTheCommandLine,
  };
  const close = async () => await database.close?.();
  return {
    up: async (...specs) => migrated(await call((await import("../commands/up.ts")).up, app, specs)),
    down: async (spec) => migrated(await call((await import("../commands/down.ts")).down, app, [spec], YES)),
    goto: async (...specs) => await call((await import("../commands/goto.ts")).goTo, app, specs, YES),
    redo: async (count = 1) => await call((await import("../commands/redo.ts")).redo, app, [String(count)]),
    plan: async (verb, ...specs) =>
      migrated(await call(await PLANNED[verb](), app, specs.map(String), { switches: ["dry-run"] })),
    script: async (direction, range) =>
      script(await call(await PLANNED[direction](), app, given(range), { switches: ["sql"] })),
    stamp: async (specs, { purge = false, dryRun = false } = {}) =>
      await call((await import("../commands/stamp.ts")).stamp, app, [specs].flat(), {
        switches: [...purge ? ["purge"] : [], ...dryRun ? ["dry-run"] : []],
      }),
    baseline: async (values = {}) =>
      await call((await import("../commands/baseline.ts")).baseline, app, [], { values: { ...values } }),
    accept: async (spec, { prove = true } = {}) =>
      await call((await import("../commands/accept.ts")).accept, app, [spec], {
        switches: prove ? ["yes"] : ["yes", "no-proof"],
      }),

    status: async () => await call((await import("../commands/status.ts")).status, app),
    check: async ({ filesOnly = false, ignore } = {}) =>
      await call((await import("../commands/check.ts")).check, app, [], {
        switches: filesOnly ? ["no-db"] : [],
        values: { ignore: ignore?.join(",") },
      }),
    history: async (range) => await call((await import("../commands/history.ts")).history, app, given(range)),
    current: async () => await call((await import("../commands/current.ts")).current, app),
    heads: async () => await call((await import("../commands/heads.ts")).heads, app),
    branches: async () => await call((await import("../commands/branches.ts")).branches, app),
    show: async (spec, { applied = false } = {}) =>
      await call((await import("../commands/show.ts")).show, app, [spec], {
        switches: applied ? ["applied"] : [],
      }),

    new: async (message, { parent, dependsOn, labels, up, down, ...values } = {}) => {
      const texts: Readonly<Record<string, string>> = {
        ...up === undefined ? {} : { up },
        ...down === undefined ? {} : { down },
      };
      // The verb is given names of files, and asks for what is in them.
      const files = Object.fromEntries(Object.keys(texts).map((name) => [name, name]));
      const lists = {
        parent: parent === undefined ? undefined : [parent].flat(),
        "depends-on": dependsOn,
        "branch-label": labels,
      };
      return created(
        await call(
          (await import("../commands/new.ts")).newRevision,
          { ...app, readSql: (name) => Promise.resolve(texts[name]!) },
          [],
          { values: { ...values, ...files, message }, lists },
        ),
      );
    },
    merge: async (heads = [], { labels, prove = true, ...values } = {}) =>
      await call((await import("../commands/merge.ts")).merge, app, heads, {
        values: { ...values },
        lists: { "branch-label": labels },
        switches: prove ? [] : ["no-proof"],
      }),
    rebase: async (spec, { filesOnly = false, ...values }) =>
      await call((await import("../commands/rebase.ts")).rebase, app, [spec], {
        values: { ...values },
        switches: filesOnly ? ["no-db"] : [],
      }),
    restore: async (...specs) => await call((await import("../commands/restore.ts")).restore, app, specs),
    close,
    [Symbol.asyncDispose]: close,
  };
}

const LOCK_WAIT_MS = 60_000;

/** Whoever calls a function has decided. */
const YES = { switches: ["yes"] };

/** The verbs that can only plan. */
const PLANNED = {
  up: async () => (await import("../commands/up.ts")).up,
  down: async () => (await import("../commands/down.ts")).down,
  goto: async () => (await import("../commands/goto.ts")).goTo,
  redo: async () => (await import("../commands/redo.ts")).redo,
} satisfies Record<string, () => Promise<Command>>;

function call<D extends Data>(
  command: Command<D>,
  app: App,
  operands: readonly string[] = [],
  { values = {}, lists = {}, switches = [] }:
    & Partial<Pick<Input, "values" | "lists">>
    & { readonly switches?: readonly string[] } = {},
): Promise<D> {
  return command.run({ operands, values, lists, switches: new Set(switches) }, app);
}

function given(operand: string | undefined): readonly string[] {
  return operand === undefined ? [] : [operand];
}

/** Without --auto the verb writes no SQL. */
function created(data: Data): CreatedData {
  if (data.kind === "created") return data;
  throw new TypeError(`expected a revision, not ${data.kind}`);
}

/** Without --sql the verbs write no script. */
function migrated(data: Data): MigratedData {
  if (data.kind === "migrated") return data;
  throw new TypeError(`expected a run, not ${data.kind}`);
}

function script(data: Data): ScriptData {
  if (data.kind === "script") return data;
  throw new TypeError(`expected a script, not ${data.kind}`);
}

/** Nobody is at a terminal, and a program writes its own files. */
function onlyOnTheCommandLine(): never {
  throw new TypeError("the library has no such method");
}
