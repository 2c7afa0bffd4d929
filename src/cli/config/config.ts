/**
 * The settings of a run, each from the first place that has it: the command line, the environment (with `.env`),
 * mig.json (the environment chosen in it first), the default.
 */

import { isAbsolute, resolve } from "node:path";
import { DEFAULT_LOCK_RETRIES, DEFAULT_RECONNECT_MS } from "../../engine/timeouts.ts";
import { MigError } from "../../error.ts";
import { Secret } from "../../postgres/secret.ts";
import { several } from "../../revision/several.ts";
import { readDotenv } from "./dotenv.ts";
import { parseDuration } from "../../duration.ts";
import { DEFAULT_FOLDER_NAME } from "../../revision/folder_name.ts";
import { chooseEnvironment } from "./environment.ts";
import { byPlace } from "./faults.ts";
import { readConfigFile } from "./file.ts";
import { findFolders } from "./folders.ts";
import { findHooks, type HookSetting } from "./hooks.ts";
import { filledIn, find, type Flags, type Sources } from "./lookup.ts";
import type { SettingName } from "./rules.ts";
import type { Origin, Setting } from "./setting.ts";
import { pathFrom } from "./text.ts";
import { warningsFor } from "./warnings.ts";

/** The settings of a run. */
export interface Config {
  /** The project's folder, absolute: where mig.json is, else the working folder. */
  readonly folder: string;
  /** mig.json as the user would type it; null where there is none. */
  readonly file: string | null;
  /** The environment of mig.json that is used; null for none. */
  readonly environment: Setting<string | null>;
  /** The database's URL as it was written; `chooseDatabase()` fills in its variables and reads it. */
  readonly database: Setting<Secret>;
  /** The folders of the revisions, as the user would type them from the working folder. */
  readonly migrations: Setting<readonly string[]>;
  /** The folder of the templates for new revisions; need not be there where the origin is the default. */
  readonly templates: Setting<string>;
  /** The pattern for the folders' names of new revisions. */
  readonly folderName: Setting<string>;
  /** The folder of the repeatable scripts; undefined for none. */
  readonly repeatable: Setting<string | undefined>;
  /** The file to which the schema is written after each run; undefined for none. */
  readonly dump: Setting<string | undefined>;
  /** The version table: `name` or `schema.name`. */
  readonly table: Setting<string>;
  /** The role to work as; undefined for that of the login. */
  readonly role: Setting<string | undefined>;
  /** Milliseconds to wait for another run of mig. */
  readonly lockWait: Setting<number>;
  /** Milliseconds to try to reach the server again once the connection is lost in mid-run; 0 stops then. */
  readonly reconnect: Setting<number>;
  /** When the server flushes to disk: once for a run, or after each revision. */
  readonly flush: Setting<"run" | "revision">;
  /** Milliseconds that a statement may wait for a lock; undefined leaves it to the server or else to mig, 0 is no limit. */
  readonly lockTimeout: Setting<number | undefined>;
  /** How often a revision that another session's locks made fail is tried again. */
  readonly lockRetries: Setting<number>;
  /** Milliseconds that a statement may take; undefined leaves it to the server, 0 is no limit. */
  readonly statementTimeout: Setting<number | undefined>;
  /** The server for the shadow, as it was written; null for an embedded one. `chooseShadow()` reads it. */
  readonly shadowUrl: Setting<Secret | null>;
  /** The SQL file that is run in the empty shadow, as the user would type it; null for none. */
  readonly shadowSetup: Setting<string | null>;
  /** What mig is to do besides, by the moment. */
  readonly hooks: readonly HookSetting[];
  /** What is odd and stops nothing: sentences without a period. */
  readonly warnings: readonly string[];
  readonly sources: Sources;
}

const LOCK_WAIT_MS = 60_000;
const DEFAULT: Origin = { kind: "default" };

/**
 * Reads the settings. The database's URL is not looked into: a command that needs no database must not fail over it.
 *
 * @param input the working folder (absolute), the environment, and the flags by their names without dashes
 * @throws {MigError} `config-invalid` for mig.json, `.env` and variables, `usage` for flags; every fault at once
 */
