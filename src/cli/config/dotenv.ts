/** Reads `.env`, which fills in what the environment leaves unset. */

import { join } from "node:path";
import { parseEnv } from "node:util";
import { type MigError } from "../../error.ts";
import { isDenied, pathFrom, readSettingsText } from "./text.ts";

/** A `.env` file. */
export interface Dotenv {
  /** The file, as the user would type it from the working folder. */
  readonly path: string;
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

/**
 * The `.env` of a folder; null where there is none.
 * @throws {MigError} `config-invalid` when it is there and cannot be read
 */
export function readDotenv(folder: string, cwd: string): Dotenv | null {
  const path = pathFrom(cwd, join(folder, ".env"));
  try {
    const text = readSettingsText(join(folder, ".env"), path);
    return text === null ? null : { path, text, values: parseEnv(text) };
  } catch (error) {
    // A Python environment is often a folder of that name, and Deno may not have been allowed to look.
    const { cause } = error as MigError;
    if ((cause as { code?: unknown } | undefined)?.code === "EISDIR" || isDenied(cause)) return null;
    throw error;
  }
}

/** The line on which a variable is set; the last one counts. */
export function lineOfVariable({ text }: Dotenv, name: string): number {
  const at = assignments(text, name).at(-1)?.index ?? 0;
  return text.slice(0, at).split("\n").length;
}

/** Whether a variable's value has no quotes and ends at a `#` that does not follow a space: often it was meant. */
export function isCutAtHash({ text }: Dotenv, name: string): boolean {
  return /^\s*[^\s"'`#][^#\n]*[^\s#]#/.test(assignments(text, name).at(-1)?.[1] ?? "");
}

function assignments(text: string, name: string): RegExpExecArray[] {
  const escaped = name.replace(/\W/g, "\\$&");
  return [...text.matchAll(new RegExp(`^[^\\S\\n]*(?:export\\s+)?${escaped}\\s*=(.*)$`, "gm"))];
}
