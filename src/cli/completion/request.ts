/** What the word at the end of an unfinished command line can be. */

import type { CommandSpec, FlagSpec } from "../../commands/command.ts";
import { GLOBAL_FLAGS } from "../../render/help.ts";
import { entryFor, findVerb } from "../args.ts";
import type { Flags } from "../config/lookup.ts";
import { type Kind, kindOfFlag, kindOfOperand } from "./kind.ts";

/** What is wanted. */
export interface Request {
  readonly kind: Kind;
  /** What of the word stays before each value: `--env=`. */
  readonly kept: string;
  /** What the values begin with. */
  readonly text: string;
  /** The few values, for the kind `choice`. */
  readonly choices: readonly string[];
  /** The flags that may still be given, for the kind `flag`. */
  readonly flags: readonly FlagSpec[];
  /** The operands that stand there already. */
  readonly operands: readonly string[];
  /** The values of flags that stand there already. */
  readonly values: Flags;
}

/**
 * Reads a command line up to the word that is being typed.
 * @throws {MigError} `usage` for a command that there is not
 */
export async function readRequest(before: readonly string[], word: string): Promise<Request> {
  const { verb, rest } = findVerb(before);
  const spec = verb === null ? null : (await entryFor(verb).load()).spec;
  const known = [...spec?.flags ?? [], ...GLOBAL_FLAGS];
  const { waiting, onlyOperands, operands, values, given } = readWords(rest, known);
  const request = { kept: "", text: word, choices: [], flags: [], operands, values };
  if (waiting !== null) return value(waiting, { ...request });
  if (!onlyOperands && /^-(?!\d)/.test(word)) {
    const [, name, text] = /^--([^=]+)=(.*)$/s.exec(word) ?? [];
    if (name === undefined) {
      return {
        ...request,
        kind: "flag",
        flags: known.filter(({ name, repeatable }) => repeatable || !given.has(name)),
      };
    }
    const flag = known.find((flag) => flag.name === name && flag.value !== undefined);
    return flag === undefined
      ? { ...request, kind: "nothing" }
      : value(flag, { ...request, kept: `--${name}=`, text: text! });
  }
  if (spec === null) return { ...request, kind: "command" };
  return operand(spec, request);
}

type Unsettled = Omit<Request, "kind">;

function value(flag: FlagSpec, request: Unsettled): Request {
  return keepList({ ...request, kind: kindOfFlag(flag) ?? "nothing", choices: flag.choices ?? [] });
}

function operand(spec: CommandSpec, request: Unsettled): Request {
  if (request.operands.length >= spec.arity[1]) return { ...request, kind: "nothing" };
  return keepList({ ...request, kind: kindOfOperand(spec), choices: spec.choices ?? [] });
}

/** Of `a,b,c` and of the range `a:b` the last part is the one that is being typed. */
function keepList(request: Request): Request {
  const sign = request.kind === "choice" ? "," : request.kind === "revision" ? ":" : null;
  const end = sign === null ? 0 : request.text.lastIndexOf(sign) + 1;
  return {
    ...request,
    kept: request.kept + request.text.slice(0, end),
    text: request.text.slice(end),
    choices: request.choices.filter((choice) => !request.text.slice(0, end).split(",").includes(choice)),
  };
}

interface Words {
  /** The flag whose value comes next. */
  readonly waiting: FlagSpec | null;
  /** Whether `--` was there. */
  readonly onlyOperands: boolean;
  readonly operands: readonly string[];
  readonly values: Record<string, string | readonly string[]>;
  readonly given: ReadonlySet<string>;
}

function readWords(words: readonly string[], known: readonly FlagSpec[]): Words {
  const operands: string[] = [];
  const values: Record<string, string | string[]> = {};
  const given = new Set<string>();
  let waiting: FlagSpec | null = null;
  let onlyOperands = false;
  const take = ({ name, repeatable }: FlagSpec, text: string) => {
    values[name] = repeatable ? [...values[name] ?? [], text] : text;
  };
  for (const word of words) {
    if (waiting !== null) {
      take(waiting, word);
      waiting = null;
    } else if (onlyOperands || !/^-(?!\d|$)/.test(word)) operands.push(word);
    else if (word === "--") onlyOperands = true;
    else {
      const [typed, text] = word.split(/=(.*)/s);
      const flag = known.find(({ name, short, alias }) =>
        typed === `--${name}` || typed === `-${short}` || typed === `--${alias}`
      );
      if (flag === undefined) continue;
      given.add(flag.name);
      if (flag.value === undefined) continue;
      if (text === undefined) waiting = flag;
      else take(flag, text);
    }
  }
  return { waiting, onlyOperands, operands, values, given };
}
