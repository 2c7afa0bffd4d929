/** The part of a long text that is in memory. */

import { MigError } from "../../error.ts";

/** How long one statement, comment or gap may be, in UTF-16 units. */
const LONGEST = 256 << 20;

/** A window that moves over a text which comes in pieces. */
export class TextWindow {
  readonly #pieces: Iterator<string>;
  readonly #path: string;
  /** What is in memory. */
  text = "";
  /** Where in `text` what is not done with begins. */
  at = 0;
  /** Where in the whole text `text` begins. */
  base = 0;
  /** The line at `at`, from 1. */
  line = 1;
  /** Whether `text` reaches to the end. */
  ended = false;

  constructor(pieces: Iterable<string>, path: string) {
    this.#pieces = pieces[Symbol.iterator]();
    this.#path = path;
  }

  /** Leaves everything behind that stands before an offset in `text`, which must not be within a CR LF. */
  advance(to: number): void {
    this.line += lineEnds(this.text.slice(this.at, to));
    this.at = to;
  }

  /**
   * Reads on: as much again as is not done with, so that what is looked at anew each time costs no more than it is long.
   * Offsets in `text` change.
   *
   * @throws {MigError} `sql-refused` for what is too long to be held
   */
  grow(): void {
    const rest = this.text.slice(this.at);
    if (rest.length > LONGEST) throw this.#tooLong();
    const parts = [rest];
    for (let length = rest.length; !this.ended && (length < 2 * rest.length || length === rest.length);) {
      const next = this.#pieces.next();
      if (next.done) this.ended = true;
      else {
        parts.push(next.value);
        length += next.value.length;
      }
    }
    this.base += this.at;
    this.at = 0;
    this.text = parts.join("");
  }

  /** Closes what it reads from. */
  close(): void {
    this.#pieces.return?.();
  }

  #tooLong(): MigError {
    return new MigError("sql-refused", `one statement or comment is longer than ${LONGEST >> 20} MB`, {
      locations: [{ path: this.#path, line: this.line }],
      hint: [
        "does a quote, a $$ or a comment that begins here not end?",
        "write many values as COPY … FROM stdin, or as several statements",
      ],
    });
  }
}

/** How many line ends a text has: LF, CR LF and CR. */
function lineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  for (let at = text.indexOf("\r"); at >= 0; at = text.indexOf("\r", at + 1)) {
    if (text[at + 1] !== "\n") count++;
  }
  return count;
}
