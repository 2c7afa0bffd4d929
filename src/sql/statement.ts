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
}

/** A SQL file, read and split. */
export interface SqlScript {
  readonly text: string;
  readonly statements: readonly SqlStatement[];
  readonly directives: Directives;
}

/** What a file asks for in the `-- mig: …` comments at its head. */
export interface Directives {
  /** Run the statements outside a transaction (`-- mig: no-transaction`). */
  readonly transaction: boolean;
  /** Milliseconds to wait for a lock (`-- mig: lock-timeout 5s`); undefined where the file does not say. */
  readonly lockTimeout?: number;
  /** Milliseconds that one statement may take (`-- mig: statement-timeout 10min`). */
  readonly statementTimeout?: number;
}
