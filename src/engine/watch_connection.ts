/** Has the server look whether mig is still there. */

import { QueryError, type Session } from "./database.ts";

/**
 * Has the server notice within a second when mig is gone, rather than finish and commit what mig was in the middle of.
 *
 * @returns milliseconds; undefined where the server cannot: before PostgreSQL 14, or on a platform that does not tell
 */
export async function watchConnection(session: Session): Promise<number | undefined> {
  // Behind a pooler it would stay set for whoever gets that server session next.
  if (session.server.pooled) return undefined;
  try {
    await session.send(`set client_connection_check_interval = ${CONNECTION_CHECK_MS}`);
    return CONNECTION_CHECK_MS;
  } catch (error) {
    if (error instanceof QueryError && error.report !== null) return undefined;
    throw error;
  }
}

const CONNECTION_CHECK_MS = 1000;
