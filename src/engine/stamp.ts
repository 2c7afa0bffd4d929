/** Carries out a stamp: the version table's rows change, in one transaction with a guard, and no revision's SQL runs. */

import { MigError } from "../error.ts";
import type { AppliedRevision } from "../revision/applied.ts";
import { notHereHints } from "../revision/drift_hints.ts";
import { resolve } from "../revision/resolve.ts";
import type { Spec } from "../revision/spec.ts";
import { planStamp, type StampPlan } from "../revision/stamp.ts";
import type { RevisionId, RevisionTexts } from "../revision/revision.ts";
import type { Chain } from "./chain.ts";
import { type Database, QueryError, type Session } from "./database.ts";
import { appliedIds } from "./decide.ts";
import { cannotCreate, endsSession, stateChanged } from "./failure.ts";
import type { LockOptions } from "./lock.ts";
import { readTexts, type RecordedRevision } from "./recorded.ts";
import { forgetSql, recordSql } from "./step_sql.ts";
import type { Timeouts } from "./timeouts.ts";
import { guardRowsSql } from "./table_statements.ts";
import { readApplied } from "./applied_rows.ts";
import { findVersionTable, type VersionTable, versionTableStatements } from "./version_table.ts";
import { withLock } from "./with_lock.ts";
import { withSession } from "./with_session.ts";

/** What a stamp works on, and how. */
export interface StampOptions extends LockOptions {
  readonly database: Database;
  readonly texts: RevisionTexts;
  readonly timeouts: Timeouts;
}

/** Decides what a stamp changes, given the rows of the version table, oldest first. */
export type DecideStamp = (rows: readonly AppliedRevision[]) => StampPlan;

/** What a stamp has changed, or for a dry run would change. */
export interface StampReport {
  /** Where: a URL or a path without a password. */
  readonly database: string;
  readonly plan: StampPlan;
  /** The version table, qualified and quoted, where it was made for this. */
  readonly made: string | null;
  /** The rows before and after, oldest first; the same for a dry run. */
  readonly before: readonly AppliedRevision[];
  readonly after: readonly AppliedRevision[];
}

/**
 * Leads to the specs on paper.
 *
 * The decision throws `revision-not-here` when the table has rows that the folder lacks, unless all go; and as `resolve()`.
 */
export function decideStamp({ graph }: Chain, specs: readonly Spec[], purge: boolean): DecideStamp {
  return (rows) => {
    if (!purge) refuseStrangers(rows.filter(({ id }) => !graph.has(id)));
    const applied = appliedIds(rows);
    return planStamp(graph, rows, specs.map((spec) => resolve(spec, graph, applied, "stamp")), purge);
  };
}

/**
 * Changes the rows as `decide` decides. The table is made where it is missing, even if it stays empty.
 *
 * @throws {MigError} whatever was refused or failed; then nothing has changed
 */
export async function stamp(options: StampOptions, decide: DecideStamp): Promise<StampReport> {
  return await withLock(options, async (session, table, before) => {
    const plan = decide(before);
    const recorded = recordedIn(plan, options.texts);
    const gone = [...plan.forget, ...plan.finish].map(({ id }) => id);
    if (!table.exists || gone.length + recorded.length > 0) {
      const sql = stampSql(table, before, gone, recorded, options.timeouts);
      await change(session, sql, table, options.signal);
    }
    const after = await readApplied(session, { ...table, exists: true });
    const made = table.exists ? null : table.qualified;
    return { database: options.database.description, plan, made, before, after };
  });
}

/** Gives what `stamp` would do, reading only. */
export async function planStamping(
  { database, table: name, texts }: Pick<StampOptions, "database" | "table" | "texts">,
  decide: DecideStamp,
): Promise<StampReport> {
  return await withSession(database, {}, async (session) => {
    const table = await findVersionTable(session, name);
    const before = await readApplied(session, table);
    const made = table.exists ? null : table.qualified;
    const plan = decide(before);
    // What cannot be recorded is refused here too.
    recordedIn(plan, texts);
    return { database: database.description, plan, made, before, after: before };
  });
}

function recordedIn({ finish, record }: StampPlan, texts: RevisionTexts): RecordedRevision[] {
  return [...finish, ...record].map((revision) => readTexts(revision, texts));
}

/** The rows are as they were read, or nothing changes. LOCK comes alone, so that what is read after it is not older. */
function stampSql(
  table: VersionTable,
  before: readonly AppliedRevision[],
  gone: readonly RevisionId[],
  recorded: readonly RecordedRevision[],
  { lockTimeout }: Timeouts,
): string {
  return [
    "begin",
    ...(lockTimeout === undefined ? [] : [`set local lock_timeout = ${lockTimeout}`]),
    ...(table.exists ? [] : versionTableStatements(table)),
    `lock table ${table.qualified} in share row exclusive mode`,
    guardRowsSql(table, before),
    ...gone.map((id) => forgetSql(table, id)),
    ...recorded.map((revision) => recordSql(table, revision, "stamped")),
    "commit",
  ].join(";\n");
}

async function change(
  session: Session,
  sql: string,
  table: VersionTable,
  signal: AbortSignal,
): Promise<void> {
  try {
    await session.send(sql);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    if (!endsSession(error)) await session.send("rollback");
    if (signal.aborted) {
      throw new MigError("interrupted", "stopped by you; no row was changed", { cause: error });
    }
    if (error.report?.sqlstate === INVALID_TEXT) throw stateChanged(error);
    const { report } = error;
    throw !table.exists && report !== null && !endsSession(error)
      ? cannotCreate(table, report, error)
      : error;
  }
}

const INVALID_TEXT = "22P02";

function refuseStrangers(strangers: readonly AppliedRevision[]): void {
  const [first] = strangers;
  if (first === undefined) return;
  const named = strangers.map(({ id, message }) => `${id} "${message}"`).join(", ");
  throw new MigError(
    "revision-not-here",
    `cannot stamp: the database has ${
      strangers.length === 1 ? "a revision" : `${strangers.length} revisions`
    } that this folder lacks: ${named}`,
    {
      hint: [
        ...notHereHints(first),
        "to forget it with every other row, and record only what you name: `mig stamp <revision> --purge`",
      ],
      data: { revisions: strangers.map(({ id }) => id) },
    },
  );
}
