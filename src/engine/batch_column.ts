/** Makes room for the notes of rounds in a version table that an earlier mig has made, before a run that needs it begins. */

import { QueryError, type Session } from "./database.ts";
import { cannotChange } from "./failure.ts";
import { addBatchColumnSql } from "./journal_sql.ts";
import type { Locked } from "./lock.ts";
import type { CheckedStep } from "./checked_step.ts";
import type { Timeouts } from "./timeouts.ts";

/**
 * Gives what was found under the lock, with a table that can hold the journal of these steps.
 *
 * @throws {MigError} where the table cannot be changed; nothing has run then
 */
export async function makeRoomForBatches(
  session: Session,
  locked: Locked,
  steps: readonly CheckedStep[],
  { lockTimeout }: Timeouts,
): Promise<Locked> {
  const { table } = locked;
  if (table.hasBatchRows || steps.every(({ batches }) => batches.length === 0)) return locked;
  const limit = lockTimeout === undefined ? [] : [`set local lock_timeout = ${lockTimeout}`];
  try {
    await session.send(["begin", ...limit, addBatchColumnSql(table), "commit"].join(";\n"));
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    await session.send("rollback").catch(() => {});
    throw cannotChange(table, error);
  }
  return { ...locked, table: { ...table, hasBatchRows: true } };
}
