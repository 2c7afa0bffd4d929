/** Records the present text of a revision that was edited after it was applied. */

import { storedChecksum } from "../revision/not_kept.ts";
import type { RevisionId } from "../revision/revision.ts";
import { quoteLiteral, quoteNullable } from "../sql/quote.ts";
import { stateChanged } from "./failure.ts";
import type { LockOptions } from "./lock.ts";
import type { Database } from "./database.ts";
import type { StoredSql } from "./applied_rows.ts";
import { withLock } from "./with_lock.ts";

/**
 * Replaces the texts that are stored with one revision.
 *
 * @param before the texts that are there; with others somebody has been faster
 * @throws {MigError} `state-changed`
 */
export async function acceptTexts(
  options: LockOptions & { readonly database: Database },
  id: RevisionId,
  before: StoredSql,
  now: StoredSql,
): Promise<void> {
  await withLock(options, async (session, table) => {
    const { count } = await session.send(`
      update ${table.qualified}
         set up_sql = ${quoteLiteral(now.up)}, down_sql = ${quoteNullable(now.down)},
             checksum = ${quoteLiteral(storedChecksum(now.up))}
       where id = ${quoteLiteral(id)} and unfinished is null and up_sql = ${quoteLiteral(before.up)}
         and down_sql is not distinct from ${quoteNullable(before.down)}`);
    if (count !== 1) throw stateChanged(null);
  });
}
