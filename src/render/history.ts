/** `mig history`, for people: a list, with the graph beside it where there is more than a chain. */

import type { HistoryData, HistoryEntry } from "../commands/data.ts";
import { appliedText } from "./applied.ts";
import { notesOf, oneLine } from "./entry.ts";
import { laneCount, type LaneRow, layLanes } from "./graph_lanes.ts";
import { laneContinuation, laneText } from "./lane_text.ts";
import { columns, widthOf } from "./layout.ts";
import { printable, type Style } from "./style.ts";

/** How wide the lanes may be before the text beside them no longer stands in one column, in characters. */
const LANES_ALIGNED = 32;

/** The history as text. */
export function renderHistory(data: Omit<HistoryData, "kind">, style: Style): string {
  const { revisions, range, view } = data;
  if (revisions.length === 0) {
    return range === null
      ? 'There is no revision yet: mig new "create users" makes one'
      : `No revision is in the range "${printable(range)}"`;
  }
  const rows = layLanes(revisions);
  const listed = isChain(rows);
  const marks = revisions.map((entry) => markOf(entry, data, !listed, style));
  const texts = columns(revisions.map((entry) => cellsOf(entry, data, style))).split("\n");
  const under = revisions.map((entry) => view.verbose ? detailLines(entry, style) : []);
  if (listed) {
    const margin = data.database === null ? "" : "  ";
    const line = (mark: string, text: string) => `${margin === "" ? "" : `  ${mark}`}${text}`;
    return texts.flatMap((text, i) => [line(marks[i]!, text), ...under[i]!.map((detail) => margin + detail)])
      .join("\n");
  }
  return drawn(rows, { marks, texts, under, ascii: view.ascii }).join("\n");
}

function drawn(
  rows: readonly LaneRow[],
  { marks, texts, under, ascii }: {
    readonly marks: readonly string[];
    readonly texts: readonly string[];
    readonly under: readonly (readonly string[])[];
    readonly ascii: boolean;
  },
): string[] {
  const alphabet = ascii ? "ascii" : "unicode";
  const width = Math.min(2 * laneCount(rows) - 1, LANES_ALIGNED);
  const beside = (lanes: string, text: string) =>
    `  ${lanes}${" ".repeat(Math.max(0, width - widthOf(lanes)))}${text}`;
  return rows.flatMap((row) => {
    if (row.kind !== "node") return [`  ${laneText(row, alphabet, "")}`.trimEnd()];
    const below = laneText(laneContinuation(row), alphabet, "");
    return [
      beside(laneText(row, alphabet, marks[row.node]!), texts[row.node]!),
      ...under[row.node]!.map((detail) => beside(below, detail)),
    ];
  });
}

/** Whether a list says it all. */
function isChain(rows: readonly LaneRow[]): boolean {
  return laneCount(rows) === 1 && rows.every(({ kind }) => kind === "node");
}

function markOf(
  { applied }: HistoryEntry,
  { database, view: { ascii } }: Pick<HistoryData, "database" | "view">,
  inGraph: boolean,
  style: Style,
): string {
  const [yes, no] = ascii ? ["*", "o"] : inGraph ? ["●", "○"] : ["✓", "·"];
  if (database === null) return yes!;
  return applied === null ? style.dim(no!) : style.green(yes!);
}

function cellsOf(entry: HistoryEntry, { database }: Pick<HistoryData, "database">, style: Style): string[] {
  const { id, message, applied } = entry;
  const when = applied === null
    ? style.dim("pending")
    : applied.unfinished !== null
    ? "interrupted"
    : appliedText(applied);
  return [
    style.yellow(oneLine(id)),
    oneLine(message),
    ...(database === null ? [] : [when]),
    style.cyan(notesOf(entry)),
  ];
}

function detailLines({ parents, dependsOn, labels, path }: HistoryEntry, style: Style): string[] {
  const rows = [
    [
      parents.length > 1 ? "parents" : "parent",
      parents.length === 0 ? "none: it is a base" : parents.join(", "),
    ],
    ...(dependsOn.length === 0 ? [] : [["needs", dependsOn.join(", ")]]),
    ...(labels.length === 0 ? [] : [["labels", labels.join(", ")]]),
    ["folder", path ?? "not here"],
  ];
  return columns(rows.map(([name, value]) => [style.dim(name!), printable(value!)])).split("\n").map((line) =>
    `  ${line}`
  );
}
