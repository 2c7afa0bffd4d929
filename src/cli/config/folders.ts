/** The folders of the revisions: one, or several in the order in which they are read. */

import { delimiter } from "node:path";
import { filledIn, fromFlag, fromVariables, type Sources, valueInFile, VARIABLES } from "./lookup.ts";
import type { Setting } from "./setting.ts";

/**
 * The folders as they are written where they are given first; undefined where they are given nowhere. A variable separates
 * them as PATH does.
 * @throws {MigError} `config-invalid`, or `usage` for a flag
 */
export function findFolders(
  sources: Sources,
  environment: string | null,
): Setting<readonly string[]> | undefined {
  const found = fromFlags(sources) ?? fromVariable(sources) ??
    (environment === null ? undefined : fromFile(sources, ["environments", environment, "migrations"])) ??
    fromFile(sources, ["migrations"]);
  if (found === undefined) return undefined;
  const { value, origin } = found;
  return { value: value.map((path) => filledIn(sources, "migrations", { value: path, origin })), origin };
}

function fromFlags(sources: Sources): Setting<readonly string[]> | undefined {
  const given = sources.flags.migrations;
  if (typeof given === "object") return { value: given, origin: { kind: "flag", name: "--migrations" } };
  const one = fromFlag(sources, "migrations");
  return one && { ...one, value: [one.value] };
}

function fromVariable(sources: Sources): Setting<readonly string[]> | undefined {
  const found = fromVariables(sources, VARIABLES.migrations);
  if (found === undefined) return undefined;
  // "postgres://…" is told as a URL that got into the wrong place, and not taken apart.
  const paths = found.value.includes("://")
    ? [found.value]
    : found.value.split(delimiter).filter((path) => path !== "");
  return { ...found, value: paths.length === 0 ? [found.value] : paths };
}

function fromFile({ file }: Sources, keys: readonly string[]): Setting<readonly string[]> | undefined {
  const found = valueInFile(file, keys);
  // The file was checked: it is a string or a list of them.
  return found && { ...found, value: [found.value].flat() as string[] };
}
