/** The results as text for a terminal. */

import { type Key, medianMs, type Results } from "./results.ts";

/** A column of a table: its head, and what it shows of whom. */
export interface Column {
  readonly head: string;
  readonly key: Omit<Key, "contestant">;
}

/** A table of medians; behind each the ratio to mig's. */
export function medianTable(results: Results, columns: readonly Column[]): string {
  const rows = [["", ...columns.flatMap(({ head }) => [head, "×mig"])]];
  for (const { name } of results.contestants) {
    rows.push([name, ...columns.flatMap((column) => cells(results, name, column.key))]);
  }
  return aligned(rows);
}

function cells(results: Results, contestant: string, key: Omit<Key, "contestant">): [string, string] {
  const mine = medianMs(results, { ...key, contestant });
  const ofMig = medianMs(results, { ...key, contestant: "mig" });
  if (mine === null) return [noTime(results, { ...key, contestant }), ""];
  return [duration(mine), ofMig === null ? "" : (mine / ofMig).toFixed(2)];
}

/** Why there is no time: `failed`, or a dash where the program has no such command. */
function noTime(results: Results, key: Key): string {
  const measure = results.measures.find((each) =>
    each.contestant === key.contestant && each.subject === key.subject && each.n === key.n &&
    each.delayMs === key.delayMs
  );
  return measure?.failed ? "failed" : "–";
}

/** Milliseconds as a person reads them. */
export function duration(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return ms >= 100 ? `${ms.toFixed(0)} ms` : `${ms.toFixed(1)} ms`;
}

/** Rows as columns of equal width, the first to the left, the others to the right. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, column) => column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))
      .join("  ").trimEnd()
  ).join("\n");
}
