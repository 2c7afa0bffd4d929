/**
 * Repeats a statement until it changes no row, each round in a transaction of its own together with its note in the journal.
 * Whatever happens in between, what is committed stays, and the next run goes on with the next round.
 */

import { MigError } from "../error.ts";
import { locate } from "../sql/source.ts";
import type { SqlStatement } from "../sql/statement.ts";
import { labelOf } from "../sql/words.ts";
import { QueryError, type Session } from "./database.ts";
import type { StepContext } from "./failure.ts";
import { BatchWatch } from "./batch_watch.ts";
import { pause } from "./pause.ts";
import { type Pipeline, PipelineFailure } from "./pipeline.ts";
import type { WholeStep } from "./prepared_step.ts";
import { requireLock } from "./lock_lost.ts";
import { messageOf, nameOf, type RunContext } from "./run_transaction.ts";
import { advanceBatchSql, noteRoundSql } from "./journal_sql.ts";

/** What a batch needs of the step around it. */
export interface BatchPlace {
  readonly session: Session;
  readonly pipeline: Pipeline<StepContext>;
  readonly step: WholeStep;
  /** The statement's number in its file, from 0. */
  readonly at: number;
  /** How many rows earlier runs have changed by it. */
  readonly rowsBefore: number;
  /** The SQL that begins a round. */
  readonly begin: string;
  /** Changes one row of the version table, or fails. */
  readonly journal: (text: string) => Promise<void>;
  readonly run: RunContext;
}

/**
 * Runs the statement to its end, and notes that it is done.
 *
 * @returns false when it was stopped in between by the user
 * @throws {PipelineFailure} when a message failed, or the run lock is lost
 * @throws {MigError} `batch-endless`, `state-changed`
 */
export async function runBatch(statement: SqlStatement, place: BatchPlace): Promise<boolean> {
  const { session, pipeline, step, at, rowsBefore, begin, journal, run } = place;
  const { pauseMs, rounds: most } = statement.batch!;
  const context = { step, phase: "journal" } as const;
  const watch = new BatchWatch(statement, session);
  const started = performance.now();
  const facts = {
    step: nameOf(step),
    index: at + 1,
    count: step.script.statements.length,
    label: labelOf(statement.written ?? statement),
    rowsBefore,
  };
  let rows = 0;
  for (let round = 1;; round++) {
    if (run.signal.aborted) return false;
    // A batch may take hours, and behind a pooler the session that keeps the lock may be ended meanwhile.
    await requireLock(run.lock, step);
    let changed = 0;
    await pipeline.post({ text: begin, context });
    await pipeline.post(messageOf(step, statement), ({ count }) => changed = count ?? 0);
    await pipeline.drain();
    // What was put off to the commit fails with it, and the note of the round with that.
    await journal(
      changed === 0 ? advanceBatchSql(run.table, step, at) : noteRoundSql(run.table, step, at, changed),
    );
    await pipeline.post({ text: "commit", context: { step, phase: "statement", statement } });
    await pipeline.drain();
    rows += changed;
    const ms = performance.now() - started;
    if (changed === 0) {
      run.onEvent({ type: "batch-finished", ...facts, rounds: round - 1, rows, ms });
      return true;
    }
    run.onEvent({ type: "batch-round", ...facts, round, roundRows: changed, rows, ms });
    if (round === most) throw endless(step, statement, `it changed rows in each of ${most} rounds`, rows);
    const size = await watch.exceeded(rows).catch((error) => {
      throw error instanceof QueryError ? new PipelineFailure(error, context) : error;
    });
    if (size !== null) {
      throw endless(step, statement, `it has changed ${rows} rows, and the table has ${size}`, rows);
    }
    if (pauseMs > 0) await pause(pauseMs, run.signal);
  }
}

function endless(step: WholeStep, statement: SqlStatement, why: string, rows: number): MigError {
  return new MigError("batch-endless", `the batch does not come to an end: ${why}`, {
    locations: [locate(step.script.text, statement.start, step.path)],
    hint: [
      "let its WHERE leave out the rows that are done, so that a round finds the others: where … is null",
      "if rows are to be changed several times, say how many rounds are enough: `-- mig: batch rounds 5000`",
    ],
    data: { rows },
  });
}