export async function loadConfig(input: {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: Flags;
}): Promise<Config> {
  const { cwd, env, flags } = input;
  const file = await readConfigFile(cwd);
  const folder = file?.folder ?? cwd;
  const dotenv = readDotenv(folder, cwd);
  const sources: Sources = {
    cwd,
    flags,
    real: env,
    env: { ...dotenv?.values, ...definedOnly(env) },
    dotenv,
    file,
  };
  const environment = chooseEnvironment(sources);
  const faults: MigError[] = [];
  const collect = <T>(fallback: T, action: () => Setting<T> | undefined): Setting<T> => {
    try {
      return action() ?? { value: fallback, origin: DEFAULT };
    } catch (error) {
      if (!(error instanceof MigError)) throw error;
      faults.push(...(error.errors.length > 0 ? error.errors : [error]));
      return { value: fallback, origin: DEFAULT };
    }
  };
  const read = <T>(name: SettingName, fallback: T, parse: (text: string, origin: Origin) => T) =>
    collect(fallback, () => {
      const found = find(sources, environment.value, name);
      if (found === undefined) return undefined;
      return { value: parse(filledIn(sources, name, found), found.origin), origin: found.origin };
    });
  const toPath = (path: string, origin: Origin) =>
    isAbsolute(path) ? path : pathFrom(cwd, resolve(baseOf(origin, folder, cwd), path));
  const migrations = collect([toPath("migrations", DEFAULT)], () => {
    const found = findFolders(sources, environment.value);
    // A folder that is named twice is read once.
    return found && { ...found, value: [...new Set(found.value.map((path) => toPath(path, found.origin)))] };
  });
  const settings = {
    environment,
    database: findDatabase(sources, environment.value),
    migrations,
    templates: read("templates", `${migrations.value[0]}/_templates`, toPath),
    folderName: read("folder_name", DEFAULT_FOLDER_NAME, (text) => text),
    repeatable: read<string | undefined>("repeatable", undefined, toPath),
    dump: read<string | undefined>("dump", undefined, toPath),
    table: read("table", "mig_version", (text) => text),
    role: read<string | undefined>("role", undefined, (text) => text),
    lockWait: read("lock_wait", LOCK_WAIT_MS, (text) => parseDuration(text)!),
    reconnect: read("reconnect", DEFAULT_RECONNECT_MS, (text) => parseDuration(text)!),
    flush: read("flush", "run" as const, (text) => text as "run" | "revision"),
    lockTimeout: read<number | undefined>("lock_timeout", undefined, (text) => parseDuration(text)!),
    lockRetries: read("lock_retries", DEFAULT_LOCK_RETRIES, Number),
    statementTimeout: read<number | undefined>(
      "statement_timeout",
      undefined,
      (text) => parseDuration(text)!,
    ),
    shadowSetup: read<string | null>("shadow_setup", null, toPath),
  };
  const shadowUrl = find(sources, environment.value, "shadow_url");
  if (faults.length > 0) throw several(faults.sort(byPlace), "cannot use the settings");
  return {
    folder,
    file: file?.path ?? null,
    ...settings,
    shadowUrl: shadowUrl === undefined
      ? { value: null, origin: DEFAULT }
      : { value: new Secret(shadowUrl.value), origin: shadowUrl.origin },
    hooks: findHooks(sources, environment.value),
    warnings: warningsFor(sources, settings),
    sources,
  };
}

/** The folder from which a relative path of this origin starts: the file's own, or the one the user is in. */
export function baseOf(origin: Origin, folder: string, cwd: string): string {
  switch (origin.kind) {
    case "file":
    case "default":
      return folder;
    case "variable":
      return origin.path === undefined ? cwd : folder;
    case "flag":
    case "libpq":
      return cwd;
  }
}

/** The variables that make mig look for a server as psql would. */
const LIBPQ_VARIABLES = ["PGSERVICE", "PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER"];

function findDatabase(sources: Sources, environment: string | null): Setting<Secret> {
  const found = find(sources, environment, "database");
  if (found !== undefined) return { value: new Secret(found.value), origin: found.origin };
  const names = LIBPQ_VARIABLES.filter((name) => sources.env[name]);
  // An empty URL leaves everything to those variables.
  if (names.length > 0) return { value: new Secret("postgres://"), origin: { kind: "libpq", names } };
  return { value: new Secret("pglite:.mig/pglite"), origin: DEFAULT };
}

function definedOnly(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
