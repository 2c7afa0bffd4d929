/** What is reported of the steps of a run. */

import type { Because } from "../revision/plan.ts";
import type { MigrationEvent, StepName } from "./event.ts";
import { batchesOf, type CheckedStep, type PlannedBatch } from "./checked_step.ts";
import { isLarge, type PreparedStep } from "./prepared_step.ts";
import { nameOf } from "./run_transaction.ts";

/** A step of a report. */
export interface ReportedStep extends StepName {
  /** The file that ran, or would. */
  readonly path: string;
  /** What has it go, on the way down; null where that is not another revision. */
  readonly because: Because | null;
  /** The statements in it that are repeated until they change no row. */
  readonly batches: readonly ReportedBatch[];
}

/** A batch of a step; what it did is null where it has not run. */
export interface ReportedBatch extends PlannedBatch {
  /** How many rounds of this run changed something, and how many rows. */
  readonly rounds: number | null;
  readonly rows: number | null;
  readonly ms: number | null;
}

/** The end of a batch. */
export type RanBatch = Extract<MigrationEvent, { type: "batch-finished" }>;

/**
 * A step as it is reported.
 *
 * @param ran the batches that have run
 */
export function stepOf(step: CheckedStep | PreparedStep, ran: readonly RanBatch[] = []): ReportedStep {
  const name = nameOf(step);
  const planned = "batches" in step ? step.batches : isLarge(step) ? [] : batchesOf(step.script);
  const batches = planned.map((batch) => {
    const end = ran.find((event) =>
      event.index === batch.statement && event.step.id === name.id && event.step.direction === name.direction
    );
    return { ...batch, rounds: end?.rounds ?? null, rows: end?.rows ?? null, ms: end?.ms ?? null };
  });
  return { ...name, path: step.path, because: step.because ?? null, batches };
}
