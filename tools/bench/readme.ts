/** The README's section on speed, written from the results. */

import { findings } from "./requirements.ts";
import type { Results } from "./results.ts";
import { linkTables } from "./report.ts";
import { aloneTable, failures, lengthsOf, localTable, type Table } from "./table.ts";

const START = "<!-- bench -->";
const END = "<!-- /bench -->";

/** The README with what is between its two markers written anew. */
export function withBench(readme: string, results: Results): string {
  const [start, end] = [readme.indexOf(START), readme.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`the README has no ${START} … ${END}`);
  return `${readme.slice(0, start)}${START}\n${section(results)}\n${readme.slice(end)}`;
}

function section(results: Results): string {
  const { date, machine, postgres, contestants } = results;
  const tables = [
    ...lengthsOf(results, "up").map((n) => localTable(results, n)),
    ...linkTables(results),
    aloneTable(results),
  ];
  const failed = failures(results);
  return [
    "![up, status and no-op up of mig beside psql and other tools](docs/bench.svg)",
    `Measured on ${date}: ${machine.cores} cores (${machine.cpu}), PostgreSQL ${postgres} with its own settings, medians; ` +
    `${
      contestants.map(({ name, version }) => `${name} ${version}`).join(" · ")
    }. Each revision creates a table of six ` +
    "columns, adds a column and an index. `×mig` is the time as a multiple of mig's; a dash stands where a tool has no " +
    `such command.${results.note === null ? "" : ` ${results.note}`}`,
    ...tables.map((table) => `**${table.title}**\n\n${markdown(table)}`),
    `**What mig promises**\n\n${markdown({ title: "", rows: promises(results) })}`,
    ...failed.length === 0 ? [] : [`Failed: ${failed.join("; ")}.`],
  ].join("\n\n");
}

/** The promises that were measured. */
function promises(results: Results): string[][] {
  const measured = findings(results).filter(({ kept }) => kept !== null);
  const rows = measured.map((
    { promise, measured, kept },
  ) => [promise, measured ?? "", kept ? "kept" : "**missed**"]);
  return [["", "measured", ""], ...rows];
}

function markdown({ rows }: Table): string {
  const [head, ...body] = rows.map((row) => `| ${row.join(" | ")} |`);
  const rule = `| --- |${" --: |".repeat(rows[0]!.length - 1)}`;
  return [head, rule, ...body].join("\n");
}
