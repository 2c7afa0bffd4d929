/** The databases on which mig has to behave the same: a server's, and the embedded one. */

import { openEmbedded } from "../../src/embedded/database.ts";
import type { Session } from "../../src/engine/database.ts";
import { connectOverSocket } from "../../src/postgres/session.ts";
import { freshDatabase, SCHEMA } from "./database.ts";
import { mig, type RunningMig, type RunResult, shell, startMig } from "./mig.ts";
import { project, type RevisionLiteral, type TestProject } from "./project.ts";

/** A project with a database of its own. */
export interface Target extends AsyncDisposable {
  readonly kind: "server" | "embedded";
  readonly files: TestProject;
  /** Runs mig in the project, on the database. */
  run(...args: string[]): Promise<RunResult>;
  /** Starts mig there, for tests that interfere. */
  start(...args: string[]): RunningMig;
  /** Runs a line of bash in the project, with mig on the PATH. */
  shell(line: string): Promise<RunResult>;
  /** The value of an SQL expression, as text. */
  value(expression: string): Promise<string | null>;
  /** Runs SQL beside mig. */
  execute(sql: string): Promise<void>;
  /** The ids in the version table, in the order in which they were applied; none where there is no such table. */
  applied(): Promise<string[]>;
  /** Everything in the schema public but the version table, as text that is equal for equal schemas. */
  schema(): Promise<string>;
}

/** Makes a target of each kind. */
export const TARGETS: Readonly<Record<Target["kind"], (r: readonly RevisionLiteral[]) => Promise<Target>>> = {
  server: serverTarget,
  embedded: embeddedTarget,
};

async function serverTarget(revisions: readonly RevisionLiteral[]): Promise<Target> {
  const database = await freshDatabase();
  const files = await project(revisions);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  return target("server", files, options, (sql) => database.text(sql), async () => {
    await database[Symbol.asyncDispose]();
  });
}

async function embeddedTarget(revisions: readonly RevisionLiteral[]): Promise<Target> {
  const files = await project(revisions);
  const database = openEmbedded({
    dataDir: `${files.folder}/.mig/pglite`,
    connectSession: connectOverSocket,
    cacheDir: `${files.folder}/.cache`,
  });
  const text = async (sql: string) => {
    await using session: Session = await database.connect();
    const [row] = (await session.send(sql)).rows;
    return row === undefined ? null : Object.values(row)[0] ?? null;
  };
  return target("embedded", files, { cwd: files.folder }, text, () => database.close());
}

function target(
  kind: Target["kind"],
  files: TestProject,
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
  text: (sql: string) => Promise<string | null>,
  close: () => Promise<void>,
): Target {
  return {
    kind,
    files,
    run: (...args) => mig(args, options),
    start: (...args) => startMig(args, options),
    shell: (line) => shell(line, options),
    value: (expression) => text(`select (${expression})::text as value`),
    execute: async (sql) => void await text(sql),
    async applied() {
      if (await text("select to_regclass('public.mig_version')::text") === null) return [];
      const ids = await text("select string_agg(id, ' ' order by seq) from public.mig_version");
      return ids?.split(" ") ?? [];
    },
    schema: async () => await text(SCHEMA) ?? "",
    async [Symbol.asyncDispose]() {
      await close();
      await files[Symbol.asyncDispose]();
    },
  };
}

/** Registers a test with a target of its own. */
export type TargetTest = (
  name: string,
  revisions: readonly RevisionLiteral[],
  hold: (target: Target) => Promise<void>,
) => void;

/**
 * Tests of what mig does with a database: `test` on a server, for what follows from mig's own files and tables; `testOnBoth` on the
 * embedded one too, which takes a second to start, for what depends on how the database does it.
 *
 * @param prepare is done in each project first
 */
export function targetTests(
  prepare: (target: Target) => Promise<void> = () => Promise.resolve(),
): { readonly test: TargetTest; readonly testOnBoth: TargetTest } {
  const on = (kinds: readonly Target["kind"][]): TargetTest => (name, revisions, hold) => {
    for (const kind of kinds) {
      Deno.test(`${name} (${kind})`, async () => {
        await using target = await TARGETS[kind](revisions);
        await prepare(target);
        await hold(target);
      });
    }
  };
  return { test: on(["server"]), testOnBoth: on(["server", "embedded"]) };
}
