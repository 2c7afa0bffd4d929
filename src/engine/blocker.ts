/** Who keeps a session waiting for a lock (manual, "pg_blocking_pids"), in facts and in words. */

import type { LockHolder } from "./event.ts";
import type { Session, TextRow } from "./database.ts";
import { labelOf } from "../sql/words.ts";

/** A session, or a prepared transaction, that another one waits for. */
export interface Blocker extends LockHolder {
  /** `client backend`, `autovacuum worker` …; null where the server does not tell. A prepared transaction has the pid 0. */
  readonly backend: string | null;
  /** Whether it holds what is waited for; otherwise it waits in front. */
  readonly holds: boolean;
  /** `active`, `idle in transaction` …; null where the role may not see it, as the times and the query are then. */
  readonly state: string | null;
  /** When its transaction began, by the server's clock: ISO 8601, UTC. */
  readonly transactionSince: string | null;
  /** How long its transaction has been open, in milliseconds. */
  readonly transactionMs: number | null;
  /** How long ago its last or present query began, in milliseconds. */
  readonly queryMs: number | null;
  /** How that query begins, without values: `UPDATE people`. */
  readonly query: string | null;
}

/** Those for whom a backend waits, who waits longest first; none where it does not wait for a lock. @param backend SQL for its pid */
export async function findBlockers(session: Session, backend: string): Promise<Blocker[]> {
  const { rows } = await session.send(`
    with me as (select ${backend} as pid)
    select b.pid, a.usename as "user", a.application_name as application, host(a.client_addr) as address,
           to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since,
           a.backend_type as backend, a.state, left(a.query, ${QUERY_LENGTH}) as query,
           to_char(a.xact_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as transaction_since,
           round(extract(epoch from clock_timestamp() - a.xact_start) * 1000) as transaction_ms,
           round(extract(epoch from clock_timestamp() - a.query_start) * 1000) as query_ms,
           exists (select from pg_catalog.pg_locks w join pg_catalog.pg_locks h
                       on h.granted and (h.locktype, h.database, h.relation, h.page, h.tuple, h.virtualxid,
                                         h.transactionid, h.classid, h.objid, h.objsubid)
                          is not distinct from (w.locktype, w.database, w.relation, w.page, w.tuple, w.virtualxid,
                                                w.transactionid, w.classid, w.objid, w.objsubid)
                    where w.pid = me.pid and not w.granted and coalesce(h.pid, 0) = b.pid) as holds
      from me, lateral (select distinct pid from unnest(pg_catalog.pg_blocking_pids(me.pid)) as pid) as b
      left join pg_catalog.pg_stat_activity a on a.pid = b.pid
     order by a.xact_start nulls last, b.pid`);
  return rows.map(blockerOf);
}

/** Whether it is a client's session that holds what is waited for, rather than one that waits in front or the server's own. */
export function canBeEnded({ holds, backend, user }: Blocker): boolean {
  // A role without pg_read_all_stats is not told what kind of backend it is, but whose.
  return holds && user !== null && (backend ?? CLIENT) === CLIENT;
}

/**
 * Ends the session of a blocker, if it still holds what the backend waits for.
 *
 * @returns whether it was ended
 * @throws {QueryError} where the role may not
 */
export async function endBlocker(session: Session, backend: string, { pid }: Blocker): Promise<boolean> {
  const { rows: [row] } = await session.send(`
    select pg_catalog.pg_terminate_backend(pid) as ended from pg_catalog.pg_stat_activity
     where pid = ${pid} and pid = any(pg_catalog.pg_blocking_pids(${backend}))`);
  return row?.ended === "t";
}

/**
 * A blocker in words: `pid 4711 (user "app", application "web", transaction open for 12 min, idle; its last query began 3 min ago:
 * UPDATE people)`.
 */
export function describeBlocker(blocker: Blocker): string {
  const { pid, user, application, clientAddress, backend, holds, state, transactionMs } = blocker;
  if (pid === 0) return "a prepared transaction (see pg_prepared_xacts)";
  const facts = [
    backend === null || backend === CLIENT ? null : backend,
    user === null ? null : `user "${user}"`,
    application ? `application "${application}"` : null,
    clientAddress === null ? null : `from ${clientAddress}`,
    transactionMs === null ? null : `transaction open for ${ageText(transactionMs)}`,
    state?.startsWith("idle") ? "idle" : null,
    holds ? null : "itself waiting in front of this run",
  ].filter((fact) => fact !== null);
  const query = queryText(blocker);
  const words = [facts.join(", "), query].filter((part) => part !== "").join("; ");
  return words === "" ? `pid ${pid}` : `pid ${pid} (${words})`;
}

/** A length of time for people, in its two largest units. */
export function ageText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const parts = [[86_400, "d"], [3600, "h"], [60, "min"], [1, "s"]] as const;
  const first = parts.findIndex(([size]) => seconds >= size);
  if (first < 0) return "0 s";
  const [size, unit] = parts[first]!;
  const rest = parts[first + 1];
  const whole = `${Math.floor(seconds / size)} ${unit}`;
  const more = rest === undefined ? 0 : Math.floor((seconds % size) / rest[0]);
  return more === 0 ? whole : `${whole} ${more} ${rest![1]}`;
}

/** How a query begins. Its values may be secrets, so it ends where they begin. */
export function beginningOf(query: string | null | undefined): string | null {
  if (!query || query === HIDDEN) return null;
  // What comes behind it says more.
  const text = query.replace(/^\s*(begin|start\s+transaction)\s*;(?=\s*\S)/i, "");
  try {
    return labelOf({ text }).replace(/(^|[\s=(-])\d.*$/s, "").replace(/[\s;]+$/, "") || null;
  } catch {
    // The server cuts long queries, maybe inside of a string: the first words are complete.
    return /^\s*([a-z]+(\s+[a-z]+)?)\b/i.exec(text)?.[1]?.replaceAll(/\s+/g, " ") ?? null;
  }
}

function queryText({ state, queryMs, query }: Blocker): string {
  if (query === null || queryMs === null) return "";
  return `its ${state === "active" ? "" : "last "}query began ${ageText(queryMs)} ago: ${query}`;
}

function blockerOf(row: TextRow): Blocker {
  const number = (text: string | null | undefined) =>
    text === null || text === undefined ? null : Number(text);
  return {
    pid: Number(row.pid),
    user: row.user ?? null,
    application: row.application || null,
    clientAddress: row.address ?? null,
    since: row.since ?? null,
    backend: row.backend ?? null,
    holds: row.holds === "t",
    state: row.state ?? null,
    transactionSince: row.transaction_since ?? null,
    transactionMs: number(row.transaction_ms),
    queryMs: number(row.query_ms),
    query: beginningOf(row.query),
  };
}

const CLIENT = "client backend";
/** Enough for the words with which it begins. */
const QUERY_LENGTH = 400;
/** What the server shows to a role that may not see it. */
const HIDDEN = "<insufficient privilege>";
