/** Splits a SQL file into statements, as psql does. */

import { MigError } from "../error.ts";
import { Lexer, UnclosedError } from "./lexer.ts";
import { refuseMetaCommand } from "./meta_command.ts";
import { LineCounter, locate } from "./source.ts";
import type { SqlStatement } from "./statement.ts";

/**
 * The statements of a file, in order.
 *
 * @param path the file, for errors
 * @throws {MigError} `sql-unreadable` for a quote, comment or COPY data without an end; `sql-refused` for a command of psql
 */
export function splitStatements(text: string, path: string): SqlStatement[] {
  try {
    return split(text, path);
  } catch (error) {
    if (!(error instanceof UnclosedError)) throw error;
    throw new MigError("sql-unreadable", `the ${error.what} that begins here does not end`, {
      locations: [locate(text, error.start, path)],
      hint: `close it in ${path}`,
      cause: error,
    });
  }
}

function split(text: string, path: string): SqlStatement[] {
  const lexer = new Lexer(text);
  const statements: SqlStatement[] = [];
  const lines = new LineCounter(text);
  let open: OpenStatement | null = null;
  while (lexer.next()) {
    const { kind, start, end } = lexer;
    if (kind === "space" || kind === "comment") continue;
    if (kind === "symbol" && text[start] === "\\") {
      lexer.end = refuseMetaCommand(text, start, path, open !== null);
      continue;
    }
    if (kind === "symbol" && text[start] === ";" && !(open?.holdsSemicolons ?? false)) {
      if (open === null) continue;
      const data = open.copies ? copyData(text, end, open.start, path) : null;
      statements.push(open.close(text, lines, data?.text));
      if (data !== null) lexer.end = data.end;
      open = null;
      continue;
    }
    open ??= new OpenStatement(start);
    open.take(lexer);
  }
  if (open !== null) {
    if (open.copies) throw new UnclosedError("COPY from stdin without a semicolon and its data", open.start);
    statements.push(open.close(text, lines));
  }
  return statements;
}

/** What the splitter has to know of a statement while it goes through it. */
class OpenStatement {
  #end: number;
  /** Of parentheses and brackets: a rule's actions stand in them, with semicolons. */
  #depth = 0;
  /** Of BEGIN ATOMIC … END and the CASE … END inside, in the body of a function or procedure. */
  #atomic = 0;
  /** The first words, in lower case, until it is clear whether it makes a function. */
  #head: string[] = [];
  #word = "";
  #fromStdin = false;

  constructor(readonly start: number) {
    this.#end = start;
  }

  get holdsSemicolons(): boolean {
    return this.#depth > 0 || this.#atomic > 0;
  }

  /** Whether data lines follow it. */
  get copies(): boolean {
    return this.#head[0] === "copy" && this.#fromStdin;
  }

  take(lexer: Lexer): void {
    this.#end = lexer.end;
    const before = this.#word;
    this.#word = "";
    if (lexer.kind === "symbol") {
      const symbol = lexer.text[lexer.start];
      if (symbol === "(" || symbol === "[") this.#depth++;
      else if (symbol === ")" || symbol === "]") this.#depth = Math.max(0, this.#depth - 1);
    } else if (lexer.kind === "word") {
      this.#word = lexer.end - lexer.start > LONGEST_WORD ? "…" : lexer.token.toLowerCase();
      if (this.#head.length < HEAD_WORDS) this.#head.push(this.#word);
      if (this.#depth === 0) this.#takeWord(before);
    }
  }

  close(text: string, lines: LineCounter, copyData?: string): SqlStatement {
    const { start } = this;
    const statement = {
      text: text.slice(start, this.#end),
      start,
      end: this.#end,
      line: lines.lineOf(start),
    };
    return copyData === undefined ? statement : { ...statement, copyData };
  }

  #takeWord(before: string): void {
    if (before === "from" && (this.#word === "stdin" || this.#word === "stdout")) this.#fromStdin = true;
    else if (this.#word === "atomic" && before === "begin" && this.#makesRoutine()) this.#atomic++;
    else if (this.#atomic > 0 && this.#word === "case") this.#atomic++;
    else if (this.#atomic > 0 && this.#word === "end") this.#atomic--;
  }

  #makesRoutine(): boolean {
    const [first, second, third, fourth] = this.#head;
    if (first !== "create") return false;
    const what = second === "or" && third === "replace" ? fourth : second;
    return what === "function" || what === "procedure";
  }
}

/** Words that the splitter looks for are no longer than this. */
const LONGEST_WORD = 16;
const HEAD_WORDS = 4;

/** The data of a COPY: from the next line to the one that is `\.` and nothing else. */
function copyData(
  text: string,
  semicolon: number,
  start: number,
  path: string,
): { readonly text: string; readonly end: number } {
  const lineEnd = text.indexOf("\n", semicolon);
  const rest = text.slice(semicolon, lineEnd < 0 ? undefined : lineEnd).trim();
  if (rest !== "" && !rest.startsWith("--")) {
    throw new MigError("sql-unreadable", "the data of a COPY begins on the line after it", {
      locations: [locate(text, semicolon + text.slice(semicolon).search(/\S/), path)],
      hint: "move what stands behind the semicolon below the data's closing line, `\\.`",
    });
  }
  if (lineEnd < 0) throw new UnclosedError(COPY_END, start);
  const from = lineEnd + 1;
  END_OF_DATA.lastIndex = from;
  for (let at = text.indexOf("\\.", from); at >= 0; at = text.indexOf("\\.", at + 2)) {
    if (at > from && text[at - 1] !== "\n") continue;
    END_OF_DATA.lastIndex = at;
    if (END_OF_DATA.test(text)) return { text: text.slice(from, at), end: END_OF_DATA.lastIndex };
  }
  throw new UnclosedError(COPY_END, start);
}

const COPY_END = "data of the COPY, closed by a line `\\.`,";
const END_OF_DATA = /\\\.(?:\r?\n|\r?$)/y;
