/** Sends the steps of a plan, from where a run stands to the end: all of them in flight, as far as they can be. */

import type { AppliedRevision } from "../revision/applied.ts";
import type { RevisionId } from "../revision/revision.ts";
import { COLLECT_EVERY, collectGarbage } from "../garbage.ts";
import { preparesItself } from "../sql/prepares.ts";
import type { Session } from "./database.ts";
import type { StepContext } from "./failure.ts";
import type { Pipeline } from "./pipeline.ts";
import type { CheckedStep } from "./checked_step.ts";
import { isLarge, type PreparedStep } from "./prepared_step.ts";
import { runJournaled } from "./run_journaled.ts";
import { postTransaction, type RunContext } from "./run_transaction.ts";
import { createVersionTableSql, type VersionTable } from "./version_table.ts";

/** Where a run stands: between two steps, with nothing in flight. */
export interface Position {
  /** How many steps of the plan are done. */
  readonly at: number;
  readonly table: VersionTable;
  /** The rows of the version table, oldest first. */
  readonly applied: readonly AppliedRevision[];
  /** Which try of the next step comes now, from 1. */
  readonly attempt: number;
  /** Whether the session may have prepared statements: it was used before. */
  readonly used: boolean;
}

/** What was sent. */
export interface Posted {
  /** How many steps of the plan are done or in flight: fewer than it has when the user stopped the run. */
  readonly at: number;
  /** The rows of the version table once all of it is done, oldest first. */
  readonly rows: readonly RevisionId[];
}

/**
 * Sends the steps. On return the last ones are in flight.
 *
 * @throws {PipelineFailure} when a message failed
 * @throws {MigError} what `runJournaled` throws
 */
export async function postSteps(
  session: Session,
  pipeline: Pipeline<StepContext>,
  steps: readonly CheckedStep[],
  position: Position,
  run: RunContext,
): Promise<Posted> {
  const { table, applied } = position;
  if (!table.exists) {
    await pipeline.post({
      text: createVersionTableSql(table),
      context: { step: steps[0]!.load(), phase: "create" },
    });
  }
  const rows = applied.map(({ id }) => id);
  const present = new Set(rows);
  /** Whose prepared statements the session has. */
  let holds: "none" | "ours" | "somebody's" = position.used ? "somebody's" : "none";
  for (let at = position.at; at < steps.length; at++) {
    if (run.signal.aborted) return { at, rows };
    const step = steps[at]!.load();
    const last = rows.at(-1) ?? null;
    const attempt = at === position.at ? position.attempt : 1;
    // A file that has prepared statements of its own gets the session without ours; the next one clears its away.
    const own = isLarge(step) ? step.script.prepares : preparesItself(step.script);
    const sending = session.server.pooled || own ? "plain" : "prepared";
    if (isLarge(step) || step.script.directives.transaction) {
      const before = sending === "prepared"
        ? (holds === "ours" && !REPLAN_AT.has(at) ? null : "prepare")
        : (holds === "none" ? null : "forget");
      const how = { index: at + 1, attempt, sending, before } as const;
      if (!await postTransaction(pipeline, step, last, how, run)) return { at, rows };
      holds = own ? "somebody's" : sending === "prepared" ? "ours" : "none";
    } else {
      await pipeline.drain();
      const row = applied.find(({ id }) => id === step.revision.id);
      const how = { index: at + 1, attempt };
      if (!await runJournaled(session, pipeline, step, last, row, how, run)) return { at, rows };
      if (own) holds = "somebody's";
    }
    follow(rows, present, step);
    if ((at + 1) % COLLECT_EVERY.run === 0) collectGarbage();
  }
  return { at: steps.length, rows };
}

/** The rows of the version table as they stand after a step, oldest first. */
function follow(rows: RevisionId[], present: Set<RevisionId>, { direction, revision }: PreparedStep): void {
  if (direction === "down") {
    present.delete(revision.id);
    rows.splice(rows.lastIndexOf(revision.id), 1);
  } else if (!present.has(revision.id)) {
    present.add(revision.id);
    rows.push(revision.id);
  }
}

/**
 * Steps at which our statements are prepared anew: the server keeps the plan that it made when the version table was small, and
 * reads all of it each time.
 */
const REPLAN_AT = new Set([50, 200, 1000, 5000]);
