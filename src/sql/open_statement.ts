/** A statement of which the end is not yet found: what the splitter has to know to tell whether a semicolon ends it. */

import { type Lexer, UnclosedError } from "./lexer.ts";

/** Is given the statement's significant tokens one by one. */
export class OpenStatement {
  /** Where its last token so far ends. */
  end: number;
  /** Of parentheses: the actions of a rule stand in them, with semicolons between. */
  #depth = 0;
  /** Where the bodies of BEGIN ATOMIC … END begin that are open, the outermost first. */
  #bodies: number[] = [];
  /** The first words in lower case. */
  #head: string[] = [];
  /** The token before, in lower case, where it is a word or a semicolon. */
  #before = "";
  #beforeStart = 0;
  /** Of a COPY: what its first FROM names; `next` is the token behind FROM. */
  #source: "unknown" | "next" | "client" | "elsewhere" = "unknown";

  constructor(readonly start: number) {
    this.end = start;
  }

  /** Whether a semicolon belongs to it. */
  get holdsSemicolons(): boolean {
    return this.#depth > 0 || this.#bodies.length > 0;
  }

  /** Whether data lines follow it. */
  get copies(): boolean {
    return this.#source === "client";
  }

  /** Takes the token at which the lexer stands. */
  take({ kind, text, start, end }: Lexer): void {
    const before = this.#before;
    this.#before = "";
    const word = kind !== "word" || end - start > LONGEST_WORD ? "" : text.slice(start, end).toLowerCase();
    // PostgreSQL's grammar takes FROM stdout for FROM stdin.
    if (this.#source === "next") this.#source = CLIENT.has(word) ? "client" : "elsewhere";
    if (kind === "word") {
      if (this.#head.length < HEAD_WORDS) this.#head.push(word);
      if (this.#depth === 0) this.#takeWord(before, word);
      this.#before = word;
    } else if (kind === "symbol") {
      const code = text.charCodeAt(start);
      if (code === OPEN) this.#depth++;
      else if (code === CLOSE && this.#depth > 0) this.#depth--;
      else if (code === SEMICOLON) this.#before = ";";
    }
    this.#beforeStart = start;
    this.end = end;
  }

  /** @throws {UnclosedError} when the file ends inside a body */
  finish(): void {
    const body = this.#bodies[0];
    if (body !== undefined) {
      throw new UnclosedError(
        "BEGIN ATOMIC",
        body,
        "write `end;` behind the semicolon of its last statement",
      );
    }
  }

  /**
   * The END of a body stands behind a semicolon or the word ATOMIC, by PostgreSQL's grammar; that of a CASE, or a column
   * named "end", never does.
   */
  #takeWord(before: string, word: string): void {
    if (word === "atomic") {
      if (before === "begin" && makesRoutine(this.#head)) this.#bodies.push(this.#beforeStart);
    } else if (word === "end") {
      if (before === ";" || before === "atomic") this.#bodies.pop();
    } else if (word === "from" && this.#source === "unknown" && this.#head[0] === "copy") {
      this.#source = "next";
    }
  }
}

function makesRoutine([first, second, third, fourth]: readonly string[]): boolean {
  if (first !== "create") return false;
  const what = second === "or" && third === "replace" ? fourth : second;
  return what === "function" || what === "procedure";
}

const CLIENT = new Set(["stdin", "stdout"]);
const OPEN = 0x28, CLOSE = 0x29, SEMICOLON = 0x3b;
/** Words that matter here are no longer. */
const LONGEST_WORD = 16;
const HEAD_WORDS = 4;
