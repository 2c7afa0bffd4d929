/** Tells of the statements of a step while they are in flight: each starts when the one before it is answered. */

import { labelOf } from "../sql/words.ts";
import type { SqlStatement } from "../sql/statement.ts";
import type { OnEvent, StepName } from "./event.ts";

interface InFlight {
  readonly index: number;
  readonly label: string;
  readonly line: number;
}

/** The events of one step's statements. */
export class StatementEvents {
  readonly #onEvent: OnEvent;
  readonly #step: StepName;
  readonly #count: number;
  /** Those that were sent and are not answered, the running one first. */
  #inFlight: InFlight[] = [];
  #sent = 0;
  #begun = false;
  #since = 0;

  /** @param count how many statements the step has */
  constructor(onEvent: OnEvent, step: StepName, count: number) {
    this.#onEvent = onEvent;
    this.#step = step;
    this.#count = count;
  }

  /** The server has come to the first statement. */
  begin(): void {
    this.#begun = true;
    this.#since = performance.now();
    this.#announce();
  }

  /** A statement was sent. */
  sent({ text, written, line }: Pick<SqlStatement, "text" | "written" | "line">): void {
    this.#inFlight.push({ index: ++this.#sent, label: labelOf(written ?? { text }), line });
    if (this.#begun && this.#inFlight.length === 1) this.#announce();
  }

  /** The first of those in flight is done. */
  done(): void {
    const { index, label } = this.#inFlight.shift()!;
    const now = performance.now();
    const ms = now - this.#since;
    this.#since = now;
    this.#onEvent({ type: "statement-finished", step: this.#step, index, count: this.#count, label, ms });
    this.#announce();
  }

  #announce(): void {
    const [next] = this.#inFlight;
    if (next === undefined) return;
    this.#onEvent({ type: "statement-started", step: this.#step, count: this.#count, ...next });
  }
}
