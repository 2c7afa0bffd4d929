/** The results for a terminal. */

import { type Finding, findings } from "./requirements.ts";
import type { Results } from "./results.ts";
import { aloneTable, failures, lengthsOf, linkTable, localTable, type Table } from "./table.ts";

/** All tables, then the promises. */
export function report(results: Results): string {
  const { machine, postgres, date, contestants } = results;
  const tables = [
    ...lengthsOf(results, "up").map((n) => localTable(results, n)),
    ...linkTables(results),
    aloneTable(results),
  ];
  const failed = failures(results);
  return [
    `mig bench, ${date}: ${machine.cores} cores (${machine.cpu}), ${machine.system}, PostgreSQL ${postgres}` +
    (results.note === null ? "" : `\n${results.note}`),
    contestants.map(({ name, version }) => `${name} ${version}`).join(" · "),
    ...tables.map(({ title, rows }) => `${title}\n${aligned(rows)}`),
    ...failed.length === 0 ? [] : [`No time:\n${failed.map((line) => `  ${line}`).join("\n")}`],
    `What mig promises:\n${findings(results).map(findingLine).join("\n")}`,
  ].join("\n\n");
}

/** The tables of the slow line, one for each length and delay. */
export function linkTables(results: Results): Table[] {
  const far = results.measures.filter(({ subject, delayMs }) => subject === "up" && delayMs > 0);
  const kinds = new Map(far.map(({ n, delayMs }) => [`${n} ${delayMs}`, { n, delayMs }]));
  return [...kinds.values()].map(({ n, delayMs }) => linkTable(results, n, delayMs));
}

function findingLine({ promise, measured, kept }: Finding): string {
  const verdict = kept === null ? "  ?   " : kept ? "  pass" : "  MISS";
  return `${verdict}  ${promise}: ${measured ?? "not measured"}`;
}

/** Rows as columns of equal width, the first to the left, the others to the right. */
function aligned(rows: Table["rows"]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)).join(
      "  ",
    );
  return rows.map((row) => `  ${line(row)}`.trimEnd()).join("\n");
}
