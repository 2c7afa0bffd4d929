/** What a role lacks to work with the version table, and the GRANT that gives it. */

import { MigError, type ServerReport } from "../error.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { QueryError } from "./database.ts";
import type { VersionTable } from "./version_table.ts";

/** What mig does with its table. LOCK needs one of the last three. */
const PRIVILEGES = "select, insert, update, delete";

/** The SQLSTATE of what a role may not do. */
export const INSUFFICIENT_PRIVILEGE = "42501";

/** The error for a version table that is there, and that the role may not read or write. */
export function cannotUse(
  { schema, qualified, role }: Pick<VersionTable, "schema" | "qualified" | "role">,
  server: ServerReport,
  cause: unknown,
): MigError {
  return new MigError("permission-denied", `cannot use the version table ${qualified}: ${server.message}`, {
    server,
    cause,
    hint: [
      `have its owner run: grant usage on schema ${quoteIdentifier(schema)} to ${
        quoteIdentifier(role)
      }; grant ${PRIVILEGES} on ${qualified} to ${quoteIdentifier(role)}`,
      `or become the owner: --role, or "role" in mig.json`,
    ],
  });
}

/**
 * Does something with the version table.
 *
 * @throws {MigError} `permission-denied` where the role may not
 */
export async function usingTable<T>(
  table: Pick<VersionTable, "schema" | "qualified" | "role">,
  use: () => Promise<T>,
): Promise<T> {
  try {
    return await use();
  } catch (error) {
    if (!(error instanceof QueryError) || error.report?.sqlstate !== INSUFFICIENT_PRIVILEGE) throw error;
    throw cannotUse(table, error.report, error);
  }
}
