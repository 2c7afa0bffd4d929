/** The pages that `--help` prints. */

import { closest } from "../closest.ts";
import type { CommandSpec, FlagSpec } from "../commands/command.ts";
import type { Entry } from "../commands/registry.ts";
import { columns, wrap } from "./layout.ts";
import type { Style } from "./style.ts";

/** Flags that every verb takes. */
export const GLOBAL_FLAGS: readonly FlagSpec[] = [
  {
    name: "database",
    short: "d",
    value: "URL",
    summary: "The database: postgres://…, pglite:PATH or pglite::memory:",
  },
  { name: "migrations", value: "PATH", repeatable: true, summary: "The folder of revisions (migrations)" },
  { name: "table", value: "NAME", summary: "The version table, schema.name or name (mig_version)" },
  { name: "role", value: "NAME", summary: "The role to work as, of which the login is a member" },
  { name: "env", short: "e", value: "NAME", summary: "The environment of mig.json to use" },
  { name: "json", summary: "Print the answer as JSON" },
  { name: "quiet", short: "q", summary: "Print the answer and errors only" },
  { name: "verbose", short: "v", summary: "Tell more: each connection and statement, with times" },
  { name: "help", short: "h", summary: "Explain a command" },
  { name: "version", short: "V", summary: "Print the version of mig" },
];

/** `mig --help`. */
export function overview(registry: readonly Entry[], style: Style): string {
  return [
    "mig moves a PostgreSQL database along a chain of SQL revisions.",
    "",
    `${style.bold("Usage:")} mig <command> [options]`,
    "",
    style.bold("Commands:"),
    columns(
      registry.map(({ name, aliases, summary }) => [
        style.cyan(name),
        aliases.length === 0 ? summary : `${summary} ${style.dim(`(also: ${aliases.join(", ")})`)}`,
      ]),
    ),
    "",
    style.bold("Options:"),
    flagTable(GLOBAL_FLAGS, style),
    "",
    "`mig <command> --help` explains a command. Start with `mig init`.",
  ].join("\n");
}

/** `mig <command> --help`. */
export function commandHelp(entry: Entry, spec: CommandSpec, style: Style): string {
  const usage = ["mig", spec.name, spec.operands, "[options]"].filter((part) => part !== "").join(" ");
  return [
    `${entry.summary}.`,
    "",
    `${style.bold("Usage:")} ${usage}`,
    ...(entry.aliases.length === 0 ? [] : [`${style.bold("Also:")}  ${entry.aliases.join(", ")}`]),
    ...spec.about.flatMap((paragraph) => ["", wrap(paragraph)]),
    ...(spec.flags.length === 0 ? [] : ["", style.bold("Options:"), flagTable(spec.flags, style)]),
    "",
    style.bold("Options of every command:"),
    flagTable(GLOBAL_FLAGS, style),
    "",
    style.bold("Examples:"),
    columns(spec.examples.map(({ command, does }) => [style.cyan(command), does])),
  ].join("\n");
}

/** The verb that somebody may have meant. */
export function suggestVerb(typed: string, registry: readonly Entry[]): string | undefined {
  return closest(typed, registry.flatMap(({ name, aliases }) => [name, ...aliases]));
}

function flagTable(flags: readonly FlagSpec[], style: Style): string {
  return columns(flags.map(({ name, short, alias, value, repeatable, summary }) => [
    `${short === undefined ? "    " : style.cyan(`-${short}`) + ", "}${style.cyan(`--${name}`)}${
      value === undefined ? "" : ` ${value}`
    }${repeatable ? "…" : ""}`,
    alias === undefined ? summary : `${summary} ${style.dim(`(also: --${alias})`)}`,
  ]));
}
