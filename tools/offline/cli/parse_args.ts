/** Stands in for `@std/cli/parse-args` where jsr.io cannot be reached: the options of `parseArgs` that mig uses. */

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
  [name: string]: unknown;
}

/**
 * Reads a command line: `--name value`, `--name=value`, `-n value`, `-nvalue`, `-n=value`, `-abc`, `--no-name`, and
 * everything after `--` as operands.
 */
export function parseArgs(args: readonly string[], options: ParseOptions = {}): Args {
  return new Reader(options).read(args);
}

class Reader {
  readonly #options: ParseOptions;
  readonly #strings: ReadonlySet<string>;
  readonly #booleans: ReadonlySet<string>;
  readonly #collected: ReadonlySet<string>;
  /** Every name of a flag, by each of them. */
  readonly #names = new Map<string, readonly string[]>();
  readonly #result: Args = { _: [] };

  constructor(options: ParseOptions) {
    this.#options = options;
    for (const [name, alias] of Object.entries(options.alias ?? {})) {
      const all = [name, ...[alias].flat()] as string[];
      for (const one of all) this.#names.set(one, all);
    }
    const withAliases = (names: readonly string[] = []) =>
      new Set(names.flatMap((name) => this.#allNames(name)));
    this.#strings = withAliases(options.string);
    this.#booleans = withAliases(options.boolean);
    this.#collected = withAliases(options.collect);
    for (const name of this.#booleans) this.#result[name] = false;
    for (const name of this.#collected) this.#result[name] = [];
  }

  read(args: readonly string[]): Args {
    const end = args.indexOf("--");
    const before = end < 0 ? args : args.slice(0, end);
    for (let at = 0; at < before.length; at++) at += this.#take(before[at]!, before[at + 1]);
    if (end >= 0) { for (const operand of args.slice(end + 1)) this.#result._.push(this.#operand(operand)); }
    return this.#result;
  }

  /** Takes one argument; gives how many of those after it went with it. */
  #take(arg: string, next: string | undefined): number {
    const long = /^--([^=]+)(?:=(.*))?$/s.exec(arg);
    if (long !== null) return this.#flag(arg, long[1]!, long[2], next);
    if (/^-[^-]/.test(arg)) return this.#letters(arg, next);
    if (this.#options.unknown?.(arg) !== false) this.#result._.push(this.#operand(arg));
    return 0;
  }

  #flag(arg: string, name: string, value: string | undefined, next: string | undefined): number {
    if (value === undefined && name.startsWith("no-") && this.#booleans.has(name.slice(3))) {
      this.#set(arg, name.slice(3), false);
      return 0;
    }
    if (value !== undefined) {
      this.#set(arg, name, this.#booleans.has(name) ? value !== "false" : value);
      return 0;
    }
    if (this.#booleans.has(name)) {
      const says = next === "true" || next === "false";
      this.#set(arg, name, says ? next === "true" : true);
      return says ? 1 : 0;
    }
    if (next !== undefined && !next.startsWith("-")) {
      this.#set(arg, name, next);
      return 1;
    }
    this.#set(arg, name, this.#strings.has(name) ? "" : true);
    return 0;
  }

  #letters(arg: string, next: string | undefined): number {
    for (let at = 1; at < arg.length; at++) {
      const letter = arg[at]!;
      const rest = arg.slice(at + 1);
      if (rest === "") return this.#flag(arg, letter, undefined, next);
      if (rest.startsWith("=")) return this.#flag(arg, letter, rest.slice(1), next);
      if (!this.#booleans.has(letter) && this.#strings.has(letter)) {
        return this.#flag(arg, letter, rest, next);
      }
      this.#set(arg, letter, this.#strings.has(letter) ? "" : true);
    }
    return 0;
  }

  #set(arg: string, name: string, value: unknown): void {
    const known = this.#strings.has(name) || this.#booleans.has(name) || this.#names.has(name);
    if (!known && this.#options.unknown?.(arg, name, value) === false) return;
    for (const one of this.#allNames(name)) {
      if (this.#collected.has(one)) (this.#result[one] as unknown[]).push(value);
      else this.#result[one] = value;
    }
  }

  #allNames(name: string): readonly string[] {
    return this.#names.get(name) ?? [name];
  }

  #operand(text: string): string | number {
    const keepsText = this.#strings.has("_") || text.trim() === "" || Number.isNaN(Number(text));
    return keepsText ? text : Number(text);
  }
}
