/** What a mig.json may hold. docs/mig.schema.json says the same to editors; a test holds the two together. */

import { closest } from "../../closest.ts";
import { DURATION_HINT, parseDuration } from "../../duration.ts";
import { patternFault } from "../../revision/folder_name.ts";
import { hasReference } from "./expand.ts";
import { checkHooks, type FileHooks } from "./hook_rules.ts";
import { isObject, quoted } from "./json_value.ts";

/** The settings of mig.json, as written. */
export interface FileSettings {
  readonly database?: string;
  readonly migrations?: string | readonly string[];
  readonly templates?: string;
  readonly folder_name?: string;
  readonly repeatable?: string;
  readonly dump?: string;
  readonly table?: string;
  readonly role?: string;
  readonly lock_timeout?: string;
  readonly lock_retries?: string | number;
  readonly statement_timeout?: string;
  readonly lock_wait?: string;
  readonly reconnect?: string;
  readonly flush?: string;
  readonly shadow_url?: string;
  readonly shadow_setup?: string;
}

export type SettingName = keyof FileSettings;

/** A mig.json, checked. */
export interface FileConfig extends FileSettings {
  readonly hooks?: FileHooks;
  readonly environments?: Readonly<Record<string, FileSettings & { readonly hooks?: FileHooks }>>;
}

/** Something wrong, and where: the keys that lead there from the root. */
export interface Fault {
  readonly keys: readonly string[];
  /** Whether the key is wrong, or its value. */
  readonly at: "key" | "value";
  readonly message: string;
  readonly hint?: string;
  /** The piece of the value that is wrong; the whole value where it is not given. */
  readonly piece?: string;
}

/** Every fault of a parsed mig.json; where there are none, it is a `FileConfig`. */
export function checkConfig(value: unknown): readonly Fault[] {
  if (!isObject(value)) {
    return [{ keys: [], at: "value", message: "mig.json is not an object", hint: "write { … }" }];
  }
  const faults = [...checkKeys(value, [], [...SETTINGS, "hooks", "environments", "$schema"])];
  const { environments } = value;
  if (environments === undefined) return faults;
  const keys = ["environments"];
  if (!isObject(environments)) {
    const hint = 'write {"production": {"database": "…"}}';
    return [...faults, { keys, at: "value", message: '"environments" is not an object', hint }];
  }
  for (const [name, environment] of Object.entries(environments)) {
    const inside = [...keys, name];
    if (name.trim() === "") faults.push({ keys: inside, at: "key", message: "an environment has no name" });
    if (isObject(environment)) faults.push(...checkKeys(environment, inside, [...SETTINGS, "hooks"]));
    else {faults.push({
        keys: inside,
        at: "value",
        message: `the environment ${quoted(name)} is not an object`,
      });}
  }
  return faults;
}

/** What is wrong with a value, as the end of a sentence, and the piece of it that is. */
export type ValueFault = Pick<Fault, "message" | "hint" | "piece">;

/** What is wrong with a setting's final value, or with one of a list; undefined where nothing is. */
export function checkValue(name: SettingName, value: string): ValueFault | undefined {
  switch (name) {
    case "shadow_url":
      if (/^pglite:/.test(value)) return { message: "is an embedded database", hint: SHADOW_HINT };
      return value.trim() === "" ? { message: "is empty" } : undefined;
    case "shadow_setup":
      return value.trim() === "" ? { message: "is empty" } : undefined;
    case "database":
      return value.trim() === "" ? { message: "is empty" } : undefined;
    case "migrations":
    case "templates":
    case "repeatable":
      if (value.trim() === "") return { message: "is empty" };
      return value.includes("://") ? { message: "is a URL, and no folder" } : undefined;
    case "dump":
      if (value.trim() === "") return { message: "is empty" };
      return value.includes("://") ? { message: "is a URL, and no file" } : undefined;
    case "folder_name":
      return patternFault(value) ?? undefined;
    case "table":
      return isTableName(value)
        ? undefined
        : { message: `is no table's name${shown(value)}`, hint: TABLE_HINT };
    case "role":
      return /^[^\p{Cc}]*[^\p{Cc}\s][^\p{Cc}]*$/u.test(value) && !value.includes("://") &&
          byteLength(value) <= 63
        ? undefined
        : {
          message: `is no role's name${shown(value)}`,
          hint: "write it as it is in the database, without quotes",
        };
    case "lock_timeout":
    case "statement_timeout":
    case "lock_wait":
    case "reconnect":
      return parseDuration(value) === null
        ? { message: `is no length of time${shown(value)}`, hint: DURATION_HINT }
        : undefined;
    case "lock_retries":
      return /^\d{1,3}$/.test(value)
        ? undefined
        : { message: `is no number of retries${shown(value)}`, hint: RETRIES_HINT };
    case "flush":
      return ["run", "revision"].includes(value)
        ? undefined
        : { message: `is neither "run" nor "revision"${shown(value)}`, hint: FLUSH_HINT };
  }
}

