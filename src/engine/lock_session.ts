/** The session that holds the run lock, as somebody needs to know it who wonders whether that run still lives. */

import { beginningOf, type Blocker, findBlockers } from "./blocker.ts";
import type { Session } from "./database.ts";
import type { LockHolder } from "./event.ts";
import { findHolder } from "./lock.ts";
import { findVersionTable, type VersionTable } from "./version_table.ts";

/**
 * What a session that holds the lock is doing. `working`: a statement runs, or ran just now; `blocked`: its statement waits for others;
 * `silent`: its client has said nothing for a while, as while a hook runs, or when its machine is gone; `keeping`: it holds the
 * lock for a run behind a pooler, whose SQL runs in other sessions; `hidden`: this role is not told.
 */
export type LockActivity = "working" | "blocked" | "silent" | "keeping" | "hidden";

/** The session that holds the run lock. */
export interface LockSession extends LockHolder {
  readonly activity: LockActivity;
  /** `active`, `idle in transaction` …, and for how long in milliseconds; null where this role is not told. */
  readonly state: string | null;
  readonly stateMs: number | null;
  /** How its last or present statement begins, without values. */
  readonly query: string | null;
  /** Whom it waits for. */
  readonly blockers: readonly Blocker[];
}

/** Who holds the run lock of a version table, and what that session does; null where nobody does. */
export async function findLockSession(
  session: Session,
  tableName: string,
): Promise<{ readonly table: VersionTable; readonly holder: LockSession | null }> {
  const table = await findVersionTable(session, tableName);
  const holder = await findHolder(session, table);
  if (holder === null) return { table, holder: null };
  const [{ rows: [row] }, blockers] = await Promise.all([
    session.send(`
      select state, left(query, 1000) as query,
             round(extract(epoch from clock_timestamp() - state_change) * 1000) as state_ms
        from pg_catalog.pg_stat_activity where pid = ${holder.pid}`),
    findBlockers(session, String(holder.pid)),
  ]);
  const state = row?.state ?? null;
  const stateMs = row?.state_ms == null ? null : Number(row.state_ms);
  const keeps = KEEPS.test(row?.query ?? "");
  return {
    table,
    holder: {
      ...holder,
      activity: activityOf(state, stateMs ?? 0, blockers, keeps),
      state,
      stateMs,
      query: keeps ? null : beginningOf(row?.query),
      blockers,
    },
  };
}

function activityOf(
  state: string | null,
  stateMs: number,
  blockers: readonly Blocker[],
  keeps: boolean,
): LockActivity {
  if (blockers.length > 0) return "blocked";
  if (state === null) return "hidden";
  if (state === "active") return "working";
  if (keeps) return "keeping";
  return stateMs < SILENT_AFTER_MS ? "working" : "silent";
}

/** The last statement of a session that does nothing but hold the lock; see lock.ts. */
const KEEPS = /^\s*select (pg_catalog\.pg_try_advisory_xact_lock\(|1$)/;
/** mig sends its statements one behind the other, so a client that pauses for longer is busy with something else, or gone. */
const SILENT_AFTER_MS = 10_000;
