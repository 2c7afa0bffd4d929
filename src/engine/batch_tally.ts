/** What a run has done of each batch, whatever was in between: a lost connection or a retry begins to count anew. */

import type { MigrationEvent } from "./event.ts";

/** A batch as it was when the run came to it. */
interface Begun {
  readonly rowsBefore: number;
  readonly since: number;
  rounds: number;
}

/** Follows the events of a run. */
export class BatchTally {
  readonly #begun = new Map<string, Begun>();

  /** The event with the rounds, rows and time of the whole run. */
  counted(event: MigrationEvent): MigrationEvent {
    if (event.type !== "batch-round" && event.type !== "batch-finished") return event;
    const { step: { direction, id }, index } = event;
    const key = `${direction} ${id} ${index}`;
    const now = performance.now();
    const { rowsBefore } = event;
    const begun = this.#begun.get(key) ?? { rowsBefore, since: now - event.ms, rounds: 0 };
    this.#begun.set(key, begun);
    const counts = {
      rowsBefore: begun.rowsBefore,
      rows: rowsBefore + event.rows - begun.rowsBefore,
      ms: now - begun.since,
    };
    return event.type === "batch-round"
      ? { ...event, ...counts, round: ++begun.rounds }
      : { ...event, ...counts, rounds: begun.rounds };
  }
}
