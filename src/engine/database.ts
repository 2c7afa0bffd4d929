/**
 * The ports through which the engine reaches a database. `postgres/` implements them over a network connection,
 * `embedded/` over PGlite; the engine knows neither.
 */

import type { ServerReport } from "../error.ts";

/** A database that mig can connect to. */
export interface Database {
  /** Where it is, for people: a URL or a path, never with a password. */
  readonly description: string;
  /** Whether it is a server or the embedded database. */
  readonly kind: "server" | "embedded";
  /**
   * Opens a session of its own.
   * @throws {MigError} `connection-failed`, `authentication-failed`, `database-missing`, `tls-failed`, `embedded-busy` …
   */
  connect(options?: ConnectOptions): Promise<Session>;
  /**
   * Its schema as SQL, written by pg_dump; absent where pg_dump cannot reach it.
   * @throws {MigError} `program-missing` or `program-failed`
   */
  readonly dumpSchema?: (options: DumpOptions) => Promise<Dump>;
}

/** What pg_dump needs to know. */
export interface DumpOptions {
  /** The major version of the server, e.g. 18: an older pg_dump cannot read it. */
  readonly serverMajor: number;
  /** Tables to leave out, qualified and quoted. */
  readonly exclude: readonly string[];
  /** Whether it says who owns what. */
  readonly owners: boolean;
  /** Whether it says who may use it. */
  readonly privileges: boolean;
}

/** What pg_dump wrote. */
export interface Dump {
  readonly text: string;
  /** `pg_dump 15.18`. */
  readonly program: string;
}

export interface ConnectOptions {
  /**
   * Gets each NOTICE, WARNING and so on which the server sends while the message that brings it about is running. What comes
   * together with a message's answer is in its result.
   */
  readonly onNotice?: (notice: Notice) => void;
  /**
   * What the session will be asked first, in one statement: it is sent together with what mig asks of every server, without a
   * round trip of its own, and answers the first `send()` if that has the same text.
   */
  readonly firstQuestion?: string;
}

/** A message of the server that is not an error. */
export interface Notice {
  /** `NOTICE`, `WARNING`, `INFO`, `LOG` or `DEBUG`. */
  readonly severity: string;
  readonly sqlstate: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
}

/** What a session throws when a message failed. The engine turns it into a `MigError` that knows the file. */
export class QueryError extends Error {
  override readonly name = "QueryError";
  constructor(
    /** What the server said; null when the connection was lost before it answered. */
    readonly report: ServerReport | null,
    /** Where in the message's text, as PostgreSQL counts: code points from 1; null when it did not say. */
    readonly position: number | null,
    options?: { readonly cause?: unknown },
    /** What the message had brought about before it failed, and was not handed out yet. */
    readonly notices: readonly Notice[] = [],
  ) {
    super(report === null ? "the connection was lost" : report.message, options);
  }
}

/** A row as the server sends it in the simple protocol: every value is its text, or null. */
export type TextRow = Readonly<Record<string, string | null>>;

/** What one message brought back. */
export interface SendResult {
  /** The rows of the message's last statement that returns rows. */
  readonly rows: readonly TextRow[];
  /** The rows which the last statement changed or returned, from its command tag; null where the tag has no count. */
  readonly count: number | null;
  /** The notices that the message brought about and that were not handed out while it ran. */
  readonly notices: readonly Notice[];
}

/** What the server says of itself and of the session when it opens. */
export interface ServerFacts {
  /** As people say it: `15.18`. */
  readonly version: string;
  /** As programs compare it: `150018`. */
  readonly versionNumber: number;
  readonly database: string;
  /** The role the session runs as. */
  readonly user: string;
  /** What that role was set by after the session began, so that RESET ROLE takes it back; null where it began with it. */
  readonly setRole: string | null;
  /** Whether it is a standby, which only reads. */
  readonly inRecovery: boolean;
  /** Whether its transactions only read unless they say otherwise (`default_transaction_read_only`). */
  readonly readOnly: boolean;
  /**
   * Whether a pooler stands in between that hands out another server session for each transaction: what is prepared, set
   * or locked for the session does not stay.
   */
  readonly pooled: boolean;
  /** Whether waiting for locks has a limit already (`lock_timeout`): the role's, the database's, or that of the URL. */
  readonly lockTimeoutSet: boolean;
  /** When the server was started, in its own words: another one, or one that was started again, says something else. */
  readonly startedAt: string | null;
  /** The first schema of the search path that exists, where a table without a schema's name would be made. */
  readonly schema: string | null;
}

/**
 * One connection to a database. Messages are answered in the order in which they are sent, and sending does not wait:
 * whoever calls `send` several times before awaiting has them all in flight (pipelining).
 */
export interface Session extends AsyncDisposable {
  /** The backend's process id, as in pg_stat_activity; null for the embedded database. */
  readonly pid: number | null;
  readonly server: ServerFacts;
  /**
   * Sends one message of the simple protocol: one statement, or several with semicolons between them.
   * The promise is rejected with a `QueryError` that has the server's report.
   */
  send(text: string): Promise<SendResult>;
  /** The same for a statement whose rows nobody wants, however many there are; the result has none. */
  run(text: string): Promise<SendResult>;
  /** How long nothing has been heard from the server, in milliseconds. */
  readonly silentMs: number;
  /**
   * Sends `COPY … FROM stdin` with its data right behind it, in order with what `send` sends.
   * @param data the lines, each with its line ending, without the closing `\.`: all of them, or pieces that are cut between
   * characters and asked for as the server takes them. They are not asked for any more once it has refused the statement.
   */
  copyIn(text: string, data: string | Iterable<string>): Promise<SendResult>;
  /** Asks the server to cancel what runs in this session. Returns once the request is delivered. */
  cancel(): Promise<void>;
  /** Ends the session; never throws, never waits for the server longer than a second or two. */
  close(): Promise<void>;
}
