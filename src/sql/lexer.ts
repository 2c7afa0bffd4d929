/** Cuts SQL into tokens by PostgreSQL's lexical rules (manual, "Lexical Structure"), as far as a splitter needs them. */

/** What a token is. `comment` and `space` stand between the significant ones. */
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
  constructor(readonly what: string, readonly start: number) {
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

  #scan(code: number): number {
    const { text, start } = this;
    if (isSpace(code)) return this.#match("space", SPACE);
    if (isWordStart(code)) return this.#word();
    switch (code) {
      case QUOTE:
        return this.#quoted("string", start, "'");
      case DOUBLE_QUOTE:
        return this.#quoted("identifier", start, '"');
      case DOLLAR:
        return this.#dollar();
      case MINUS:
        if (text.charCodeAt(start + 1) === MINUS) return this.#match("comment", LINE_COMMENT);
        break;
      case SLASH:
        if (text.charCodeAt(start + 1) === STAR) return this.#blockComment();
        break;
    }
    if (isDigit(code)) return this.#match("number", NUMBER);
    this.kind = "symbol";
    return start + 1;
  }

  #match(kind: TokenKind, pattern: RegExp): number {
    this.kind = kind;
    pattern.lastIndex = this.start;
    pattern.exec(this.text);
    return pattern.lastIndex;
  }

  /** A word, or the prefix of a string: E'…', B'…', X'…', N'…', U&'…', U&"…". */
  #word(): number {
    const { text, start } = this;
    const end = this.#match("word", WORD);
    const next = text.charCodeAt(end);
    if (end - start !== 1) return end;
    const prefix = text[start]!.toLowerCase();
    if (next === QUOTE && "ebxn".includes(prefix)) {
      return prefix === "e" ? this.#escapeString(end) : this.#quoted("string", end, "'");
    }
    if (prefix === "u" && next === AMPERSAND) {
      const after = text.charCodeAt(end + 1);
      if (after === QUOTE) return this.#quoted("string", end + 1, "'");
      if (after === DOUBLE_QUOTE) return this.#quoted("identifier", end + 1, '"');
    }
    return end;
  }

  /** A doubled quote stands for itself, and needs no case of its own: it ends one string and begins the next. */
  #quoted(kind: TokenKind, open: number, quote: string): number {
    this.kind = kind;
    for (let at = open; standsAt(this.text, at, quote);) {
      const close = this.text.indexOf(quote, at + 1);
      if (close < 0) {
        throw new UnclosedError(kind === "string" ? "string" : "quoted identifier", this.start);
      }
      at = close + 1;
      if (!standsAt(this.text, at, quote)) return at;
    }
    return open;
  }

  #escapeString(open: number): number {
    this.kind = "string";
    ESCAPE_STRING.lastIndex = open;
    // One step a run of plain characters, a pair, or an escape: no way back, so no text is slow.
    for (let at = open + 1;;) {
      const code = this.text.charCodeAt(at);
      if (code === BACKSLASH) at += 2;
      else if (code === QUOTE) {
        if (this.text.charCodeAt(at + 1) !== QUOTE) return at + 1;
        at += 2;
      } else {
        ESCAPE_STRING.lastIndex = at;
        ESCAPE_STRING.exec(this.text);
        at = ESCAPE_STRING.lastIndex;
      }
      if (at >= this.text.length) throw new UnclosedError("string", this.start);
    }
  }

  /** $$…$$, $tag$…$tag$, or a parameter: $1. */
  #dollar(): number {
    const { text, start } = this;
    DOLLAR_TAG.lastIndex = start;
    const tag = DOLLAR_TAG.exec(text)?.[0];
    if (tag === undefined) return this.#match("parameter", PARAMETER);
    this.kind = "string";
    const close = text.indexOf(tag, start + tag.length);
    if (close < 0) throw new UnclosedError(`dollar-quoted string ${tag}`, start);
    return close + tag.length;
  }

  /** Block comments nest. */
  #blockComment(): number {
    const { text, start } = this;
    this.kind = "comment";
    let depth = 1;
    for (let at = start + 2;;) {
      const close = text.indexOf("*/", at);
      if (close < 0) throw new UnclosedError("comment", start);
      const open = text.slice(at, close + 1).indexOf("/*");
      if (open >= 0) {
        depth++;
        at += open + 2;
        continue;
      }
      at = close + 2;
      if (--depth === 0) return at;
    }
  }
}

const QUOTE = 0x27, DOUBLE_QUOTE = 0x22, DOLLAR = 0x24, MINUS = 0x2d, SLASH = 0x2f, STAR = 0x2a;
const AMPERSAND = 0x26, BACKSLASH = 0x5c;

const SPACE = /[ \t\n\r\f\v]+/y;
const LINE_COMMENT = /--[^\n\r]*/y;
/** Everything above ASCII may stand in a word. */
const WORD = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const NUMBER = /[0-9][0-9A-Za-z_.]*/y;
const PARAMETER = /\$[0-9]*/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;
const ESCAPE_STRING = /[^'\\]+/y;

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isWordStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code >= 128;
}

function standsAt(text: string, at: number, character: string): boolean {
  return text[at] === character;
}
