/** Text in columns and paragraphs. */

/** Rows of cells, each column as wide as its widest cell, indented by two. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => widths[i] = Math.max(widths[i] ?? 0, widthOf(cell)));
  return rows.map((row) => {
    const cells = row.map((cell, i) =>
      i === row.length - 1 ? cell : cell + " ".repeat(widths[i]! - widthOf(cell))
    );
    return `  ${cells.join("  ")}`.trimEnd();
  }).join("\n");
}

/** A paragraph in lines of at most `width` columns, broken at spaces. */
export function wrap(text: string, width = 100): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}

/** How many columns a text takes, escape codes not counted. */
export function widthOf(text: string): number {
  return [...text.replaceAll(ESCAPE_CODE, "")].length;
}

/** What `Style` puts around a text. */
export const ESCAPE_CODE = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g");

/** `1 revision`, `2 revisions`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** Milliseconds for people: `8 ms`, `1.4 s`, `3 min 20 s`. */
export function duration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A time of the server, ISO 8601 in UTC, to the minute: `2026-11-22 22:25 UTC`. */
export function minute(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
}
