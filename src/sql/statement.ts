/** What the splitter makes of a SQL file. Offsets are UTF-16 units into the file's text, as JavaScript's strings count. */

/** One statement of a file. */
export interface SqlStatement {
  /** The statement as it is sent: from its first token to its last, without the closing semicolon. */
  readonly text: string;
  /** Where `text` begins in the file. */
  readonly start: number;
  /** Where `text` ends in the file. */
  readonly end: number;
  /** The line on which `text` begins, from 1. */
  readonly line: number;
  /** The data lines that follow `COPY … FROM stdin;`, each with its line ending, without the closing `\.`. */
  readonly copyData?: string;
  /** How it is repeated, where it is. */
  readonly batch?: Batch;
  /** How the file has it, where variables were filled in and `text` is another. */
  readonly written?: WrittenStatement;
}

/** How a statement is repeated until it changes no row (`-- mig: batch`). */
export interface Batch {
  /** Milliseconds between two rounds. */
  readonly pauseMs: number;
  /** After so many rounds it must have ended; null where mig watches that it does. */
  readonly rounds: number | null;
}

/** A statement before its variables were filled in. */
export interface WrittenStatement {
  /** As it stands in the file, from `start` to `end`. */
  readonly text: string;
  /** What was filled in, in order. */
  readonly insertions: readonly Insertion[];
}

/** A value in a statement. Offsets are UTF-16 units. */
export interface Insertion {
  /** Where it begins and ends in the statement as it is sent. */
  readonly start: number;
  readonly end: number;
  /** Where `${NAME}` begins and ends in the statement as it is written. */
  readonly writtenStart: number;
  readonly writtenEnd: number;
}

/** A SQL file, read and split. */
export interface SqlScript {
  readonly text: string;
  readonly statements: readonly SqlStatement[];
  readonly directives: Directives;
  /** The values that were filled in, by the names of their variables: none of them may be shown. */
  readonly values?: ReadonlyMap<string, string>;
}

/** What a file asks for in the `-- mig: …` comments at its head. */
export interface Directives {
  /** Run the statements outside a transaction (`-- mig: no-transaction`). */
  readonly transaction: boolean;
  /** Milliseconds to wait for a lock (`-- mig: lock-timeout 5s`); undefined where the file does not say. */
  readonly lockTimeout?: number;
  /** Milliseconds that one statement may take (`-- mig: statement-timeout 10min`). */
  readonly statementTimeout?: number;
  /** The variables that the file wants filled in (`-- mig: env NAME`). */
  readonly env: readonly NamedVariable[];
}

/** A variable that a directive names. */
export interface NamedVariable {
  readonly name: string;
  /** Where in the file the directive names it. */
  readonly start: number;
}
