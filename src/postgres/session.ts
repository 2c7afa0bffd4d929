/** A session over postgres.js: one connection that pipelines simple-protocol messages and never reconnects. */

import type { Duplex } from "node:stream";
import postgres from "postgres";
import { MigError } from "../error.ts";
import {
  type ConnectOptions,
  type Notice,
  QueryError,
  type SendResult,
  type ServerFacts,
  type Session,
  type TextRow,
} from "../engine/database.ts";
import { sendCopyData } from "./copy_data.ts";
import { NoticeQueue } from "./notice_queue.ts";
import { fatalReportIn, queryErrorOf, reportOf } from "./report.ts";
import { Wire } from "./wire.ts";

/** What a connection needs beside its socket. */
export interface StartupParameters {
  readonly user: string;
  readonly database: string;
  /** Gives the password when the server asks for one. */
  readonly password: () => string;
  /** Settings of the startup message, e.g. `application_name` and `options`. */
  readonly settings: Readonly<Record<string, string>>;
  /** Milliseconds that the server may take from the open socket to its first ReadyForQuery; 0 for no limit. */
  readonly timeoutMs: number;
}

/**
 * Starts a session over sockets that are ready for the startup message (TLS, where wanted, is already on).
 *
 * @param openSocket gives a new socket: one for the session, another for each request to cancel
 * @throws {QueryError} when the server refuses, or what `openSocket` throws
 */
export async function connectOverSocket(
  openSocket: () => Promise<Duplex>,
  parameters: StartupParameters,
  options: ConnectOptions = {},
): Promise<Session> {
  let wire: Wire | null = null;
  let notices: NoticeQueue | null = null;
  const sql = postgres({
    socket: async () => {
      // The driver would reconnect by itself, and what follows would run in a session without our lock.
      if (wire !== null) throw new QueryError(null, null);
      wire = new Wire(await openSocket());
      notices = new NoticeQueue(wire, options.onNotice ?? (() => {}));
      return wire;
    },
    user: parameters.user,
    database: parameters.database,
    pass: parameters.password,
    connection: { ...parameters.settings },
    connect_timeout: parameters.timeoutMs / 1000,
    ssl: false,
    max: 1,
    max_lifetime: null,
    idle_timeout: 0,
    max_pipeline: Number.MAX_SAFE_INTEGER,
    fetch_types: false,
    prepare: false,
    types: { text: TEXT },
    onnotice: (fields: Record<string, string>) => notices?.take(noticeOf(fields)),
  } as unknown as postgres.Options<Record<never, never>>);
  try {
    // The driver connects with its first query, so that one may as well ask what mig needs to know of every server.
    const [facts] = resultOf(await sql.unsafe(SERVER_FACTS)).rows;
    return new PostgresSession(sql, wire!, notices!, openSocket, serverFactsOf(facts!, wire!.backendKey.pid));
  } catch (error) {
    sql.end({ timeout: 0 }).catch(() => {});
    throw error instanceof MigError ? error : queryErrorOf(error, lastWords(wire));
  }
}

/** Every value as the text that the server sends: mig reads few values, and none may lose digits on the way. */
const TEXT = {
  to: 25,
  from: [16, 17, 20, 21, 23, 26, 114, 700, 701, 1082, 1114, 1184, 3802],
  parse: (text: string) => text,
  serialize: (value: unknown) => String(value),
};

const CLOSE_TIMEOUT_S = 2;

class PostgresSession implements Session {
  readonly pid: number | null;
  readonly server: ServerFacts;
  readonly #secret: number;
  readonly #sql: postgres.Sql;
  readonly #wire: Wire;
  readonly #notices: NoticeQueue;
  readonly #openSocket: () => Promise<Duplex>;
  /** Settles when the data of the last `copyIn` is on its way; nothing may be sent in between. */
  #copying: Promise<void> | null = null;
  /** Whether somebody was told why the session has ended. */
  #told = false;

  constructor(
    sql: postgres.Sql,
    wire: Wire,
    notices: NoticeQueue,
    openSocket: () => Promise<Duplex>,
    server: ServerFacts,
  ) {
    this.#sql = sql;
    this.server = server;
    this.#wire = wire;
    this.#notices = notices;
    notices.begin();
    this.#openSocket = openSocket;
    const { pid, secret } = wire.backendKey;
    this.pid = pid;
    this.#secret = secret;
  }

  get silentMs(): number {
    return performance.now() - this.#wire.heardAt;
  }

