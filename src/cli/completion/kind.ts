/** Which kind of values a flag or an operand takes. */

import type { CommandSpec, FlagSpec } from "../../commands/command.ts";

/** Kinds of values. `nothing` is free text, of which no value can be named. */
export type Kind =
  | "command"
  | "flag"
  | "revision"
  | "environment"
  | "template"
  | "migrations-folder"
  | "choice"
  | "files"
  | "folders"
  | "nothing";

/** The kind of a flag's values; undefined for one that nobody has thought of, which a test forbids. */
export function kindOfFlag({ name, value, choices }: FlagSpec): Kind | undefined {
  if (choices !== undefined) return "choice";
  return BY_NAME[name] ?? BY_VALUE[value ?? ""];
}

/** The kind of a command's operands, by what the usage line calls them. */
export function kindOfOperand({ operands, choices }: CommandSpec): Kind {
  if (choices !== undefined) return "choice";
  return /<(revisions?|range|schema)>/.test(operands) ? "revision" : "nothing";
}

const BY_NAME: Readonly<Record<string, Kind>> = {
  env: "environment",
  template: "template",
  folder: "migrations-folder",
  // A file, or a folder of files.
  from: "files",
};

const BY_VALUE: Readonly<Record<string, Kind>> = {
  REV: "revision",
  RANGE: "revision",
  FILE: "files",
  PATH: "folders",
  ID: "nothing",
  NAME: "nothing",
  NUMBER: "nothing",
  TEXT: "nothing",
  TIME: "nothing",
  URL: "nothing",
};
