/** What an empty shadow needs before the chain begins: the setup file, with roles that a server has anyway, say, and the version table. */

import { MigError } from "../../error.ts";
import { fillIn, type Variables } from "../../sql/fill_in.ts";
import { hideValues } from "../hide_values.ts";
import { parseScript } from "../../sql/script.ts";
import { locateInStatement } from "../../sql/source.ts";
import { QueryError, type Session } from "../database.ts";
import { createVersionTableSql, findVersionTable } from "../version_table.ts";

/** A setup file. */
export interface Setup {
  readonly path: string;
  readonly text: string;
}

/**
 * Makes of an empty database what the chain begins with.
 * @param table the version table's name, as configured
 * @throws {MigError} `sql-failed`, with the place in the setup file
 */
export async function prepareEmpty(
  session: Session,
  { setup, variables, table }: { setup: Setup | null; variables?: Variables; table: string },
): Promise<void> {
  if (setup !== null) await runSetup(session, setup, variables ?? {});
  // From the beginning, so that it makes no difference later.
  await session.send(createVersionTableSql(await findVersionTable(session, table)));
}

async function runSetup(
  session: Session,
  { path, text }: Setup,
  variables: Variables,
): Promise<void> {
  const script = fillIn(parseScript(text, path), path, variables);
  for (const statement of script.statements) {
    try {
      if (statement.copyData === undefined) await session.run(statement.text);
      else await session.copyIn(statement.text, statement.copyData);
    } catch (error) {
      if (!(error instanceof QueryError) || error.report === null) throw error;
      const report = hideValues(error.report, script);
      throw new MigError("sql-failed", `cannot set up the shadow: ${report.message}`, {
        locations: [locateInStatement(script, statement, error.position, path)],
        server: report,
        cause: error,
        hint: "the file of the setting shadow_setup is run in the empty shadow, before the first revision",
      });
    }
  }
}
