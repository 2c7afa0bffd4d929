/**
 * Runs a `-- mig: no-transaction` step. Its statements commit one by one, so the version table keeps a journal: the row
 * says that the step is unfinished and how many statements are done, and an interrupted run goes on behind the last one.
 *
 * A statement that can run in a transaction does so together with its note in the journal, and is done exactly once. One
 * that cannot is noted before and after it; after a crash in between the catalog tells what it has done, see
 * `run_standalone.ts`.
 */

import type { AppliedRevision } from "../revision/applied.ts";
import type { RevisionId } from "../revision/revision.ts";
import { refusesTransaction } from "../sql/classify.ts";
import type { SqlStatement } from "../sql/statement.ts";
import { refusedInTransaction } from "../sql/outside_transaction.ts";
import { commandOf, leadingTokens } from "../sql/words.ts";
import { QueryError, type Session } from "./database.ts";
import { stateChanged, type StepContext } from "./failure.ts";
import type { Recovery } from "./event.ts";
import { type Pipeline, PipelineFailure } from "./pipeline.ts";
import type { WholeStep } from "./prepared_step.ts";
import { earlierVariables } from "./earlier_values.ts";
import { requireLock } from "./lock_lost.ts";
import { runBatch } from "./run_batch.ts";
import { checkBeginning } from "./resume_journal.ts";
import { runStandalone } from "./run_standalone.ts";
import {
  messageOf,
  nameOf,
  type RunContext,
  statementFinished,
  statementStarted,
  type StepPlace,
} from "./run_transaction.ts";
import {
  advanceJournalSql,
  closeJournalSql,
  markJournalSql,
  openJournalSql,
  resumeJournalSql,
} from "./journal_sql.ts";
import { resetSql, settingsSql } from "./step_sql.ts";

/**
 * Runs the step to its end. Nothing is in flight before or after.
 *
 * @param row the revision's row, if the version table has one
 * @returns false when it was stopped in between by the user
 * @throws {PipelineFailure} when a message failed
 * @throws {MigError} `state-changed` when the file is not what was begun, or another run has been at the journal
 */
