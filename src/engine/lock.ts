/**
 * The run lock: a session-level advisory lock on the very session that runs the SQL. It is polled, because a session
 * that blocks in pg_advisory_lock holds a snapshot, and CREATE INDEX CONCURRENTLY of the holder would wait for it for ever.
 *
 * Behind a pooler a session's lock may stay with a server session that somebody else uses next. There it is held by a second
 * session in an open transaction, which ends with that session, whatever happens.
 */

import { MigError } from "../error.ts";
import type { AppliedRevision } from "../revision/applied.ts";
import { type MarkedRows, readApplied, readMark } from "./applied_rows.ts";
import { takeAsked } from "./ask_ahead.ts";
import { type Database, QueryError, type Session } from "./database.ts";
import type { LockHolder, OnEvent } from "./event.ts";
import { pause } from "./pause.ts";
import { findMissing, findVersionTable, type VersionTable } from "./version_table.ts";

/** What the lock is taken for. */
export interface LockOptions {
  readonly database: Pick<Database, "connect">;
  /** The version table's name as configured. */
  readonly table: string;
  /** How long to wait for another run, in milliseconds. */
  readonly lockWaitMs: number;
  /** This run's own session that held the lock when its connection was lost, and for how long to wait for its end. */
  readonly lost?: { readonly pid: number; readonly waitMs: number };
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
}

/** The run lock, held. */
export interface RunLock {
  /** The server process that holds it. */
  readonly pid: number;
  /** How it was lost, as far as that can happen behind our back; null while it is held. */
  lost(): Promise<QueryError | null>;
  /** Gives it back; false when it was not held any more. */
  release(): Promise<boolean>;
}

/** What is known once the run lock is held. */
export interface Locked {
  readonly lock: RunLock;
  readonly table: VersionTable;
  /** The rows of the version table, oldest first. */
  readonly applied: readonly AppliedRevision[];
}

/**
 * Takes the run lock, waiting for another run to finish, and reads what is applied under it.
 *
 * @throws {MigError} `lock-timeout` when it is still held after that time, `interrupted` on `signal`
 */
export async function lockAndRead(session: Session, options: LockOptions): Promise<Locked> {
  if (!session.server.pooled) return await poll(session, session, sessionLock, options);
  const second = await options.database.connect();
  try {
    await second.send(BEGIN_KEEPING);
    return await poll(session, second, transactionLock, options);
  } catch (error) {
    await second.close();
    throw error;
  }
}

/** How the lock is taken on a session, and given back there. */
interface LockKind {
  readonly take: string;
  readonly release: (session: Session, table: VersionTable) => Promise<boolean>;
  readonly lost: (session: Session) => Promise<QueryError | null>;
}

/**
 * A transaction that may stay idle for as long as a run takes, and holds no snapshot that CREATE INDEX CONCURRENTLY would wait
 * for. Which of the limits there are depends on the server's version.
 */
const BEGIN_KEEPING = `begin isolation level read committed;
  select pg_catalog.set_config(name, '0', true) from pg_catalog.pg_settings
   where name in ('idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout')`;

const sessionLock: LockKind = {
  take: "pg_try_advisory_lock",
  release: releaseSessionLock,
  // It goes with the session that runs the SQL, and not before.
  lost: () => Promise.resolve(null),
};
const transactionLock: LockKind = {
  take: "pg_try_advisory_xact_lock",
  async release(session) {
    // Closing alone would leave it to the pooler when the lock is gone.
    const lost = await failureOf(session, "rollback");
    await session.close();
    return lost === null;
  },
  lost: (session) => failureOf(session, "select 1"),
};

async function failureOf(session: Session, text: string): Promise<QueryError | null> {
  try {
    await session.send(text);
    return null;
  } catch (error) {
    if (error instanceof QueryError) return error;
    throw error;
  }
}

/** @param keeper the session that takes the lock */
async function poll(
  session: Session,
  keeper: Session,
  kind: LockKind,
  { table: name, lockWaitMs, lost, onEvent, signal }: LockOptions,
): Promise<Locked> {
  const started = performance.now();
  for (let attempt = 0;; attempt++) {
    // Another run may just have made the table, so it is looked up again each time.
    const ahead = takeAsked(session, name);
    const early = await ahead?.table ?? null;
    const table = early ?? await findVersionTable(session, name);
    const taken = take(keeper, kind, table);
    if (keeper !== session) await taken;
    // All at once: what is read after the lock is taken is of use only if it was. A table that was missing when we looked
    // may have been made by whoever held the lock then, so that is looked up again.
    const [{ locked, pid }, applied, now] = await Promise.all([
      taken,
      early?.exists ? stillThose(session, table, ahead!.rows) : readApplied(session, table),
      table.exists ? table : findMissing(session, name, table),
    ]);
    if (locked) {
      return {
        lock: { pid, release: () => kind.release(keeper, now), lost: () => kind.lost(keeper) },
        table: now,
        applied: now.exists === table.exists ? applied : await readApplied(session, now),
      };
    }
    const waitedMs = performance.now() - started;
    const holder = await findHolder(session, table);
    const own = holder !== null && holder.pid === lost?.pid;
    // How long to wait for others is the user's to say; that it cannot go on without its own end, nobody else's.
    const most = own ? Math.max(lockWaitMs, lost!.waitMs) : lockWaitMs;
    if (waitedMs >= most) throw stillHeld(holder, own, table, waitedMs);
    onEvent({ type: "lock-waiting", holder, own, waitedMs });
    await pause(Math.min(50 * 2 ** attempt, 500, most - waitedMs) * (0.75 + Math.random() / 2), signal);
    if (signal.aborted) {
      throw new MigError("interrupted", "stopped while waiting for another run", {
        hint: "nothing was changed",
      });
    }
  }
}

