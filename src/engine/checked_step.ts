/** Steps of which it is known that they can run. Their texts are let go of where all together would take too much memory. */

import { checksum } from "../revision/checksum.ts";
import type { Because, Step } from "../revision/plan.ts";
import type { Direction, Revision } from "../revision/revision.ts";
import type { SqlScript } from "../sql/statement.ts";
import { fileChanged } from "../sql/stream/script.ts";
import { isLarge, type LargeStep, type PreparedStep, type WholeStep } from "./prepared_step.ts";

/** A step of which it is known that it can run. */
export interface CheckedStep extends Step {
  readonly path: string;
  /** The statements of its file that are repeated. */
  readonly batches: readonly PlannedBatch[];
  /** The values that its file was given, by the names of their variables; undefined where there are none. */
  readonly values?: ReadonlyMap<string, string>;
  /**
   * The step with its texts: those that were checked, or read again where all together would take too much memory.
   * @throws {MigError} `file-failed` when the file is not what was checked any more
   */
  load(): PreparedStep;
}

/** A statement that is repeated until it changes no row. */
export interface PlannedBatch {
  /** Which statement of its file, from 1. */
  readonly statement: number;
  readonly line: number;
  readonly pauseMs: number;
}

const NO_BATCHES: readonly PlannedBatch[] = [];

/** The statements of a file that are repeated. */
export function batchesOf({ statements }: SqlScript): readonly PlannedBatch[] {
  if (statements.every(({ batch }) => batch === undefined)) return NO_BATCHES;
  return statements.flatMap(({ batch, line }, at) =>
    batch === undefined ? [] : [{ statement: at + 1, line, pauseMs: batch.pauseMs }]
  );
}

/** What is known of a large file takes no room to speak of. */
export class LargeChecked implements CheckedStep {
  readonly direction: Direction;
  readonly revision: Revision;
  readonly because?: Because;
  readonly path: string;
  readonly batches: readonly PlannedBatch[] = [];
  readonly #prepared: LargeStep;

  constructor(prepared: LargeStep) {
    ({ direction: this.direction, revision: this.revision, because: this.because, path: this.path } =
      prepared);
    this.#prepared = prepared;
  }

  load(): PreparedStep {
    return this.#prepared;
  }
}

/** Holds little: a plan may have tens of thousands of them. */
export class WholeChecked implements CheckedStep {
  readonly direction: Direction;
  readonly revision: Revision;
  readonly because?: Because;
  readonly path: string;
  readonly batches: readonly PlannedBatch[];
  readonly values?: ReadonlyMap<string, string>;
  readonly #sum: string;
  readonly #again: (step: Step) => PreparedStep;
  #kept: PreparedStep | null;

  /** @param keep whether the texts are kept until they are asked for */
  constructor(prepared: WholeStep, keep: boolean, again: (step: Step) => PreparedStep) {
    const { script } = prepared;
    ({ direction: this.direction, revision: this.revision, because: this.because, path: this.path } =
      prepared);
    this.batches = batchesOf(script);
    this.values = script.values;
    this.#sum = checksum(script.text);
    this.#again = again;
    this.#kept = keep ? prepared : null;
  }

  load(): PreparedStep {
    const { direction, revision } = this;
    const now = this.#kept ?? unchanged(this.#again({ direction, revision }), this.#sum);
    // What is done is hardly ever asked for again, and a long chain would keep all of it.
    this.#kept = null;
    return now;
  }
}

function unchanged(step: PreparedStep, sum: string): PreparedStep {
  if (!isLarge(step) && checksum(step.script.text) === sum) return step;
  throw fileChanged(step.path);
}
