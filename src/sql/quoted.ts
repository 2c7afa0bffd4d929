/**
 * Where quoted text and comments end (manual, "Lexical Structure"). Each function is given where they open and returns
 * the offset behind their last character, or -1 where they do not end. All take time in proportion to the length.
 */

/** The end of `'…'` or `"…"`; `open` is the first quote. A doubled quote stands for itself. */
export function endOfQuoted(text: string, open: number, quote: "'" | '"'): number {
  for (let at = open;;) {
    const close = text.indexOf(quote, at + 1);
    if (close < 0) return -1;
    if (text[close + 1] !== quote) return close + 1;
    at = close + 1;
  }
}

/**
 * The end of `E'…'`, in which a backslash escapes; `open` is the first quote.
 *
 * A string goes on behind a line break (`'foo'` and on the next line `'bar'` are one), and then its parts escape as the first
 * does. For the other kinds of string that makes no difference to where they end, so it is told apart only here.
 */
export function endOfEscapeString(text: string, open: number): number {
  for (let at = open + 1; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 2;
    else if (code !== QUOTE) at = matchAt(PLAIN, text, at);
    else if (text.charCodeAt(at + 1) === QUOTE) at += 2;
    else {
      const next = continuation(text, at + 1);
      if (next < 0) return at + 1;
      at = next + 1;
    }
  }
  return -1;
}

/** The end of a block comment; `open` is its slash. They nest. */
export function endOfBlockComment(text: string, open: number): number {
  let depth = 0;
  BRACKET.lastIndex = open;
  for (let match = BRACKET.exec(text); match !== null; match = BRACKET.exec(text)) {
    depth += match[0] === "/*" ? 1 : -1;
    if (depth === 0) return BRACKET.lastIndex;
  }
  return -1;
}

/** The end of `$$…$$` or `$tag$…$tag$`; `tag` is the opening one with its dollar signs. */
export function endOfDollarQuoted(text: string, open: number, tag: string): number {
  const close = text.indexOf(tag, open + tag.length);
  return close < 0 ? -1 : close + tag.length;
}

const QUOTE = 0x27, BACKSLASH = 0x5c, MINUS = 0x2d;
const PLAIN = /[^'\\]+/y;
const GAP = /[ \t\n\r\f\v]+|--[^\n\r]*/y;
const BRACKET = /\/\*|\*\//g;

/** The quote with which a string goes on behind one that ends, or -1. Line comments count as white space there. */
function continuation(text: string, end: number): number {
  let at = end, onNewLine = false;
  for (let next = matchAt(GAP, text, at); next > at; next = matchAt(GAP, text, at)) {
    onNewLine ||= text.charCodeAt(at) !== MINUS && hasLineEnd(text, at, next);
    at = next;
  }
  return onNewLine && text.charCodeAt(at) === QUOTE ? at : -1;
}

function hasLineEnd(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) return true;
  }
  return false;
}

/** Where a sticky pattern that is tried at an offset ends; the offset itself where it does not match. */
function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
