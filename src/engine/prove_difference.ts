/** Shows that a difference does what it says: in a database to throw away, and by what pg_dump writes of it. */

import type { Database } from "./database.ts";
import type { Difference, DifferenceStatement } from "./difference.ts";
import { type LostRows, lostRows, readRows } from "./rows_kept.ts";
import { compareDumps, type DumpDifference, readSchemaDump, type SchemaDump } from "./schema_dump.ts";
import { type FailedStatement, tryStatements } from "./try_statements.ts";

/** What a proof showed. */
export interface Proof {
  /**
   * Whether the statements lead from one schema to the other, and lose nothing but what they say. What the difference could not
   * express is listed there, and is then in `differs` too.
   */
  readonly proven: boolean;
  /** The statements in an order in which they can run, which may be another than the planned one. */
  readonly statements: readonly DifferenceStatement[];
  readonly failed: readonly FailedStatement[];
  /** Where the schema is another one than it should be. */
  readonly differs: readonly DumpDifference[];
  /** Rows that are gone, and of which nobody has said that they may be. */
  readonly lost: readonly LostRows[];
}

/** Reads a schema as a proof compares it. No session may be open on an embedded database. */
export async function dumpForProof(database: Database, exclude: string): Promise<SchemaDump> {
  const { text } = await database.dumpSchema!({
    serverMajor: 0,
    exclude: [exclude],
    owners: true,
    privileges: true,
  });
  return readSchemaDump(text);
}

/**
 * Runs a difference where it can do no harm.
 *
 * @param database a database to throw away that has the first schema; it ends up with the second. No session is open on it
 * @param wanted the second schema, by `dumpForProof()`
 * @param exclude a table that is not compared, qualified and quoted: mig's own
 */
export async function proveDifference(
  database: Database,
  difference: Difference,
  wanted: SchemaDump,
  exclude: string,
): Promise<Proof> {
  const { done, failed, lost } = await run(database, difference);
  const differs = compareDumps(await dumpForProof(database, exclude), wanted);
  const proven = failed.length === 0 && differs.length === 0 && lost.length === 0;
  return { proven, statements: done, failed, differs, lost };
}

async function run(database: Database, { statements }: Difference) {
  await using session = await database.connect();
  const before = await readRows(session);
  const { done, failed } = await tryStatements(session, statements);
  return { done, failed, lost: lostRows(before, await readRows(session), done) };
}
