/** The command line: which verb, and what it is given. */

import { parseArgs } from "@std/cli/parse-args";
import { closest } from "../closest.ts";
import type { CommandSpec, FlagSpec, Input } from "../commands/command.ts";
import { type Entry, REGISTRY } from "../commands/registry.ts";
import { ALEMBIC_COMMANDS, ALEMBIC_VALUED, alembicFlag } from "./alembic.ts";
import { MigError } from "../error.ts";
import { GLOBAL_FLAGS, suggestVerb } from "../render/help.ts";

/** The command line, before its verb's own flags are known. */
export interface Invocation {
  /** As it was typed; null where there is none. */
  readonly verb: string | null;
  readonly help: boolean;
  readonly version: boolean;
  readonly json: boolean;
  /** The value of --env, so that commands which hints name go to the same environment; null where there is none. */
  readonly environment: string | null;
  /** What is left for the verb. */
  readonly rest: readonly string[];
}

/** Finds the verb: the first word that is neither a flag nor the value of one. */
export function findVerb(args: readonly string[]): Invocation {
  const takesValue = new Set<string>([
    ...ALEMBIC_VALUED,
    ...GLOBAL_FLAGS.filter(({ value }) => value !== undefined).flatMap(({ name, short }) =>
      short === undefined ? [`--${name}`] : [`--${name}`, `-${short}`]
    ),
  ]);
  const end = args.indexOf("--");
  const before = end < 0 ? args : args.slice(0, end);
  const at = before.findIndex((arg, i) => !arg.startsWith("-") && !(i > 0 && takesValue.has(before[i - 1]!)));
  // `mig help up` asks for the same as `mig up --help`.
  if (args[at] === "help") return { ...findVerb([...args.slice(0, at), ...args.slice(at + 1)]), help: true };
  return {
    verb: at < 0 ? null : args[at]!,
    help: before.includes("--help") || before.includes("-h"),
    version: before.includes("--version") || before.includes("-V"),
    json: before.includes("--json"),
    environment: environmentOf(before),
    rest: at < 0 ? args : [...args.slice(0, at), ...args.slice(at + 1)],
  };
}

function environmentOf(args: readonly string[]): string | null {
  const at = args.findLastIndex((arg) => arg === "-e" || arg === "--env" || arg.startsWith("--env="));
  if (at < 0) return null;
  return (args[at]!.startsWith("--env=") ? args[at]!.slice("--env=".length) : args[at + 1]) || null;
}

/**
 * Finds a verb in the registry, by its name or another name for it.
 *
 * @throws {MigError} `usage`, with what may have been meant
 */
export function entryFor(verb: string): Entry {
  const entry = REGISTRY.find(({ name, aliases }) => name === verb || aliases.includes(verb));
  if (entry !== undefined) return entry;
  const instead = Object.hasOwn(ALEMBIC_COMMANDS, verb) ? ALEMBIC_COMMANDS[verb] : undefined;
  const near = instead === undefined ? suggestVerb(verb, REGISTRY) : undefined;
  throw new MigError("usage", `there is no command "${verb}"`, {
    hint: [
      ...(instead === undefined ? [] : [instead]),
      ...(near === undefined ? [] : [`did you mean \`mig ${near}\`?`]),
      "`mig --help` lists the commands",
    ],
  });
}

/**
 * Checks what a verb was given against its spec.
 *
 * @throws {MigError} `usage` for a flag that it does not know, a missing value, or too many or few operands
 */
export function readInput(rest: readonly string[], spec: CommandSpec): Input {
  const flags = [...spec.flags, ...GLOBAL_FLAGS];
  const valued = flags.filter(({ value }) => value !== undefined);
  const switches = flags.filter(({ value }) => value === undefined);
  const operands: string[] = [];
  const parsed = parseArgs(protectCounts(rest), {
    string: valued.map(({ name }) => name),
    boolean: switches.map(({ name }) => name),
    alias: Object.fromEntries(
      flags.map(({ name, short, alias }) => [name, [short, alias].filter((other) => other !== undefined)]),
    ),
    collect: valued.map(({ name }) => name),
    unknown: (arg, key) => {
      if (key !== undefined) throw unknownFlag(arg, flags, spec);
      // Taken here, since parseArgs would let a flag `--_` take the place of its list of operands.
      operands.push(arg.replace(COUNT_MARK, ""));
      return false;
    },
  }) as { readonly _: readonly string[]; readonly [name: string]: unknown };
  // What follows `--` is all that is left to it.
  operands.push(...parsed._.map((operand) => operand.replace(COUNT_MARK, "")));
  const values: Record<string, string> = {};
  const lists: Record<string, readonly string[]> = {};
  for (const { name, value, repeatable } of valued) {
    const given = ([parsed[name] ?? []].flat() as string[]).map((text) => text.replace(COUNT_MARK, ""));
    if (given.includes("")) throw usage(`--${name} needs a value: --${name} ${value}`, spec);
    if (repeatable && given.length > 0) lists[name] = given;
    else if (given.length > 1) throw usage(`--${name} is given ${given.length} times`, spec);
    else if (given.length === 1) values[name] = given[0]!;
  }
  refuseOperandCount(operands, spec);
  return {
    operands,
    values,
    lists,
    switches: new Set(switches.filter(({ name }) => parsed[name] === true).map(({ name }) => name)),
  };
}

/** `-1` is a revision, `-` is standard input, and neither is a flag. */
function protectCounts(args: readonly string[]): string[] {
  return args.map((arg) => /^-(\d|$)/.test(arg) ? COUNT_MARK + arg : arg);
}

const COUNT_MARK = "\u0000";

function refuseOperandCount(operands: readonly string[], spec: CommandSpec): void {
  const [least, most] = spec.arity;
  if (operands.length < least) {
    const [example] = spec.examples;
    const hints = example === undefined ? [] : [`for example: ${example.command}`];
    throw usage(`mig ${spec.name} needs ${spec.operands}`, spec, hints);
  }
  if (operands.length > most) {
    const more = operands.slice(most).map((operand) => `"${operand}"`).join(" ");
    throw usage(
      `mig ${spec.name} takes ${most === 0 ? "no operand" : `no more than ${most}`}, but got ${more}`,
      spec,
    );
  }
}

function unknownFlag(arg: string, flags: readonly FlagSpec[], spec: CommandSpec): MigError {
  const typed = arg.replace(/=.*$/s, "");
  const instead = alembicFlag(spec.name, typed);
  if (instead !== undefined) return usage(`mig ${spec.name} has no option ${typed}`, spec, [instead]);
  const near = closest(typed.replace(/^-+(no-)?/, ""), flags.map(({ name }) => name));
  return usage(
    `mig ${spec.name} has no option ${typed}`,
    spec,
    near === undefined ? [] : [`did you mean --${near}?`],
  );
}

function usage(message: string, spec: CommandSpec, hints: readonly string[] = []): MigError {
  return new MigError("usage", message, { hint: [...hints, `\`mig ${spec.name} --help\` explains it`] });
}