/** The keys of mig.json that are settings, which an environment may have too. */
export const SETTINGS: readonly SettingName[] = [
  "database",
  "migrations",
  "templates",
  "folder_name",
  "repeatable",
  "dump",
  "table",
  "role",
  "lock_timeout",
  "lock_retries",
  "statement_timeout",
  "lock_wait",
  "reconnect",
  "flush",
  "shadow_url",
  "shadow_setup",
];

const SHADOW_HINT =
  "without a URL the shadow is embedded; with one, a scratch database is made on that server";

const FLUSH_HINT =
  '"run" flushes to disk once, before mig says that a run is done; "revision" after each revision';

const RETRIES_HINT = "write a number from 0, which gives up at once, to 999";

const TABLE_HINT = 'write "name" or "schema.name", as the names are in the database, without quotes';

function* checkKeys(
  value: Readonly<Record<string, unknown>>,
  path: readonly string[],
  known: readonly string[],
): Generator<Fault> {
  for (const [key, content] of Object.entries(value)) {
    const keys = [...path, key];
    if (!known.includes(key)) {
      const near = closest(key, known);
      const hint = near === undefined ? `the keys are ${known.join(", ")}` : `did you mean "${near}"?`;
      yield { keys, at: "key", message: `the key ${quoted(key)} is unknown`, hint };
    } else if (key === "environments") continue;
    else if (key === "hooks") yield* checkHooks(content, keys);
    else if (key === "lock_retries" && typeof content === "number") {
      const wrong = checkValue(key, String(content));
      if (wrong !== undefined) yield { ...wrong, keys, at: "value", message: `"${key}" ${wrong.message}` };
    } else if (key === "migrations" && Array.isArray(content)) yield* checkFolders(content, keys);
    else if (typeof content !== "string") {
      const durations = key === "lock_wait" || key === "reconnect" || key.endsWith("_timeout");
      yield {
        keys,
        at: "value",
        message: `"${key}" is not a string${key === "migrations" ? ", and no list of strings" : ""}`,
        hint: durations ? DURATION_HINT : key === "lock_retries" ? RETRIES_HINT : undefined,
      };
    } else if (key !== "$schema" && !hasReference(content)) {
      const wrong = checkValue(key as SettingName, content);
      if (wrong !== undefined) {
        yield { ...wrong, keys, at: "value", message: `"${key}" ${wrong.message}` };
      }
    }
  }
}

function* checkFolders(folders: readonly unknown[], keys: readonly string[]): Generator<Fault> {
  if (folders.length === 0) yield { keys, at: "value", message: '"migrations" names no folder' };
  for (const folder of folders) {
    const piece = JSON.stringify(folder);
    if (typeof folder !== "string") {
      yield { keys, at: "value", message: '"migrations" has something that is not a string', piece };
    } else if (!hasReference(folder)) {
      const wrong = checkValue("migrations", folder);
      if (wrong === undefined) continue;
      yield { keys, at: "value", message: `a folder of "migrations" ${wrong.message}`, piece };
    }
  }
}

/** PostgreSQL cuts names after 63 bytes, and the table would then have another name than the one configured. */
function isTableName(text: string): boolean {
  const parts = text.split(".");
  return !text.includes("://") && parts.length <= 2 &&
    parts.every((part) => /^[^\s"'\p{Cc}]+$/u.test(part) && byteLength(part) <= 63);
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Short and plain values are repeated; a longer one may be a URL that got into the wrong place. */
function shown(value: string): string {
  return /^[\w .-]{1,30}$/.test(value) ? `: "${value}"` : "";
}
