/** Colour and weight for terminals. Everything reads well without. */

/** Puts escape codes around a text, or leaves it as it is. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

/** The style of a terminal (ECMA-48, "Select Graphic Rendition"), or of plain text. */
export function styleFor(colour: boolean): Style {
  const code = (open: number, close: number) => (text: string) =>
    colour && text !== "" ? `\x1b[${open}m${text}\x1b[${close}m` : text;
  return {
    bold: code(1, 22),
    dim: code(2, 22),
    red: code(31, 39),
    green: code(32, 39),
    yellow: code(33, 39),
    cyan: code(36, 39),
  };
}

/** A text as a terminal may show it: what could move the cursor, hide something or turn it round is written out. */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/** Control characters but for tab and line feed, and those of Unicode that are not seen or change a line's direction. */
const UNPRINTABLE = /(?![\t\n])[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;
