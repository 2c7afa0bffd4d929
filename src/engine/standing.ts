/** Asks the database itself what is applied, when a run has stopped before its end. */

import { MigError } from "../error.ts";
import { QueryError, type Session } from "./database.ts";
import { endsSession } from "./failure.ts";
import { lockAndRead } from "./lock.ts";
import type { MigrateOptions } from "./migrator.ts";
import type { Standing } from "./outcome.ts";
import { FLUSH_SQL, resetSettingsSql } from "./step_sql.ts";
import { readApplied } from "./applied_rows.ts";
import { findVersionTable, type VersionTable } from "./version_table.ts";
import type { AppliedRevision } from "../revision/applied.ts";

/** Rolls back what is open, and reads what is applied. */
export async function rollbackAndRead(
  session: Session,
  table: VersionTable,
): Promise<{ readonly table: VersionTable; readonly applied: readonly AppliedRevision[] }> {
  // A file that runs outside of transactions may have set something that its next statements need, and sets it again.
  await Promise.all(
    ["rollback", ...resetSettingsSql(session.server.setRole)].map((sql) => session.send(sql)),
  );
  // The table may have been made by this run, or not.
  const now = table.exists ? table : await findVersionTable(session, `${table.schema}.${table.name}`);
  return { table: now, applied: await readApplied(session, now) };
}

/** What is applied after a failure, over a new connection where the old one is gone. */
export async function standingAfter(
  session: Session,
  options: MigrateOptions,
  table: VersionTable,
  error: QueryError,
): Promise<Standing> {
  try {
    if (!endsSession(error)) return { known: true, applied: await rollbackAndFlush(session, table) };
  } catch (again) {
    if (!(again instanceof QueryError)) throw again;
    // The table was never made, or the connection has gone after all.
    if (again.report?.sqlstate === UNDEFINED_TABLE) return { known: true, applied: [] };
  }
  try {
    await using second = await options.database.connect();
    // What the server still runs for the lost connection holds the lock; it is over once the lock can be had.
    const { lock, applied } = await lockAndRead(second, {
      ...options,
      lockWaitMs: ORPHAN_WAIT_MS,
      onEvent: () => {},
    });
    await Promise.all([second.send(FLUSH_SQL), lock.release()]);
    return { known: true, applied };
  } catch (unreachable) {
    if (!(unreachable instanceof MigError || unreachable instanceof QueryError)) throw unreachable;
    return { known: false };
  }
}

/** The same where the session works: what mig says is applied must be on disk, and the step that would have flushed was not reached. */
export async function rollbackAndFlush(session: Session, table: VersionTable): Promise<AppliedRevision[]> {
  const [, , applied] = await Promise.all([
    session.send("rollback"),
    session.send(FLUSH_SQL),
    readApplied(session, { ...table, exists: true }),
  ]);
  return applied;
}

const ORPHAN_WAIT_MS = 5000;
const UNDEFINED_TABLE = "42P01";
