/** Tries a revision with rows that people forget, in a transaction that is rolled back. */

import type { MigError } from "../../error.ts";
import { QueryError, type Session } from "../database.ts";
import { stepFailure } from "../failure.ts";
import { hasSavepoints } from "../file_reading.ts";
import type { WholeStep } from "../prepared_step.ts";
import { leadingTokens } from "../../sql/words.ts";
import { ONCE } from "../tried.ts";
import { assumeVersionTable } from "../version_table.ts";
import { addEdgeRows } from "./edge_rows.ts";
import { lossesAfterDown, lossesAfterUp, type RowLoss, seeRows } from "./row_losses.ts";
import type { SampleTable } from "./sample_tables.ts";

/** What a revision depends on: it works, but not with all rows that the schema allows. */
export type VerifyRemark =
  | { readonly kind: "refused"; readonly direction: "up" | "down"; readonly error: MigError }
  | { readonly kind: "lost"; readonly loss: RowLoss };

/** The revision to be tried. */
export interface EdgeTrial {
  readonly up: WholeStep;
  /** Null where it has none, or one that cannot run in a transaction. */
  readonly down: WholeStep | null;
  /** The tables that its files name. */
  readonly tables: readonly SampleTable[];
}

/**
 * Runs both files on such rows.
 *
 * @param table the version table's name, as configured
 * @returns what is refused or lost, of the plain rows too
 */
export async function tryEdgeRows(
  session: Session,
  { up, down, tables }: EdgeTrial,
  table: string,
): Promise<readonly VerifyRemark[]> {
  await session.run(BEGIN);
  try {
    for (const sampled of tables) {
      await addEdgeRows((sql) => insertInside(session, sql), sampled, up.script.text);
    }
    const seen = await seeRows(session, tables);
    await settle(session);
    const wayUp = await run(session, up, table);
    if (!wayUp.whole) return wayUp.refusals;
    const { losses } = await lossesAfterUp(session, seen);
    const remarks: VerifyRemark[] = losses.map((loss) => ({ kind: "lost", loss }));
    if (down === null) return remarks;
    const wayDown = await run(session, down, table);
    if (!wayDown.whole) return [...remarks, ...wayDown.refusals];
    const after = await lossesAfterDown(session, seen, losses);
    return [...remarks, ...after.map((loss) => ({ kind: "lost", loss } as const))];
  } catch (error) {
    // What cannot be tried in this way is no fault of the revision's.
    if (error instanceof QueryError && error.report !== null) return [];
    throw error;
  } finally {
    await session.run("rollback");
  }
}

/** Runs a file. What a constraint or a type refuses is left out, since there may be more of that kind behind it. */
async function run(session: Session, step: WholeStep, table: string): Promise<{
  /** Whether all of it has run. */
  readonly whole: boolean;
  readonly refusals: readonly VerifyRemark[];
}> {
  const refusals: VerifyRemark[] = [];
  // Releasing one would release those which the file has made since.
  const next = hasSavepoints(step)
    ? `savepoint ${STATEMENT}`
    : `release savepoint ${STATEMENT}; savepoint ${STATEMENT}`;
  await session.run(`savepoint ${STATEMENT}`);
  for (const statement of [...step.script.statements, null]) {
    try {
      if (statement === null) await settle(session);
      else if (statement.copyData !== undefined) await session.copyIn(statement.text, statement.copyData);
      else await session.run(statement.text);
      await session.run(next);
    } catch (error) {
      if (!(error instanceof QueryError) || error.report === null) throw error;
      if (!isAboutRows(error.report.sqlstate)) return { whole: false, refusals };
      const context = statement === null
        ? { step, phase: "close" as const }
        : { step, phase: "statement" as const, statement };
      const told = stepFailure(error, context, assumeVersionTable(table), ONCE);
      refusals.push({ kind: "refused", direction: step.direction, error: told });
      if (statement === null || !/^(?:alter|create)$/.test(leadingTokens(statement, 1)[0] ?? "")) break;
      await session.run(`rollback to savepoint ${STATEMENT}`);
    }
  }
  return { whole: refusals.length === 0, refusals };
}

/** What waits for the end of the transaction is looked at now, as if it had ended; then it may wait again. */
async function settle(session: Session): Promise<void> {
  const { rows: [deferred] } = await session.send(
    `select pg_catalog.string_agg(pg_catalog.format('%I.%I', n.nspname, k.conname), ', ') as names
       from pg_catalog.pg_constraint k join pg_catalog.pg_namespace n on n.oid = k.connamespace where k.condeferred`,
  );
  const { names } = deferred!;
  if (names === null) return;
  // "All" would hold for those too that are made later.
  await session.run(`set constraints ${names} immediate`);
  await session.run(`set constraints ${names} deferred`);
}

async function insertInside(session: Session, sql: string): Promise<void> {
  try {
    await session.run(`savepoint ${ROW}; ${sql}; release savepoint ${ROW}`);
  } catch (error) {
    if (error instanceof QueryError && error.report !== null) {
      await session.run(`rollback to savepoint ${ROW}`);
    }
    throw error;
  }
}

/** Cardinality violations, data exceptions, integrity violations, what functions raise, and rows that no index takes. */
function isAboutRows(sqlstate: string): boolean {
  return /^(?:21|22|23|P0)/.test(sqlstate) || sqlstate === PROGRAM_LIMIT_EXCEEDED;
}

const PROGRAM_LIMIT_EXCEEDED = "54000";
const ROW = "mig_row", STATEMENT = "mig_statement";

/** The limit holds on a server: with other rows than the usual ones a statement may not come to an end. */
const BEGIN = "begin; set local statement_timeout = '20s'";
