/** Finds and reads mig.json. */

import { dirname, join } from "node:path";
import { type MigError } from "../../error.ts";
import { configFaults } from "./faults.ts";
import { duplicates, type Place, placeOf, placesOf } from "./places.ts";
import { checkConfig, type FileConfig } from "./rules.ts";
import { isDenied, pathFrom, readSettingsText } from "./text.ts";

/** A sound mig.json. */
export interface ConfigFile {
  /** The folder that it stands in, absolute: the project's. */
  readonly folder: string;
  /** The file, as the user would type it from the working folder. */
  readonly path: string;
  readonly text: string;
  readonly config: FileConfig;
  readonly places: readonly Place[];
}

/**
 * The mig.json of a folder, or of the nearest folder above it that has one; null where none has. Comments and trailing
 * commas are accepted.
 * @throws {MigError} `config-invalid` with every fault, each with its line
 */
export async function readConfigFile(cwd: string): Promise<ConfigFile | null> {
  const found = findConfigFile(cwd);
  if (found === null) return null;
  const parsed = parseJson(found.text) ?? await parseWithComments(found.text, found.path);
  const places = placesOf(found.text);
  const faults = checkConfig(parsed);
  if (faults.length > 0 || duplicates(places).length > 0) throw configFaults({ ...found, places }, faults);
  return { ...found, config: parsed as FileConfig, places };
}

/** The line on which a setting's value stands. */
export function lineOf(
  { text, places }: Pick<ConfigFile, "text" | "places">,
  keys: readonly string[],
): number {
  const offset = placeOf(places, keys)?.value.offset ?? 0;
  return text.slice(0, offset).split("\n").length;
}

/** The mig.json of the nearest folder above this one that has one, as the user would type it from here; null for none. */
export function outerConfigPath(cwd: string): string | null {
  return dirname(cwd) === cwd ? null : findConfigFile(cwd, dirname(cwd))?.path ?? null;
}

function findConfigFile(
  cwd: string,
  start = cwd,
): Pick<ConfigFile, "folder" | "path" | "text"> | null {
  for (let folder = start;; folder = dirname(folder)) {
    const file = join(folder, "mig.json");
    const path = pathFrom(cwd, file);
    try {
      const text = readSettingsText(file, path);
      if (text !== null) return { folder, path, text };
    } catch (error) {
      // Deno may have been given this folder alone; what is above it is then not part of the project.
      if (folder === cwd || !isDenied((error as MigError).cause)) throw error;
      return null;
    }
    if (dirname(folder) === folder) return null;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function parseWithComments(text: string, path: string): Promise<unknown> {
  // Loaded here: most files have no comments, and mig then starts without the parser for them.
  const [{ parse }, { syntaxFaults }] = await Promise.all([
    import("jsonc-parser"),
    import("./syntax_faults.ts"),
  ]);
  const errors: Parameters<typeof parse>[1] = [];
  let value: unknown;
  try {
    value = parse(text, errors, { allowTrailingComma: true });
  } catch (error) {
    // The parser is recursive: brackets nested ten thousand deep exhaust the stack.
    if (!(error instanceof RangeError)) throw error;
    throw syntaxFaults(text, path, []);
  }
  if (errors!.length > 0 || value === undefined) throw syntaxFaults(text, path, errors!);
  return value;
}
