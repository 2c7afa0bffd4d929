/**
 * Every failure that a user can meet, as one error class with a stable code.
 *
 * A `MigError` carries what a report needs: what failed, where in the user's files, what the server said, and the
 * next thing to do. Anything else that is thrown is a bug in mig.
 */

/** A place in one of the user's files. Lines and columns start at 1; columns count code points. */
export interface SourceLocation {
  /** The path as the user would type it from the working folder. */
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
  /** The text of that line, without its line ending. */
  readonly excerpt?: string;
  /** How many code points to underline, from `column` on. */
  readonly length?: number;
  /** What is at this place, when an error names several: `parent of "3f9a1c2b"`. */
  readonly note?: string;
}

/** What PostgreSQL said of a failure: the fields of an ErrorResponse (manual, "Error and Notice Message Fields"). */
export interface ServerReport {
  /** Five characters, e.g. `42601`. */
  readonly sqlstate: string;
  readonly severity: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  /** The call stack of a failure inside a function (`CONTEXT`). */
  readonly where?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
}

/** The error codes, a part of the `--json` contract. The value is the exit code that goes with each. */
export const EXIT_CODES = {
  // 1: it was tried, or would have been, and failed.
  "sql-failed": 1,
  "connection-failed": 1,
  "connection-lost": 1,
  "authentication-failed": 1,
  "database-missing": 1,
  "permission-denied": 1,
  "tls-failed": 1,
  "read-only-server": 1,
  "server-unsupported": 1,
  "version-table-invalid": 1,
  "lock-timeout": 1,
  "lock-lost": 1,
  "state-changed": 1,
  "transaction-escaped": 1,
  "batch-endless": 1,
  "embedded-busy": 1,
  "embedded-version": 1,
  "embedded-failed": 1,
  "file-failed": 1,
  "folder-missing": 1,
  "metadata-invalid": 1,
  "revision-duplicate": 1,
  "parent-missing": 1,
  "graph-cycle": 1,
  "revision-unknown": 1,
  "revision-ambiguous": 1,
  "object-unknown": 1,
  "object-ambiguous": 1,
  "revision-not-here": 1,
  "revision-not-applied": 1,
  "revision-applied": 1,
  "revision-edited": 1,
  "revision-unfinished": 1,
  "heads-multiple": 1,
  "walk-ambiguous": 1,
  "walk-too-far": 1,
  "irreversible": 1,
  "revision-needed": 1,
  "sql-refused": 1,
  "sql-unreadable": 1,
  "directive-invalid": 1,
  "variable-missing": 1,
  "variable-invalid": 1,
  "already-exists": 1,
  "template-invalid": 1,
  "not-proven": 1,
  "editor-failed": 1,
  "program-missing": 1,
  "program-failed": 1,
  "hook-failed": 1,
  /** A fault of mig itself. */
  "internal": 1,
  // 2: the command line or the configuration is wrong.
  "usage": 2,
  "config-invalid": 2,
  "url-invalid": 2,
  // 130: stopped by the user.
  "interrupted": 130,
} as const;

/** A stable name for a kind of failure. Branch on this, never on message text. */
export type ErrorCode = keyof typeof EXIT_CODES;

/** What a `MigError` may carry beside its code and message. */
export interface MigErrorDetails {
  /** What to do next; several lines are alternatives, in the order to try them. */
  readonly hint?: string | readonly string[];
  /** Where it happened; several when places disagree with each other. */
  readonly locations?: readonly SourceLocation[];
  /** What the server said. */
  readonly server?: ServerReport;
  /** More errors of the same run: `config-invalid` reports every fault at once. */
  readonly errors?: readonly MigError[];
  /** Facts for programs that read `--json`. Never secrets. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** A failure that a user can meet and act on. */
export class MigError extends Error {
  override readonly name = "MigError";
  readonly code: ErrorCode;
  readonly hints: readonly string[];
  readonly locations: readonly SourceLocation[];
  readonly server?: ServerReport;
  readonly errors: readonly MigError[];
  readonly data: Readonly<Record<string, unknown>>;

  /**
   * @param code the stable name of the failure
   * @param message what failed, in the active voice, values quoted, without a final period
   * @param details where it happened, what the server said, and what to do next
   */
  constructor(code: ErrorCode, message: string, details: MigErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hints = typeof details.hint === "string" ? [details.hint] : details.hint ?? [];
    this.locations = details.locations ?? [];
    this.server = details.server;
    this.errors = details.errors ?? [];
    this.data = details.data ?? {};
  }
}
