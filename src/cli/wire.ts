/** Puts the parts together: the one place that knows which database and which storage there are. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers";
import type { App, Asked, Project } from "../commands/app.ts";
import type { Command } from "../commands/command.ts";
import { connectAhead } from "../engine/connect_ahead.ts";
import type { Database } from "../engine/database.ts";
import type { Chain, FoundRevisions } from "../engine/chain.ts";
import type { Shadow } from "../engine/shadow/shadow.ts";
import type { OnEvent } from "../engine/event.ts";
import { chooseDatabase as chooseNamed } from "../library/choose_database.ts";
import { writerFor } from "../library/folders.ts";
import { openDatabase } from "../library/open_database.ts";
import { annotation } from "../render/annotations.ts";
import { styleFor } from "../render/style.ts";
import { RevisionGraph } from "../revision/graph.ts";
import { readChain, withoutTrailingSlash } from "../storage/chain.ts";
import { writeFile } from "../storage/files.ts";
import { createProject } from "../storage/project.ts";
import { decodeSqlInput, LARGEST_INPUT, readSqlFile } from "../storage/sql_file.ts";
import { readSchemaFiles } from "../storage/schema_files.ts";
import { replaceFile, saveText } from "../storage/replace.ts";
import { openFolder } from "../storage/texts.ts";
import { type Config, loadConfig } from "./config/config.ts";
import { chooseDatabase, databaseText } from "./config/database.ts";
import { outerConfigPath } from "./config/file.ts";
import type { Flags } from "./config/lookup.ts";
import { openEditor } from "./editor.ts";
import { standInFor } from "./missing_database.ts";
import { hooksOf } from "./hooks.ts";
import { readStandardInput } from "./standard_input.ts";

/** What the process gives. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: Flags;
  readonly missingDatabase: Command["missingDatabase"];
  readonly onEvent: OnEvent;
  /** Says something that is neither the answer nor an error. */
  readonly tell: (line: string) => void;
  /** Shows lines and asks; throws unless the answer is yes. */
  readonly confirm: App["confirm"];
  /** Asks, where it can. */
  readonly ask: App["ask"];
  readonly signal: AbortSignal;
}

/**
 * Reads the settings and gives the verbs their world.
 *
 * @throws {MigError} `config-invalid` or `usage`
 */
export async function wire(surroundings: Surroundings): Promise<App> {
  const { cwd, onEvent, tell, signal } = surroundings;
  const config = await loadConfig(surroundings);
  for (const warning of config.warnings) tell(`warning: ${warning}`);
  const folders = config.migrations.value;
  return {
    openChain: () => openChain(folders),
    readRevisions: () => readRevisions(folders),
    openProject: () => openProject(config, surroundings),
    askProject: (ask) => askProject(ask, config, surroundings),
    async readRepeatables() {
      const folder = config.repeatable.value;
      return folder === undefined ? null : (await import("../storage/repeatable.ts")).readRepeatables(folder);
    },
    openDatabase: (url) => openConfigured(config, surroundings, url),
    openDiffer: async () => (await import("../diff/differ.ts")).differ,
    readSchema: (path) => Promise.resolve(readSchemaFiles(path)),
    ...writerFor({
      paths: folders,
      templates: { path: config.templates.value, required: config.templates.origin.kind !== "default" },
      folderName: config.folderName.value,
    }),
    readSql: async (path) =>
      path === "-"
        ? decodeSqlInput(await readStandardInput(tell, LARGEST_INPUT))
        : readSqlFile(path, "or standard input"),
    hasDatabase: () =>
      config.database.origin.kind !== "default" || existsSync(join(config.folder, ".mig", "pglite")),
    annotate(problems, level) {
      // GitHub reads both streams of a step.
      if (config.sources.real.GITHUB_ACTIONS !== "true") return;
      for (const problem of problems) tell(annotation(problem, level));
    },
    openShadow: (chain) => openConfiguredShadow(chain, config, surroundings),
    openEditor: () => openEditor(surroundings.env),
    async saveGraph(graph, path) {
      const { drawGraph } = await import("../render/graph.ts");
      replaceFile(path, `${drawGraph(graph, styleFor(false))}\n`);
    },
    dumpFile: config.dump.value ?? null,
    saveText,
    createProject: () => ({ ...createProject(cwd), outer: outerConfigPath(cwd) }),
    writeFile,
    show: (lines) => lines.forEach(tell),
    confirm: surroundings.confirm,
    ask: surroundings.ask,
    schemaPath: config.schema.value,
    table: config.table.value,
    role: config.role.value ?? null,
    lockWaitMs: config.lockWait.value,
    reconnectMs: config.reconnect.value,
    flush: config.flush.value,
    timeouts: {
      lockTimeout: config.lockTimeout.value,
      lockRetries: config.lockRetries.value,
      statementTimeout: config.statementTimeout.value,
    },
    variables: config.sources.env,
    hooks: hooksOf(config, readSqlFile, onEvent),
    onEvent,
    signal,
    async authorsOf(folders) {
      const { gitAuthors } = await import("./git_authors.ts");
      return await gitAuthors(folders);
    },
    async formerFolders() {
      const { gitFolders } = await import("./git_folders.ts");
      return await gitFolders(folders.map(withoutTrailingSlash));
    },
    async describeSettings() {
      const { describeConfig } = await import("./config/describe.ts");
      return { kind: "config", settings: describeConfig(config) };
    },
  };
}

