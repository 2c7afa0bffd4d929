/**
 * Stands in for `@std/cli/parse-args` where jsr.io cannot be reached. It reads a command line exactly as that does, oddities
 * included, over the options that mig uses: which of the two an executable was built with must not show. Only names with a dot
 * in them are not taken apart into objects; no flag of mig has one.
 */

/** How to read the arguments. */
export interface ParseOptions {
  /** Flags that take a value; `_` keeps operands from being read as numbers. */
  string?: readonly string[];
  /** Flags that are switches. */
  boolean?: readonly string[];
  /** Other names of flags. */
  alias?: Readonly<Record<string, string | readonly string[]>>;
  /** Flags whose values are collected in a list. */
  collect?: readonly string[];
  /** Is called for what is no known flag; false leaves it out. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** The flags by name, and the operands as `_`. */
export interface Args {
  _: (string | number)[];
  // deno-lint-ignore no-explicit-any -- as the package has it
  [name: string]: any;
}

/**
 * Reads a command line: `--name value`, `--name=value`, `-n value`, `-n=value`, `-abc`, and everything after `--` as
 * operands. What is not declared as a string and reads as a number becomes one.
 */
export function parseArgs(args: readonly string[], options: ParseOptions = {}): Args {
  return new Reader(options).read(args);
}

class Reader {
  readonly #options: ParseOptions;
  /** Every name of a flag, by each of them. */
  readonly #names = new Map<string, readonly string[]>();
  readonly #strings: ReadonlySet<string>;
  readonly #booleans: ReadonlySet<string>;
  readonly #collected: ReadonlySet<string>;
  readonly #result: Args = { _: [] };

  constructor(options: ParseOptions) {
    this.#options = options;
    for (const [name, alias] of Object.entries(options.alias ?? {})) {
      const all = [name, ...[alias].flat()] as string[];
      for (const one of all) this.#names.set(one, all);
    }
    this.#strings = this.#withAliases(options.string);
    this.#booleans = this.#withAliases(options.boolean);
    this.#collected = this.#withAliases(options.collect);
    for (const name of this.#booleans) this.#result[name] = this.#collected.has(name) ? [] : false;
    for (const name of this.#strings) if (this.#collected.has(name)) this.#result[name] = [];
  }

  read(args: readonly string[]): Args {
    const end = args.indexOf("--");
    const before = end < 0 ? args : args.slice(0, end);
    for (let at = 0; at < before.length; at++) at += this.#take(before[at]!, before[at + 1] ?? "");
    this.#result._.push(...(end < 0 ? [] : args.slice(end + 1)));
    return this.#result;
  }

  /** Takes one argument, and gives how many of those after it went with it. An empty one never does. */
  #take(arg: string, next: string): 0 | 1 {
    const long = /^--(no-)?(.+?)(?:=(.*))?$/s.exec(arg);
    if (long !== null) return this.#long(arg, long, next);
    if (/^-./s.test(arg)) return this.#letters(arg, next);
    if (this.#options.unknown?.(arg) !== false) {
      this.#result._.push(this.#strings.has("_") ? arg : numberOr(arg));
    }
    return 0;
  }

  #long(arg: string, [, no, name, value]: RegExpExecArray, next: string): 0 | 1 {
    if (value !== undefined) {
      this.#set(arg, name!, this.#booleans.has(name!) ? value !== "false" : value);
      return 0;
    }
    return this.#flag(arg, `${no ?? ""}${name}`, next, !next.startsWith("-"));
  }

  /** `-abc` is three switches, unless what follows a letter reads like its value. */
  #letters(arg: string, next: string): 0 | 1 {
    const last = arg.length - 1;
    for (let at = 1; at < last; at++) {
      const letter = arg[at]!;
      const rest = arg.slice(at + 1);
      const value = valueWithin(letter, rest);
      this.#set(arg, letter, value ?? this.#bare(letter));
      if (value !== undefined && rest !== "-") return 0;
    }
    if (arg[last] === "-") return 0;
    return this.#flag(arg, arg[last]!, next, !/^--?[^-]/.test(next));
  }

  #flag(arg: string, name: string, next: string, nextIsValue: boolean): 0 | 1 {
    if (next !== "" && nextIsValue && !this.#booleans.has(name)) {
      this.#set(arg, name, next);
      return 1;
    }
    if (next === "true" || next === "false") {
      this.#set(arg, name, next === "true");
      return 1;
    }
    this.#set(arg, name, this.#bare(name));
    return 0;
  }

  #bare(name: string): "" | true {
    return this.#strings.has(name) ? "" : true;
  }

  #set(arg: string, name: string, given: string | boolean): void {
    const known = [this.#strings, this.#booleans, this.#names, this.#collected].some((set) => set.has(name));
    if (!known && this.#options.unknown?.(arg, name, given) === false) return;
    const value = typeof given === "string" && !this.#strings.has(name) ? numberOr(given) : given;
    for (const one of this.#allNames(name)) {
      if (this.#collected.has(name)) (this.#result[one] ??= []).push(value);
      else this.#result[one] = value;
    }
  }

  #withAliases(names: readonly string[] = []): ReadonlySet<string> {
    return new Set(names.flatMap((name) => this.#allNames(name)));
  }

  #allNames(name: string): readonly string[] {
    return this.#names.get(name) ?? [name];
  }
}

/** The value that a letter has within its own argument. */
function valueWithin(letter: string, rest: string): string | undefined {
  if (rest === "-") return rest;
  if (rest === "=") return "";
  if (/[A-Za-z]/.test(letter)) {
    const assigned = /=(.+)/.exec(rest)?.[1];
    if (assigned !== undefined) return assigned;
    if (/-?\d+(\.\d*)?(e-?\d+)?$/.test(rest)) return rest;
  }
  return rest.length > 1 && /^\W/.test(rest) ? rest : undefined;
}

function numberOr(text: string): string | number {
  return /\S/.test(text) && Number.isFinite(Number(text)) ? Number(text) : text;
}
