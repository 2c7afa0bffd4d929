/** The shape that all verbs share: what the command line may hold, and a function from that to data. */

import type { App } from "./app.ts";
import type { Data } from "./data.ts";

/** One flag of the command line. */
export interface FlagSpec {
  /** Without the dashes. */
  readonly name: string;
  /** The letter of its short form. */
  readonly short?: string;
  /** Alembic's name for it, without the dashes. */
  readonly alias?: string;
  /** What its value is called in the help, e.g. `URL`; a flag without one is a switch. */
  readonly value?: string;
  /** Whether it may be given several times; its values are then in `Input.lists`. */
  readonly repeatable?: true;
  /** The values that it takes, where they are few: the shell completes them. */
  readonly choices?: readonly string[];
  readonly summary: string;
}

/** What a verb looks like from outside. */
export interface CommandSpec {
  readonly name: string;
  /** The operands, as the usage line shows them: `[<revision>]`. */
  readonly operands: string;
  /** How many operands it takes, at least and at the most. */
  readonly arity: readonly [number, number];
  /** The operands that it takes, where they are few: the shell completes them. */
  readonly choices?: readonly string[];
  /** Paragraphs that explain it. */
  readonly about: readonly string[];
  readonly flags: readonly FlagSpec[];
  readonly examples: readonly { readonly command: string; readonly does: string }[];
}

/** What was typed, checked against the spec. */
export interface Input {
  readonly operands: readonly string[];
  /** The values of flags that take one, by name. */
  readonly values: Readonly<Record<string, string | undefined>>;
  /** The values of repeatable flags that are given, by name, in the order in which they were typed. */
  readonly lists: Readonly<Record<string, readonly string[] | undefined>>;
  /** The switches that are on, by name. */
  readonly switches: ReadonlySet<string>;
}

/** A verb, and the data that it gives. */
export interface Command<D extends Data = Data> {
  readonly spec: CommandSpec;
  /**
   * What it does with an embedded database that is not there yet: makes it, or refuses, since it is what the verb is about.
   * By default an empty one stands for it.
   */
  readonly missingDatabase?: "make" | "refuse";
  /** Does it, and gives what is to be shown. */
  run(input: Input, app: App): Promise<D>;
  /** Instead of `run`, for a verb that must not fail over the settings of wherever it is called. */
  answer?(input: Input): D;
  /** The exit code for what it gave; 0 where it is left out. 3 is for a check that found something. */
  exitCode?(data: D): 0 | 3;
}