/** What was begun before, such as to connect, gets a turn first. */
async function openChain(folders: readonly string[]): Promise<Chain> {
  await new Promise((resolve) => setImmediate(resolve));
  return { graph: new RevisionGraph(await readChain(folders)), texts: openFolder(folders) };
}

async function readRevisions(folders: readonly string[]): Promise<FoundRevisions> {
  const bare: string[] = [];
  return { revisions: await readChain(folders, bare), texts: openFolder(folders), bare };
}

async function openProject(config: Config, surroundings: Surroundings): Promise<Project> {
  const { migrations: { value: folders }, table: { value: table } } = config;
  const database = await openConfigured(config, surroundings);
  if (database.kind === "embedded") return { chain: await openChain(folders), database };
  const connecting = connectAhead(database, table);
  try {
    return { chain: await openChain(folders), database: connecting };
  } catch (error) {
    connecting.abandon();
    throw error;
  }
}

async function askProject<T>(
  ask: (database: Database, chain: Promise<Chain>) => Promise<T>,
  config: Config,
  surroundings: Surroundings,
): Promise<Asked<T>> {
  const { migrations: { value: folders } } = config;
  const database = await openConfigured(config, surroundings);
  const reading = Promise.withResolvers<Chain>();
  // The one who is told is who awaits `answer`, or nobody.
  reading.promise.catch(() => {});
  const answer = database.kind === "server" ? ask(database, reading.promise) : null;
  answer?.catch(() => {});
  try {
    const chain = await openChain(folders);
    reading.resolve(chain);
    return { chain, answer: await (answer ?? ask(database, reading.promise)) };
  } catch (error) {
    reading.reject(error);
    throw error;
  }
}

async function openConfigured(
  config: Config,
  { onEvent, tell, signal, missingDatabase }: Pick<
    Surroundings,
    "onEvent" | "tell" | "signal" | "missingDatabase"
  >,
  url?: string,
): Promise<Database> {
  const choice = url === undefined ? chooseDatabase(config) : await chooseNamed(url, config.sources.env);
  const isNamed = url !== undefined || config.database.origin.kind !== "default";
  if (!isNamed && choice.kind === "embedded") {
    tell(`using the embedded PostgreSQL in ${choice.path}; set DATABASE_URL for another database`);
  }
  const opened = standInFor(choice, missingDatabase, isNamed, tell);
  const database = await openDatabase(opened, {
    env: config.sources.env,
    lockWaitMs: config.lockWait.value,
    role: config.role.value,
    onEvent,
    signal,
    warn: (warning) => tell(`warning: ${warning}`),
  });
  // Whatever is left out of an answer, it does not pass for one about the real database.
  return opened === choice
    ? database
    : { ...database, description: `${databaseText(choice)}, not there yet` };
}

async function openConfiguredShadow(
  { texts }: Chain,
  config: Config,
  { onEvent, tell, signal }: Pick<Surroundings, "onEvent" | "tell" | "signal">,
): Promise<Shadow> {
  const [{ openShadow }, { shadowServer }] = await Promise.all([
    import("../library/open_shadow.ts"),
    import("./config/shadow.ts"),
  ]);
  const path = config.shadowSetup.value;
  return await openShadow({
    texts,
    table: config.table.value,
    server: shadowServer(config),
    setup: path === null ? null : { path, text: readSqlFile(path) },
    env: config.sources.env,
    signal,
    warn: (warning) => tell(`warning: ${warning}`),
    // What goes on, without a line for each revision.
    onEvent: (event) => {
      if (event.type === "step-started" || event.type === "statement-started") onEvent(event);
      if (event.type === "step-finished") onEvent({ type: "shadow", progress: { type: "stepped" } });
    },
    onProgress: (progress) => onEvent({ type: "shadow", progress }),
  });
}
