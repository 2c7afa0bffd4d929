/** What is wrong with a file, gathered so that everything is told at once. */

import { MigError } from "../error.ts";

/** How many faults of a file are told; a file that is full of them would bury the first. */
const MOST = 20;

/** Gathers faults, in the order of the file. */
export class Faults {
  #told: MigError[] = [];
  #count = 0;
  readonly #most: number;

  /** @param most how many are told */
  constructor(most = MOST) {
    this.#most = most;
  }

  get found(): boolean {
    return this.#count > 0;
  }

  /** @param make is called only for those which will be told: finding a line takes time in a long file */
  add(make: () => MigError): void {
    this.#count++;
    if (this.#told.length < this.#most) this.#told.push(make());
  }

  /**
   * Throws the fault where there is one, and where there are several an error with the code of the first, whose `errors` they
   * are. Does nothing where there is none.
   *
   * @param summary the message for several
   */
  throwAny(summary: (count: number) => string): void {
    const [first] = this.#told;
    if (first === undefined) return;
    if (this.#count === 1) throw first;
    const more = this.#count > this.#most ? `; the first ${this.#most} are` : "";
    throw new MigError(first.code, summary(this.#count) + more, { errors: this.#told });
  }
}
