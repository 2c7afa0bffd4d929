/** Problems as text: each on a line, with what to do. */

import type { AcceptedData, CheckData, Problem, RestoredData } from "../commands/data.ts";
import { MANY_NOT_HERE, manyNotHereHints } from "../revision/drift_hints.ts";
import { count } from "./layout.ts";
import { printable, type Style } from "./style.ts";
import { titled } from "./title.ts";

/** A problem, its difference and its hints, as lines. */
export function problemLines(
  { kind, revision, message, location, hints, diff }: Problem,
  style: Style,
  colour: "red" | "yellow" = "red",
): string[] {
  const place = location === null
    ? ""
    : `: ${[location.path, location.line, location.column].filter((part) => part !== null).join(":")}`;
  const who = revision === null ? "" : `${style.yellow(printable(revision))} `;
  return [
    `${style[colour](`${kind}:`)} ${who}${printable(message)}${printable(place)}`,
    ...(diff === null ? [] : diff.split("\n").map((line) => `    ${diffLine(line, style)}`)),
    ...hints.map((hint) => `${style.cyan("hint:")} ${printable(hint)}`),
  ];
}

/** What `mig check` found, kind by kind. */
export function renderCheck({ problems, revisions, database }: CheckData, style: Style): string {
  const where = database === null ? "in the files" : `in the files and ${printable(database)}`;
  if (problems.length === 0) return `All is well ${where}: ${count(revisions, "revision")}`;
  const kinds = [...new Set(problems.map(({ kind }) => kind))];
  return [
    ...kinds.flatMap((kind) => kindLines(problems.filter((problem) => problem.kind === kind), style)),
    `${count(problems.length, "problem")} ${where}`,
  ].join("\n");
}

/** What is to be done about a single one stands below it; what holds for all of a kind, once. */
function kindLines(problems: readonly Problem[], style: Style): string[] {
  const [first, ...others] = problems;
  if (first!.kind === "not-here" && problems.length >= MANY_NOT_HERE) {
    return [
      ...problems.flatMap((problem) => problemLines({ ...problem, hints: [] }, style)),
      ...manyNotHereHints(true).map((hint) => `${style.cyan("hint:")} ${hint}`),
    ];
  }
  const shared = first!.hints.filter((hint) => others.every(({ hints }) => hints.includes(hint)));
  return [
    ...problems.flatMap((problem) =>
      problemLines({ ...problem, hints: problem.hints.filter((hint) => !shared.includes(hint)) }, style)
    ),
    ...shared.map((hint) => `${style.cyan("hint:")} ${printable(hint)}`),
  ];
}

/** What `mig accept` did. */
export function renderAccepted({ revision, changed }: AcceptedData, style: Style): string {
  return changed
    ? `Recorded the present text of ${titled(revision, style)}`
    : `Nothing to do: what was applied is the present text of ${titled(revision, style)}`;
}

/** What `mig restore` wrote. */
export function renderRestored({ revisions }: RestoredData, style: Style): string {
  if (revisions.length === 0) return "Nothing to do: every revision of the database is in this folder";
  return [
    ...revisions.flatMap((revision) => {
      const { path, files } = revision;
      const whole = ["up.sql", "meta.json"].every((name) => files.includes(`${path}/${name}`));
      const paths = whole ? [path] : files;
      return paths.map((made) => `made   ${printable(made)}  ${titled(revision, style)}`);
    }),
    `Restored ${count(revisions.length, "revision")}`,
  ].join("\n");
}

function diffLine(line: string, style: Style): string {
  const text = printable(line);
  if (/^(---|\+\+\+) /.test(line)) return style.bold(text);
  return line.startsWith("+") ? style.green(text) : line.startsWith("-") ? style.red(text) : text;
}
