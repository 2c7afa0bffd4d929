/** The data of a COPY in a text that comes in pieces; see `readCopyData()`. */

import { dataUnclosed } from "../copy_data.ts";
import type { TextWindow } from "./window.ts";

/**
 * Gives the data piece by piece, without its closing line, and leaves the window behind that. A piece may end anywhere but
 * within a character or a CR LF.
 *
 * @param window stands at the first line of data
 * @param start where the COPY begins in the whole text
 * @throws {UnclosedError} where no line closes the data
 */
export function* copyDataIn(window: TextWindow, start: number): Generator<string> {
  for (let onNewLine = true;;) {
    const { text, at, ended } = window;
    const closing = closingLine(text, at, onNewLine, ended);
    if (closing !== null) {
      if (closing.start > at) yield take(window, closing.start);
      window.advance(closing.end);
      return;
    }
    if (ended) throw dataUnclosed(start);
    const border = lastBorder(text, at);
    if (border > at) {
      onNewLine = text[border - 1] === "\n";
      yield take(window, border);
    }
    window.grow();
  }
}

function take(window: TextWindow, to: number): string {
  const piece = window.text.slice(window.at, to);
  window.advance(to);
  return piece;
}

/** The line that is `\.` and nothing else; null where it is not there, or not to its end. */
function closingLine(
  text: string,
  from: number,
  onNewLine: boolean,
  ended: boolean,
): { readonly start: number; readonly end: number } | null {
  for (let at = text.indexOf("\\.", from); at >= 0; at = text.indexOf("\\.", at + 2)) {
    if (at === from ? !onNewLine : text[at - 1] !== "\n") continue;
    END_OF_LINE.lastIndex = at + 2;
    if (END_OF_LINE.test(text) && (ended || END_OF_LINE.lastIndex < text.length || text.endsWith("\n"))) {
      return { start: at, end: END_OF_LINE.lastIndex };
    }
  }
  return null;
}

/** How much of the text cannot be the beginning of the closing line, whatever follows. */
function lastBorder(text: string, from: number): number {
  let border = Math.max(from, text.length - LONGEST_END);
  if (text[border - 1] === "\r") border--;
  const code = border > from ? text.charCodeAt(border - 1) : 0;
  // Both halves of a character stay together.
  return Math.max(from, code >= 0xd800 && code < 0xdc00 ? border - 1 : border);
}

/** Of `\.` and CR, with the LF that comes before. */
const LONGEST_END = 4;
const END_OF_LINE = /\r?\n|\r?$/y;
