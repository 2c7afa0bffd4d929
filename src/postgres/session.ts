/** A session over postgres.js: one connection that pipelines simple-protocol messages and never reconnects. */

import postgres from "postgres";
import { MigError } from "../error.ts";
import {
  type ConnectOptions,
  type Notice,
  QueryError,
  type SendResult,
  type ServerFacts,
  type Session,
} from "../engine/database.ts";
import { sendCopyData } from "./copy_data.ts";
import type { ServerSocket } from "./bun_socket.ts";
import { NoticeQueue } from "./notice_queue.ts";
import { fatalReportIn, queryErrorOf, reportOf } from "./report.ts";
import { type Answered, askFacts, resultOf, serverFactsOf } from "./server_facts.ts";
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
  openSocket: () => Promise<ServerSocket>,
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
    const { row, first } = await askFacts(sql, options.firstQuestion);
    const server = serverFactsOf(row, wire!.backendKey.pid);
    return new PostgresSession(sql, wire!, notices!, openSocket, server, first);
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
  readonly #openSocket: () => Promise<ServerSocket>;
  /** Settles when the data of the last `copyIn` is on its way; nothing may be sent in between. */
  #copying: Promise<void> | null = null;
  /** What was asked ahead, until something is sent. */
  #first: Answered | null;
  /** Whether somebody was told why the session has ended. */
  #told = false;

  constructor(
    sql: postgres.Sql,
    wire: Wire,
    notices: NoticeQueue,
    openSocket: () => Promise<ServerSocket>,
    server: ServerFacts,
    first: Answered | null,
  ) {
    this.#sql = sql;
    this.server = server;
    this.#wire = wire;
    this.#notices = notices;
    notices.begin();
    this.#first = first;
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
    const first = this.#first;
    this.#first = null;
    if (first?.text === text) return Promise.resolve(first.result);
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
