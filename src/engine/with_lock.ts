/** Work on the version table under the run lock, for commands that run no revision. */

import type { AppliedRevision } from "../revision/applied.ts";
import type { Database, Session } from "./database.ts";
import { lockAndRead, type LockOptions } from "./lock.ts";
import { refuseStandby } from "./standby.ts";
import type { VersionTable } from "./version_table.ts";
import { withSession } from "./with_session.ts";

/**
 * Does something while no other run of mig can.
 *
 * @throws {MigError} `read-only-server`, `lock-timeout`, or what `act` throws
 */
export async function withLock<T>(
  options: LockOptions & { readonly database: Database },
  act: (session: Session, table: VersionTable, applied: readonly AppliedRevision[]) => Promise<T>,
): Promise<T> {
  return await withSession(options.database, {}, async (session) => {
    await refuseStandby(session, options.database);
    const { lock, table, applied } = await lockAndRead(session, options);
    try {
      return await act(session, table, applied);
    } finally {
      // Where the session is gone, so is its lock.
      await lock.release().catch(() => {});
    }
  });
}