export async function runJournaled(
  session: Session,
  pipeline: Pipeline<StepContext>,
  step: WholeStep,
  last: RevisionId | null,
  row: AppliedRevision | undefined,
  { index, attempt }: StepPlace,
  run: RunContext,
): Promise<boolean> {
  const started = performance.now();
  const { statements } = step.script;
  const post = async (
    text: string,
    phase: StepContext["phase"],
    onDone?: (changed: number | null) => void,
    ran?: SqlStatement,
  ) => {
    await pipeline.post({ text, context: { step, phase, ran } }, (result) => onDone?.(result.count));
    await pipeline.drain();
  };
  const journal = async (text: string, ran?: SqlStatement) => {
    let changed: number | null = null;
    await post(text, "journal", (count) => changed = count, ran);
    if (changed !== 1) throw stateChanged(null);
  };

  const unfinished = row?.unfinished ?? null;
  if (unfinished === null) await post(openJournalSql(run.table, step, last, run.timeouts), "open");
  const tell = (recovery: Recovery) => run.onEvent({ type: "recovered", step: nameOf(step), recovery });
  const resumedAfter = unfinished?.statementsDone ?? 0;
  let underWay = false;
  if (unfinished !== null) {
    underWay = await within(
      { step, phase: "journal" },
      () => checkBeginning(session, step, resumedAfter, run.table, tell),
    );
    await journal(resumeJournalSql(run.table, step, resumedAfter, underWay));
  }
  run.onEvent({
    type: "step-started",
    step: nameOf(step),
    index,
    count: run.count,
    statements: statements.length,
    attempt,
    resumedAfter,
    resumedRows: statements[resumedAfter]?.batch === undefined ? 0 : unfinished?.batchRows ?? 0,
  });
  const earlier = run.before.find(({ id }) => id === step.revision.id);
  const variables = attempt > 1 ? [] : earlierVariables(step, earlier, underWay);
  if (variables.length > 0) run.onEvent({ type: "values-not-kept", step: nameOf(step), variables });
  // Behind a pooler the next statement may run in another session, and what is set would stay with this one.
  const { pooled } = session.server;
  if (!pooled) await post(settingsSql(step, run.timeouts, "set").join(";\n"), "open");
  const begin = pooled ? ["begin", ...settingsSql(step, run.timeouts, "set local")].join(";\n") : "begin";

  for (const [at, statement] of statements.entries()) {
    if (run.signal.aborted) return false;
    const done = at < resumedAfter;
    // What a file sets for its session has to be set again in the session that goes on with it.
    if (done && !setsSession(statement)) continue;
    run.onEvent(statementStarted(step, at));
    const since = performance.now();
    if (done) {
      await pipeline.post(messageOf(step, statement));
      await pipeline.drain();
    } else if (statement.batch !== undefined) {
      const rowsBefore = at === resumedAfter ? unfinished?.batchRows ?? 0 : 0;
      const place = { session, pipeline, step, at, rowsBefore, begin, journal, run };
      if (!await runBatch(statement, place)) return false;
    } else if (needsToStandAlone(statement)) {
      // Nothing guards a statement outside of a transaction but the lock.
      await requireLock(run.lock, step);
      const limit = !pooled && waitsInNobodysWay(step, at) ? run.timeouts.lockTimeout : undefined;
      if (limit !== undefined) await post("set lock_timeout = 0", "open");
      await within({ step, phase: "statement", statement }, () =>
        runStandalone(statement, {
          session,
          underWay: underWay && at === resumedAfter,
          async run() {
            await pipeline.post(messageOf(step, statement));
            await pipeline.drain();
          },
          mark: () => journal(markJournalSql(run.table, step, at)),
          async advance(together) {
            const note = advanceJournalSql(run.table, step, at, true);
            if (together === undefined) return await journal(note, statement);
            await post(["begin", together].join(";\n"), "journal");
            await journal(note);
            await post("commit", "journal");
          },
          tell,
        }));
      if (limit !== undefined) await post(`set lock_timeout = ${limit}`, "open");
    } else {
      await pipeline.post({ text: begin, context: { step, phase: "journal" } });
      await pipeline.post(messageOf(step, statement));
      await journal(advanceJournalSql(run.table, step, at));
      await post("commit", "journal");
    }
    run.onEvent(statementFinished(step, at, performance.now() - since));
  }
  if (run.signal.aborted) return false;
  await post(resetSql(run.table.setRole).join(";\n"), "close");
  await journal(closeJournalSql(run.table, step, statements.length));
  run.onEvent({
    type: "step-finished",
    step: nameOf(step),
    statements: statements.length,
    ms: performance.now() - started,
  });
  return true;
}

/**
 * Whether a statement waits for others while nobody waits for it: what is done CONCURRENTLY waits for old transactions for as long as
 * those take, and hours of work would be lost to a limit that is there to spare others. A limit of the file's own counts.
 */
function waitsInNobodysWay({ script: { directives, statements } }: WholeStep, at: number): boolean {
  const before = statements.slice(0, at);
  return directives.lockTimeout === undefined &&
    (refusedInTransaction(statements[at]!)?.includes("CONCURRENTLY") ?? false) &&
    !before.some((statement) => setsSession(statement) && /lock_timeout/i.test(statement.text));
}

/** An error of what is sent beside the pipeline belongs to this step too. */
async function within<T>(context: StepContext, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    // A position would be one in SQL of ours.
    throw new PipelineFailure(new QueryError(error.report, null, { cause: error }, error.notices), context);
  }
}

/** A procedure or a DO block may commit by itself, which it cannot do in a transaction of ours. */
export function needsToStandAlone(statement: SqlStatement): boolean {
  const first = firstWord(statement);
  return refusesTransaction(statement) || first === "CALL" ||
    (first === "DO" && /\b(commit|rollback)\b/i.test(statement.text));
}

function setsSession(statement: SqlStatement): boolean {
  const [first = "", second = "", ...more] = leadingTokens(statement, 5);
  // What pg_dump writes: SELECT pg_catalog.set_config('search_path', '', false)
  const call = second === "pg_catalog" && more[0] === "." ? more[1] : second;
  return ["set", "reset", "load"].includes(first) || (first === "select" && call === "set_config");
}

function firstWord(statement: SqlStatement): string {
  return commandOf(statement).split(" ", 1)[0]!;
}
