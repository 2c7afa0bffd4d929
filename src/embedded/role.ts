/** Lets a session of the embedded database become a role. */

import { QueryError, type Session } from "../engine/database.ts";
import { MigError } from "../error.ts";
import { quoteIdentifier } from "../sql/quote.ts";

/** @throws {MigError} `permission-denied` where there is no such role */
export async function becomeRole(session: Session, role: string): Promise<void> {
  try {
    await session.send(`set role ${quoteIdentifier(role)}`);
  } catch (error) {
    if (!(error instanceof QueryError) || error.report === null) throw error;
    throw new MigError(
      "permission-denied",
      `cannot become the role "${role}" in the embedded database: ${error.report.message}`,
      {
        server: error.report,
        cause: error,
        hint: [
          `make it in a revision: mig up without the role, with a revision that says: create role ${
            quoteIdentifier(role)
          }`,
          'or name the role where it is: in the "environments" of mig.json',
        ],
      },
    );
  }
}