  async send(text: string): Promise<SendResult> {
    while (this.#copying !== null) await this.#copying;
    return await this.#query(text);
  }

  async run(text: string): Promise<SendResult> {
    while (this.#copying !== null) await this.#copying;
    return await this.#query(text, true);
  }

  async copyIn(text: string, data: string | Iterable<string>): Promise<SendResult> {
    while (this.#copying !== null) await this.#copying;
    const token = this.#wire.announceCopy();
    const answer = this.#query(text);
    const refusal = new AbortController();
    answer.catch(() => refusal.abort()); // it is awaited below, after the data
    const pieces = typeof data === "string" ? [data] : data;
    const copying = sendCopyData(this.#wire, pieces, refusal.signal).finally(() => {
      if (this.#copying === copying) this.#copying = null;
    });
    this.#copying = copying;
    try {
      await copying;
      return await answer;
    } finally {
      this.#wire.withdrawCopy(token);
    }
  }

  async cancel(): Promise<void> {
    if (this.pid === null) return;
    const socket = await this.#openSocket();
    const request = Buffer.alloc(16);
    request.writeInt32BE(16, 0);
    request.writeInt32BE(CANCEL_REQUEST, 4);
    request.writeInt32BE(this.pid | 0, 8);
    request.writeInt32BE(this.#secret | 0, 12);
    // The server closes the connection once the signal is sent.
    await new Promise<void>((resolve) => {
      socket.on("error", () => resolve());
      socket.on("close", () => resolve());
      socket.on("data", () => {});
      socket.write(request);
    });
  }

  async close(): Promise<void> {
    const timeout = this.#wire.readyState === "open" ? CLOSE_TIMEOUT_S : 0;
    await this.#sql.end({ timeout }).catch(() => {});
    this.#wire.destroy();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #query(text: string, withoutRows = false): Promise<SendResult> {
    if (this.#wire.readyState !== "open") return Promise.reject(this.#ended());
    const number = this.#notices.nextMessage();
    if (withoutRows) this.#wire.dropRowsOf(this.#notices.base + number);
    return this.#sql.unsafe(text).then(
      (result) => ({ ...resultOf(result), notices: this.#notices.of(number) }),
      (error: unknown) => {
        const failure = queryErrorOf(error, lastWords(this.#wire), this.#notices.of(number));
        // The server's last words come before the end of the line.
        const { report } = failure;
        if (report === null || report.severity === "FATAL" || report.severity === "PANIC") this.#told = true;
        throw failure;
      },
    );
  }

  /** What ended an idle session came before anybody asked; it is told once. */
  #ended(): QueryError {
    const report = this.#told ? null : fatalReportIn(lastWords(this.#wire));
    this.#told = true;
    return new QueryError(report, null);
  }
}

const CANCEL_REQUEST = 80877102;

/** One round trip for what every run needs to know; each of it exists since PostgreSQL 9. */
const SERVER_FACTS = `
  select current_setting('server_version') as version,
         current_setting('server_version_num') as version_number,
         pg_catalog.current_database() as database,
         current_user as "user",
         pg_catalog.pg_is_in_recovery() as in_recovery,
         current_setting('default_transaction_read_only') as read_only,
         current_setting('lock_timeout') as lock_timeout,
         pg_catalog.pg_backend_pid() as pid,
         extract(epoch from pg_catalog.pg_postmaster_start_time()) as started_at,
         pg_catalog.current_schema() as schema`;

function serverFactsOf(row: TextRow, announcedPid: number | null): ServerFacts {
  return {
    version: row.version!.split(" ")[0]!,
    versionNumber: Number(row.version_number),
    database: row.database!,
    user: row.user!,
    setRole: null,
    inRecovery: row.in_recovery === "t",
    readOnly: row.read_only === "on",
    // A pooler has process ids of its own, by which it finds the session when it is asked to cancel.
    pooled: announcedPid !== null && announcedPid !== Number(row.pid),
    lockTimeoutSet: row.lock_timeout !== "0",
    startedAt: row.started_at ?? null,
    schema: row.schema ?? null,
  };
}

type DriverResult = { readonly count: number | null; readonly [index: number]: unknown } & Iterable<unknown>;

function resultOf(result: unknown): Omit<SendResult, "notices"> {
  const list = result as unknown[] & { count?: number | null };
  const last = (Array.isArray(list[0]) ? list.at(-1) : list) as DriverResult;
  return { rows: [...last] as TextRow[], count: last.count };
}

function noticeOf(fields: Record<string, string>): Notice {
  const report = reportOf(fields);
  return {
    severity: report.severity,
    sqlstate: report.sqlstate,
    message: report.message,
    detail: report.detail,
    hint: report.hint,
  };
}

function lastWords(wire: Wire | null): Buffer {
  return wire?.lastWords ?? Buffer.alloc(0);
}
