/** Sends one repeatable script: its guard, its statements, its record. */

import type { RevisionId } from "../revision/revision.ts";
import { transactionControl } from "../sql/classify.ts";
import { indexConcurrently } from "../sql/index_statement.ts";
import type { Variables } from "../sql/fill_in.ts";
import { preparesItself } from "../sql/prepares.ts";
import { quoteLiteral, quoteNullable } from "../sql/quote.ts";
import type { SqlStatement } from "../sql/statement.ts";
import type { Notice, Session } from "./database.ts";
import type { OnEvent } from "./event.ts";
import { dropInvalidIndex, indexState } from "./index_recovery.ts";
import type { Pipeline } from "./pipeline.ts";
import type { RepeatableReason, Repeatables } from "./repeatable.ts";
import type { RepeatableContext } from "./repeatable_failure.ts";
import type { PreparedRepeatable } from "./repeatable_scripts.ts";
import { recordRepeatableSql, type RepeatableTable } from "./repeatable_table.ts";
import { resetSql, SAVEPOINT, settingsSql } from "./step_sql.ts";
import { FORGET_STATEMENTS_SQL } from "./table_statements.ts";
import type { Timeouts } from "./timeouts.ts";
import type { VersionTable } from "./version_table.ts";
import type { Watch } from "./watch.ts";

/** What applying them needs. */
export interface RepeatableRun {
  readonly repeatables: Repeatables;
  /** What is filled into the scripts that ask for it. */
  readonly variables: Variables;
  /** The version table; it is made where it is missing. */
  readonly version: VersionTable;
  /** The revisions that are applied now, in the order of the version table. */
  readonly applied: readonly RevisionId[];
  /** How many of them this run has applied or undone, for errors. */
  readonly steps: readonly RevisionId[];
  readonly timeouts: Timeouts;
  /** Tells who is in the way of the session. */
  readonly watch: Pick<Watch, "takeBlockers">;
  readonly onEvent: OnEvent;
  readonly onNotice: (notice: Notice) => void;
  readonly signal: AbortSignal;
}

/** A script that is due. */
export interface DueScript extends PreparedRepeatable {
  readonly reason: RepeatableReason;
  /** The checksum that the database has of it; null for none. */
  readonly known: string | null;
}

/** Posts a script in a transaction: open, each statement, close. */
export async function postScript(
  pipeline: Pipeline<RepeatableContext>,
  script: DueScript,
  table: RepeatableTable,
  count: number,
  run: RepeatableRun,
  finished: () => void,
): Promise<void> {
  const { statements } = script.script;
  // A failed statement leaves the transaction open for ROLLBACK TO, and what stands behind that would then run.
  const oneByOne = statements.some((statement) => transactionControl(statement) === "savepoint");
  const forget = preparesItself(script.script) ? [FORGET_STATEMENTS_SQL] : [];
  let started = 0;
  const open = [
    "begin",
    ...settingsSql(script, run.timeouts, "set local"),
    ...forget,
    ...guardSql(script, table, run),
    `savepoint ${SAVEPOINT}`,
  ];
  await pipeline.post({ text: open.join(";\n"), context: { repeatable: script, phase: "open" } }, () => {
    started = performance.now();
    run.onEvent({ type: "repeatable-started", ...named(script), count });
  });
  for (const statement of statements) {
    if (run.signal.aborted) return;
    await pipeline.post(messageOf(script, statement));
    if (oneByOne) await pipeline.drain();
  }
  const elapsed = "extract(epoch from clock_timestamp() - transaction_timestamp()) * 1000";
  const close = [
    `release savepoint ${SAVEPOINT}`,
    ...resetSql(run.version.setRole),
    ...forget,
    recordRepeatableSql(table, run.version, script.file, script.made, elapsed),
    "commit",
  ];
  await pipeline.post({ text: close.join(";\n"), context: { repeatable: script, phase: "close" } }, () => {
    finished();
    run.onEvent({ type: "repeatable-finished", ...named(script), count, ms: performance.now() - started });
  });
}

/**
 * Runs a `-- mig: no-transaction` script. It needs no journal: where it was interrupted it was not recorded, and such a script
 * can run again from its beginning.
 */
export async function runAlone(
  session: Session,
  pipeline: Pipeline<RepeatableContext>,
  script: DueScript,
  table: RepeatableTable,
  count: number,
  run: RepeatableRun,
  finished: () => void,
): Promise<void> {
  const started = performance.now();
  const post = async (text: readonly string[], phase: "open" | "close") => {
    await pipeline.post({ text: text.join(";\n"), context: { repeatable: script, phase } });
    await pipeline.drain();
  };
  await post(["begin", ...guardSql(script, table, run), "commit"], "open");
  run.onEvent({ type: "repeatable-started", ...named(script), count });
  // Behind a pooler what is set would stay with whoever gets that server session next.
  if (!session.server.pooled) await post(settingsSql(script, run.timeouts, "set"), "open");
  for (const statement of script.script.statements) {
    if (run.signal.aborted) return;
    await dropWhatIsInvalid(session, statement);
    await pipeline.post(messageOf(script, statement));
    await pipeline.drain();
  }
  const elapsed = String(Math.round(performance.now() - started));
  await post([
    ...resetSql(run.version.setRole),
    "begin",
    ...guardSql(script, table, run),
    recordRepeatableSql(table, run.version, script.file, script.made, elapsed),
    "commit",
  ], "close");
  finished();
  run.onEvent({ type: "repeatable-finished", ...named(script), count, ms: performance.now() - started });
}

/** IF NOT EXISTS would take the INVALID index of an interrupted run for the real one. */
async function dropWhatIsInvalid(session: Session, statement: SqlStatement): Promise<void> {
  const change = indexConcurrently(statement);
  if (change?.kind !== "create" || change.name === undefined || !change.ifNotExists) return;
  const state = await indexState(session, change);
  // One that is just being built is somebody else's.
  if (typeof state === "object" && state.builder === null) await dropInvalidIndex(session, state);
}

/** Fails unless the script's row and the version table are as they were when this was decided. */
function guardSql(
  { file: { name }, known }: DueScript,
  { qualified }: RepeatableTable,
  { version, applied }: RepeatableRun,
): string[] {
  return [
    `lock table ${version.qualified}, ${qualified} in share row exclusive mode`,
    `select case when (select checksum from ${qualified} where name = ${quoteLiteral(name)})
        is distinct from ${quoteNullable(known)}
      or (select count(*) from ${version.qualified}) <> ${applied.length}
      or (select id from ${version.qualified} order by seq desc limit 1) is distinct from ${
      quoteNullable(applied.at(-1) ?? null)
    } then cast(concat('the state changed at ', clock_timestamp()) as integer) end`,
  ];
}

function messageOf(repeatable: PreparedRepeatable, statement: SqlStatement) {
  return {
    text: statement.text,
    copyData: statement.copyData,
    context: { repeatable, phase: "statement" as const, statement },
  };
}

function named({ file: { name, path }, reason, script: { statements } }: DueScript) {
  return { name, path, reason, statements: statements.length };
}
