/** Puts the parts together: the one place that knows which database and which storage there are. */

import type { App, Project } from "../commands/app.ts";
import type { Chain } from "../engine/chain.ts";
import { connectAhead } from "../engine/connect_ahead.ts";
import type { Database } from "../engine/database.ts";
import type { OnEvent } from "../engine/event.ts";
import { openDatabase } from "../library/open_database.ts";
import { styleFor } from "../render/style.ts";
import { RevisionGraph } from "../revision/graph.ts";
import { metadataPath } from "../revision/place.ts";
import { readChain } from "../storage/chain.ts";
import { chooseFolder } from "../storage/choose_folder.ts";
import { createRevision } from "../storage/create.ts";
import { writeFile } from "../storage/files.ts";
import { createProject } from "../storage/project.ts";
import { decodeSqlInput, readSqlFile } from "../storage/sql_file.ts";
import { readTemplates, type Templates } from "../storage/templates.ts";
import { replaceFile, saveText } from "../storage/replace.ts";
import { openFolder } from "../storage/texts.ts";
import { type Config, loadConfig } from "./config/config.ts";
import { chooseDatabase } from "./config/database.ts";
import type { Flags } from "./config/lookup.ts";
import { openEditor } from "./editor.ts";
import { hooksOf } from "./hooks.ts";
import { readStandardInput } from "./standard_input.ts";

/** What the process gives. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: Flags;
  readonly onEvent: OnEvent;
  /** Says something that is neither the answer nor an error. */
  readonly tell: (line: string) => void;
  /** Shows lines and asks; throws unless the answer is yes. */
  readonly confirm: App["confirm"];
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
    openProject: () => openProject(config, surroundings),
    async readRepeatables() {
      const folder = config.repeatable.value;
      return folder === undefined ? null : (await import("../storage/repeatable.ts")).readRepeatables(folder);
    },
    openDatabase: () => openConfigured(config, surroundings),
    createRevision({ graph }, revision) {
      const { value: path, origin } = config.templates;
      // Not before they are needed: what has its texts does not fail over a template.
      let templates: Templates | undefined;
      const { id, labels, path: made, reversible } = createRevision({
        ...revision,
        graph,
        folder: chooseFolder(folders, graph, revision.parents, revision.folder),
        folderName: config.folderName.value,
        templates: (direction, fields) => {
          templates ??= readTemplates({ path, required: origin.kind !== "default" }, revision.template);
          return templates(direction, fields);
        },
        now: revision.now ?? new Date(),
      });
      const files = reversible ? ["up.sql", "down.sql", "meta.json"] : ["up.sql", "meta.json"];
      return { id, labels, path: made, files: files.map((file) => `${made}/${file}`) };
    },
    readSql: async (path) => path === "-" ? decodeSqlInput(await readStandardInput(tell)) : readSqlFile(path),
    openEditor: () => openEditor(surroundings.env),
    replaceMetadata: ({ path, metadata }, text) => replaceFile(metadataPath(path), text, metadata),
    async saveGraph(graph, path) {
      const { drawGraph } = await import("../render/graph.ts");
      replaceFile(path, `${drawGraph(graph, styleFor(false))}\n`);
    },
    createProject: () => createProject(cwd),
    dumpFile: config.dump.value ?? null,
    saveText,
    writeFile,
    show: (lines) => lines.forEach(tell),
    confirm: surroundings.confirm,
    table: config.table.value,
    lockWaitMs: config.lockWait.value,
    flush: config.flush.value,
    timeouts: {
      lockTimeout: config.lockTimeout.value,
      lockRetries: config.lockRetries.value,
      statementTimeout: config.statementTimeout.value,
    },
    hooks: hooksOf(config, readSqlFile, onEvent),
    onEvent,
    signal,
    async describeSettings() {
      const { describeConfig } = await import("./config/describe.ts");
      return { kind: "config", settings: describeConfig(config) };
    },
  };
}

async function openChain(folders: readonly string[]): Promise<Chain> {
  return { graph: new RevisionGraph(await readChain(folders)), texts: openFolder(folders) };
}

async function openProject(config: Config, surroundings: Surroundings): Promise<Project> {
  const { migrations: { value: folders } } = config;
  const database = await openConfigured(config, surroundings);
  if (database.kind === "embedded") return { chain: await openChain(folders), database };
  const connecting = connectAhead(database);
  try {
    return { chain: await openChain(folders), database: connecting };
  } catch (error) {
    connecting.abandon();
    throw error;
  }
}

function openConfigured(
  config: Config,
  { onEvent, tell, signal }: Pick<Surroundings, "onEvent" | "tell" | "signal">,
): Promise<Database> {
  const choice = chooseDatabase(config);
  if (choice.kind === "embedded" && config.database.origin.kind === "default") {
    tell(`using the embedded PostgreSQL in ${choice.path}; set DATABASE_URL for another database`);
  }
  return openDatabase(choice, {
    env: config.sources.env,
    lockWaitMs: config.lockWait.value,
    onEvent,
    signal,
    warn: (warning) => tell(`warning: ${warning}`),
  });
}
