/** Cuts SQL into tokens by PostgreSQL's lexical rules (manual, "Lexical Structure"), as far as a splitter needs them. */

import { endOfBlockComment, endOfDollarQuoted, endOfEscapeString, endOfQuoted } from "./quoted.ts";

/** What a token is. `comment` and `space` stand between the significant ones; a `symbol` is a single character. */
export type TokenKind =
  | "space"
  | "comment"
  | "word"
  | "identifier"
  | "string"
  | "number"
  | "parameter"
  | "symbol";

/** Something that was opened and not closed; `start` is where it began. */
export class UnclosedError extends Error {
  override readonly name = "UnclosedError";
  /**
   * @param what what is open, as it follows "the": `string`
   * @param hint how to close it
   */
  constructor(readonly what: string, readonly start: number, readonly hint: string) {
    super(`unclosed ${what}`);
  }
}

/** A cursor over a text: `next()` moves it to the next token. Offsets are UTF-16 units. */
export class Lexer {
  kind: TokenKind = "space";
  start = 0;
  end = 0;

  constructor(readonly text: string, at = 0) {
    this.end = at;
  }

  /**
   * Moves to the next token.
   *
   * @returns false at the end of the text
   * @throws {UnclosedError} for a quote or comment that does not end
   */
  next(): boolean {
    const { text } = this;
    this.start = this.end;
    if (this.start >= text.length) return false;
    this.end = this.#scan(text.charCodeAt(this.start));
    return true;
  }

  /** Moves to the next token that is neither space nor comment. */
  nextSignificant(): boolean {
    while (this.next()) {
      if (this.kind !== "space" && this.kind !== "comment") return true;
    }
    return false;
  }

  /** The token as it is written. */
  get token(): string {
    return this.text.slice(this.start, this.end);
  }

  /**
   * The token that begins with a character. An operator needs no care: PostgreSQL ends it where a comment begins in it, and
   * character by character that comes of itself.
   */
  #scan(code: number): number {
    const { text, start } = this;
    if (isSpace(code)) return this.#match("space", SPACE);
    if (isWordStart(code)) return this.#word();
    if (isDigit(code)) return this.#match("number", NUMBER);
    switch (code) {
      case QUOTE:
        return this.#close("string", STRING, endOfQuoted(text, start, "'"));
      case DOUBLE_QUOTE:
        return this.#close("identifier", IDENTIFIER, endOfQuoted(text, start, '"'));
      case DOLLAR:
        return this.#dollar();
      case MINUS:
        if (text.charCodeAt(start + 1) === MINUS) return this.#match("comment", LINE_COMMENT);
        break;
      case SLASH:
        if (text.charCodeAt(start + 1) === STAR) {
          return this.#close("comment", COMMENT, endOfBlockComment(text, start));
        }
        break;
    }
    this.kind = "symbol";
    return start + 1;
  }

  /** A word, or the prefix of a string or identifier: E'…', B'…', X'…', N'…', U&'…', U&"…". */
  #word(): number {
    const { text, start } = this;
    const end = this.#match("word", WORD);
    if (end - start !== 1) return end;
    const prefix = text[start]!.toLowerCase();
    const next = text[end];
    if (next === "'" && prefix === "e") {
      return this.#close("string", STRING, endOfEscapeString(text, end));
    }
    if (next === "'" && "bxn".includes(prefix)) {
      return this.#close("string", STRING, endOfQuoted(text, end, "'"));
    }
    if (next !== "&" || prefix !== "u") return end;
    if (text[end + 1] === "'") return this.#close("string", STRING, endOfQuoted(text, end + 1, "'"));
    if (text[end + 1] !== '"') return end;
    return this.#close("identifier", IDENTIFIER, endOfQuoted(text, end + 1, '"'));
  }

  /** $$…$$, $tag$…$tag$, or a parameter: $1. */
  #dollar(): number {
    const { text, start } = this;
    DOLLAR_TAG.lastIndex = start;
    const tag = DOLLAR_TAG.exec(text)?.[0];
    if (tag === undefined) return this.#match("parameter", PARAMETER);
    const closing = { what: `dollar-quoted string ${tag}`, hint: `close it with ${tag}` };
    return this.#close("string", closing, endOfDollarQuoted(text, start, tag));
  }

  #match(kind: TokenKind, pattern: RegExp): number {
    this.kind = kind;
    pattern.lastIndex = this.start;
    pattern.test(this.text);
    return pattern.lastIndex;
  }

  #close(kind: TokenKind, { what, hint }: Closing, end: number): number {
    this.kind = kind;
    if (end < 0) throw new UnclosedError(what, this.start, hint);
    return end;
  }
}

/** What to say of something that does not end. */
interface Closing {
  readonly what: string;
  readonly hint: string;
}

const STRING: Closing = {
  what: "string",
  hint: "close it with an apostrophe; one that belongs to the text is written twice: 'it''s'",
};
const IDENTIFIER: Closing = { what: "quoted identifier", hint: 'close it with a quotation mark: "' };
const COMMENT: Closing = { what: "comment", hint: "close it with */; comments nest, so each /* needs one" };

const QUOTE = 0x27, DOUBLE_QUOTE = 0x22, DOLLAR = 0x24, MINUS = 0x2d, SLASH = 0x2f, STAR = 0x2a;

const SPACE = /[ \t\n\r\f\v]+/y;
const LINE_COMMENT = /--[^\n\r]*/y;
/** Everything above ASCII may stand in a word; a dollar sign may not begin one. */
const WORD = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const NUMBER = /[0-9][0-9A-Za-z_.]*/y;
const PARAMETER = /\$[0-9]*/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isWordStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code >= 128;
}
