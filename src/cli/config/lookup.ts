/** Finds where a setting is given first: the command line, the environment with `.env`, mig.json. */

import { MigError } from "../../error.ts";
import { type Dotenv, lineOfVariable } from "./dotenv.ts";
import { expand } from "./expand.ts";
import { configFaults } from "./faults.ts";
import { type ConfigFile, lineOf } from "./file.ts";
import { checkValue, type Fault, type SettingName } from "./rules.ts";
import { type Origin, originPlaces, originText, type Setting } from "./setting.ts";

/** The values of flags, by their names without dashes; lists are those of repeatable ones. */
export type Flags = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Where settings are looked for. */
export interface Sources {
  readonly cwd: string;
  readonly flags: Flags;
  /** The environment as it is. */
  readonly real: Readonly<Record<string, string | undefined>>;
  /** The environment, with what `.env` adds to it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly dotenv: Dotenv | null;
  readonly file: ConfigFile | null;
}

/** The environment variables of each setting, the first one first. */
export const VARIABLES: Readonly<Record<SettingName, readonly string[]>> = {
  database: ["MIG_DATABASE_URL", "DATABASE_URL"],
  migrations: ["MIG_MIGRATIONS"],
  templates: ["MIG_TEMPLATES"],
  folder_name: ["MIG_FOLDER_NAME"],
  repeatable: ["MIG_REPEATABLE"],
  dump: ["MIG_DUMP"],
  table: ["MIG_TABLE"],
  role: ["MIG_ROLE"],
  lock_timeout: ["MIG_LOCK_TIMEOUT"],
  lock_retries: ["MIG_LOCK_RETRIES"],
  statement_timeout: ["MIG_STATEMENT_TIMEOUT"],
  lock_wait: ["MIG_LOCK_WAIT"],
  reconnect: ["MIG_RECONNECT"],
  flush: ["MIG_FLUSH"],
  shadow_url: ["MIG_SHADOW_URL"],
  shadow_setup: ["MIG_SHADOW_SETUP"],
};

/** The setting as it is written where it is given first; undefined where it is given nowhere. */
export function find(
  sources: Sources,
  environment: string | null,
  name: SettingName,
): Setting<string> | undefined {
  return fromFlag(sources, name.replaceAll("_", "-")) ?? fromVariables(sources, VARIABLES[name]) ??
    (environment === null ? undefined : fromFile(sources.file, ["environments", environment, name])) ??
    fromFile(sources.file, [name]);
}

/** A flag's value. */
export function fromFlag({ flags }: Sources, flag: string): Setting<string> | undefined {
  const value = flags[flag];
  return typeof value !== "string" ? undefined : { value, origin: { kind: "flag", name: `--${flag}` } };
}

/** The first of these variables that is set and not empty: an empty one counts as unset. */
export function fromVariables(sources: Sources, names: readonly string[]): Setting<string> | undefined {
  const name = names.find((name) => sources.env[name]);
  return name === undefined
    ? undefined
    : { value: sources.env[name]!, origin: variableOrigin(sources, name) };
}

/** A setting of mig.json that is a string, or a number as it is written. */
export function fromFile(file: ConfigFile | null, keys: readonly string[]): Setting<string> | undefined {
  const found = valueInFile(file, keys);
  const value = typeof found?.value === "number" ? String(found.value) : found?.value;
  return found !== undefined && typeof value === "string" ? { ...found, value } : undefined;
}

/** Whatever mig.json has under these keys. */
export function valueInFile(
  file: ConfigFile | null,
  keys: readonly string[],
): Setting<unknown> | undefined {
  let value: unknown = file?.config;
  for (const key of keys) {
    value = typeof value === "object" && value !== null && Object.hasOwn(value, key)
      ? (value as Record<string, unknown>)[key]
      : undefined;
  }
  if (value === undefined) return undefined;
  return { value, origin: { kind: "file", path: file!.path, line: lineOf(file!, keys), keys } };
}

/**
 * The setting's text with the variables of mig.json filled in, and checked.
 * @throws {MigError} `config-invalid`, or `usage` for a flag
 */
export function filledIn(sources: Sources, name: SettingName, { value, origin }: Setting<string>): string {
  if (origin.kind !== "file") {
    const wrong = checkValue(name, value);
    if (wrong !== undefined) throw wrongValue(origin, wrong);
    return value;
  }
  const filled = expand(value, sources.env);
  const at = { keys: origin.keys, at: "value" } as const;
  if ("faults" in filled) {
    throw configFaults(
      sources.file!,
      filled.faults.map(({ message, hint, reference }): Fault => ({
        ...at,
        message,
        hint,
        piece: reference,
      })),
    );
  }
  const wrong = checkValue(name, filled.value);
  if (wrong === undefined) return filled.value;
  const message = `"${name}", its variables filled in, ${wrong.message}`;
  throw configFaults(sources.file!, [{ ...wrong, ...at, message }]);
}

function variableOrigin({ real, dotenv }: Sources, name: string): Origin {
  return real[name] !== undefined || dotenv === null
    ? { kind: "variable", name }
    : { kind: "variable", name, path: dotenv.path, line: lineOfVariable(dotenv, name) };
}

function wrongValue(origin: Origin, { message, hint }: { message: string; hint?: string }): MigError {
  const name = "name" in origin ? origin.name : originText(origin);
  return new MigError(origin.kind === "flag" ? "usage" : "config-invalid", `${name} ${message}`, {
    hint,
    locations: originPlaces(origin),
  });
}
