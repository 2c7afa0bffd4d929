/** The bracket around everything that talks to a database: a session is opened, used, and closed whatever happens. */

import { MigError } from "../error.ts";
import { adviceFor } from "./advice.ts";
import { type ConnectOptions, type Database, QueryError, type Session } from "./database.ts";
import { connectionLost, endsSession } from "./failure.ts";

/**
 * Uses a session for as long as `use` takes.
 *
 * @throws {MigError} what `connect` and `use` throw; an error of the server that nobody has told in the terms of a file
 * is told in those of the database
 */
export async function withSession<T>(
  database: Database,
  options: ConnectOptions,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  await using session = await database.connect(options);
  try {
    return await use(session);
  } catch (error) {
    throw error instanceof QueryError ? databaseFailure(error, database) : error;
  }
}

function databaseFailure(error: QueryError, { description }: Database): MigError {
  const { report } = error;
  if (report === null || endsSession(error)) return connectionLost(error, `cannot work on ${description}`);
  const denied = report.sqlstate === "42501";
  return new MigError(
    denied ? "permission-denied" : "sql-failed",
    `cannot work on ${description}: ${report.message}`,
    {
      server: report,
      cause: error,
      hint: denied
        ? "mig needs SELECT, INSERT, UPDATE and DELETE on its version table, and USAGE on that table's schema: have its owner \
grant them"
        : adviceFor(report),
    },
  );
}
