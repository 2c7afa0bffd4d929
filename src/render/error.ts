/** An error for people: what failed, where, the excerpt, what the server said, and what to do next. */

import type { MigError, ServerReport, SourceLocation } from "../error.ts";
import { printable, type Style } from "./style.ts";

/** The error as lines, without a line ending at the end. */
export function renderError(error: MigError, style: Style): string {
  const lines = [`${style.red(style.bold("error:"))} ${style.bold(printable(error.message))}`];
  if (error.errors.length > 0) {
    // Each part tells its own place and what to do about it.
    for (const part of error.errors) lines.push("", renderError(part, style));
    return lines.join("\n");
  }
  for (const location of error.locations) lines.push(...locationLines(location, style));
  if (error.server !== undefined) lines.push(...serverLines(error.server, style));
  if (error.code === "hook-failed") lines.push(...outputLines(error.data.output, style));
  for (const hint of error.hints) lines.push(`${style.cyan("hint:")} ${printable(hint)}`);
  return lines.join("\n");
}

/** How much of a long line is shown, in code points. */
const EXCERPT_WIDTH = 90;

function locationLines(
  { path, line, column, excerpt, length, note }: SourceLocation,
  style: Style,
): string[] {
  const place = [path, line, line === undefined ? undefined : column].filter((part) => part !== undefined)
    .join(":");
  const head = `  ${style.cyan("-->")} ${printable(place)}${
    note === undefined ? "" : `  ${printable(note.replaceAll(/\s+/g, " "))}`
  }`;
  if (excerpt === undefined || line === undefined || excerpt.trim() === "") return [head];
  const number = String(line);
  const gutter = " ".repeat(number.length + 1);
  const bar = style.cyan("|");
  const { text, before } = window([...excerpt.replaceAll("\t", " ")], column ?? 1, length ?? 1);
  const marks = column === undefined ? [] : [
    `${gutter} ${bar} ${" ".repeat(before)}${style.red("^".repeat(underlined(text, before, length ?? 1)))}`,
  ];
  return [head, `${gutter} ${bar}`, ` ${style.cyan(number)} ${bar} ${printable(text.join(""))}`, ...marks];
}

/** The part of a long line around the column, and how many code points stand before it there. */
function window(
  points: readonly string[],
  column: number,
  length: number,
): { readonly text: readonly string[]; readonly before: number } {
  if (points.length <= EXCERPT_WIDTH) return { text: points, before: column - 1 };
  const wanted = Math.min(length, EXCERPT_WIDTH / 2);
  const start = Math.max(
    0,
    Math.min(column - 1 - (EXCERPT_WIDTH - wanted) / 2, points.length - EXCERPT_WIDTH) | 0,
  );
  const end = Math.min(points.length, start + EXCERPT_WIDTH);
  const text = points.slice(start, end);
  if (start > 0) text[0] = "…";
  if (end < points.length) text[text.length - 1] = "…";
  return { text, before: column - 1 - start };
}

function underlined(text: readonly string[], before: number, length: number): number {
  return Math.max(1, Math.min(length, text.length - before));
}

/** The last lines that a command line printed. */
function outputLines(output: unknown, style: Style): string[] {
  if (!Array.isArray(output) || output.length === 0) return [];
  return [
    `   ${style.cyan("=")} it printed\n     ${output.map((line) => printable(String(line))).join("\n     ")}`,
  ];
}

function serverLines(server: ServerReport, style: Style): string[] {
  const facts: (readonly [string, string | undefined])[] = [
    ["SQLSTATE", server.sqlstate],
    ["detail", server.detail],
    ["server's hint", server.hint],
    ["context", server.where],
    ["constraint", server.constraint],
  ];
  return facts.flatMap(([name, value]) =>
    value ? [`   ${style.cyan("=")} ${name} ${printable(value).replaceAll("\n", "\n     ")}`] : []
  );
}
