/** Reads the schema of a database as text, without mig's own tables. */

import { MigError } from "../error.ts";
import { schemaText } from "../sql/schema_text.ts";
import type { Database } from "./database.ts";
import { repeatableTableName } from "./repeatable_table.ts";
import { findVersionTable } from "./version_table.ts";
import { withSession } from "./with_session.ts";

/** The schema, and who wrote it: `pg_dump 18.4`. */
export interface SchemaDump {
  readonly text: string;
  readonly program: string;
}

/**
 * Dumps the schema, with its grants and without owners. It only reads.
 *
 * @param tableName the version table's name as configured
 * @throws {MigError} `program-missing` or `program-failed` for pg_dump, and what connecting throws
 */
export async function dumpSchema(database: Database, tableName: string): Promise<SchemaDump> {
  const { table, server } = await withSession(database, {}, async (session) => ({
    table: await findVersionTable(session, tableName),
    server: session.server,
  }));
  if (database.dumpSchema === undefined) {
    throw new MigError("program-missing", `pg_dump cannot reach ${database.description}`);
  }
  const { text, program } = await database.dumpSchema({
    serverMajor: Math.floor(server.versionNumber / 10_000),
    exclude: [table.qualified, repeatableTableName(table)],
    owners: false,
    privileges: true,
  });
  return { text: schemaText(text), program };
}
