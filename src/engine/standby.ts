/** A standby only reads: whoever wants to write is told where the primary is. */

import { MigError } from "../error.ts";
import { type Database, QueryError, type Session } from "./database.ts";

/**
 * Refuses a session on a standby.
 *
 * @throws {MigError} `read-only-server`, which names the primary where the server tells this role
 */
export async function refuseStandby(session: Session, database: Database): Promise<void> {
  if (!session.server.inRecovery) return;
  const primary = await primaryOf(session);
  throw new MigError("read-only-server", `${database.description} is a standby, which only reads`, {
    hint: [
      primary === null
        ? "connect to the primary; on the standby, `select sender_host, sender_port from pg_stat_wal_receiver` tells a superuser \
where it is"
        : `connect to the primary, from which it receives its data: ${primary}`,
      "with both hosts in the URL, target_session_attrs=read-write finds the one that writes: \
postgres://one,other/shop?target_session_attrs=read-write",
    ],
    data: { primary },
  });
}

/** `host:port`, as the standby itself reaches it; null where this role may not know. */
async function primaryOf(session: Session): Promise<string | null> {
  try {
    // The setting, which holds a password, has a row only for those who may read it; the host is taken from it on the server.
    const { rows: [row] } = await session.send(`
      select coalesce(
        (select concat_ws(':', sender_host, sender_port) from pg_catalog.pg_stat_wal_receiver
          where sender_host is not null limit 1),
        (select concat_ws(':', substring(setting from '(?:^|\\s)host\\s*=\\s*''?([^''\\s]+)'),
                               substring(setting from '(?:^|\\s)port\\s*=\\s*''?(\\d+)'))
           from pg_catalog.pg_settings
          where name = 'primary_conninfo' and setting ~ '(^|\\s)host\\s*=')) as "primary"`);
    return row?.primary || null;
  } catch (error) {
    if (error instanceof QueryError && error.report !== null) return null;
    throw error;
  }
}