/** The rows that are read ahead, where they are still those, which costs the server less than to read them again. */
async function stillThose(
  session: Session,
  table: VersionTable,
  ahead: Promise<MarkedRows | null>,
): Promise<AppliedRevision[]> {
  const [rows, mark] = await Promise.all([ahead, readMark(session, table)]);
  return rows !== null && rows.mark === mark ? rows.applied : await readApplied(session, table);
}

async function take(
  session: Session,
  kind: LockKind,
  table: VersionTable,
): Promise<{ readonly locked: boolean; readonly pid: number }> {
  const { rows: [row] } = await session.send(
    `select pg_catalog.${kind.take}(${table.lockKey}) as locked, pg_catalog.pg_backend_pid() as pid`,
  );
  return { locked: row?.locked === "t", pid: Number(row?.pid) };
}

async function releaseSessionLock(session: Session, table: VersionTable): Promise<boolean> {
  // Asked for a lock that the session does not hold, the server sends a warning.
  const { rows: [row] } = await session.send(`
    select pg_catalog.pg_advisory_unlock(${table.lockKey}) as released
     where exists (select from pg_catalog.pg_locks
                    where pid = pg_catalog.pg_backend_pid() and granted and ${isRunLock(table)})`);
  return row?.released === "t";
}

/** Who holds the run lock now; null when nobody does, or the server does not tell. */
export async function findHolder(session: Session, table: VersionTable): Promise<LockHolder | null> {
  // Who that is takes a new session long to find out, and mostly there is nobody.
  const { rows: [held] } = await session.send(`
    select pid from pg_catalog.pg_locks
     where granted and ${isRunLock(table)}
       and database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())`);
  if (held === undefined) return null;
  const { rows: [row] } = await session.send(`
    select pid, usename as "user", application_name as application, host(client_addr) as address,
           to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since
      from pg_catalog.pg_stat_activity where pid = ${held.pid}`);
  if (row === undefined) return null;
  return {
    pid: Number(row.pid),
    user: row.user ?? null,
    application: row.application ?? null,
    clientAddress: row.address ?? null,
    since: row.since ?? null,
  };
}

/** A condition on pg_locks. A key of 64 bits stands there in two halves (manual, "pg_locks"). */
function isRunLock({ lockKey }: VersionTable): string {
  const key = BigInt.asUintN(64, lockKey);
  return `locktype = 'advisory' and objsubid = 1 and classid = ${key >> 32n} and objid = ${
    key & 0xffffffffn
  }`;
}

/** A holder in words: `pid 4711 (application "mig", user "app", since 2026-11-22T22:25:00Z)`. */
export function describeHolder(holder: LockHolder): string {
  const facts = [
    holder.application ? `application "${holder.application}"` : null,
    holder.user === null ? null : `user "${holder.user}"`,
    holder.clientAddress === null ? null : `from ${holder.clientAddress}`,
    holder.since === null ? null : `since ${holder.since}`,
  ].filter((fact) => fact !== null);
  return facts.length === 0 ? `pid ${holder.pid}` : `pid ${holder.pid} (${facts.join(", ")})`;
}

function stillHeld(
  holder: LockHolder | null,
  own: boolean,
  table: VersionTable,
  waitedMs: number,
): MigError {
  const seconds = Math.round(waitedMs / 1000);
  if (own) {
    return new MigError(
      "lock-timeout",
      `this run's own session, whose connection was lost, still holds the lock on ${table.qualified} after ${seconds} s`,
      {
        hint:
          `the server has not noticed yet, or finishes its statement first: end it with select pg_terminate_backend(${
            holder!.pid
          })`,
        data: { holder },
      },
    );
  }
  const who = holder === null ? "another session" : describeHolder(holder);
  return new MigError(
    "lock-timeout",
    `another run of mig holds the lock on ${table.qualified} after ${seconds} s`,
    {
      hint: [
        `it is ${who}; wait for it, or give more time: --lock-wait 10min`,
        "`mig unlock` shows what that run does, and how to end it should it be dead",
      ],
      data: { holder },
    },
  );
}
