/** The graph as an SVG image: nothing but the file is needed, and it has a ground of its own, light or dark as the reader's. */

import type { GraphData, HistoryEntry } from "../commands/data.ts";
import { notesOf, oneLine, stateOf } from "./entry.ts";
import { CROSSING, DOWN, laneCount, type LaneRow, layLanes, LEFT, NODE, RIGHT, UP } from "./graph_lanes.ts";
import { minute } from "./layout.ts";

/** In CSS pixels. */
const LANE = 18, NODE_ROW = 24, LINK_ROW = 14, MARGIN = 16, RADIUS = 5, LETTER = 7.3;

/** The image, the newest revision on top. */
export function renderSvg({ database, revisions }: Pick<GraphData, "database" | "revisions">): string {
  const rows = layLanes(revisions);
  const centres = centresOf(rows);
  const textAt = 2 * MARGIN + laneCount(rows) * LANE;
  const texts = revisions.map((entry) => textOf(entry, database !== null));
  const longest = texts.reduce((most, text) => Math.max(most, columnsOf(text.join("  "))), 0);
  const width = Math.ceil(textAt + longest * LETTER + MARGIN);
  const height = Math.ceil((centres.at(-1) ?? 0) + NODE_ROW / 2 + MARGIN);
  const drawn = rows.flatMap(({ kind, node, column }, i) => {
    if (kind !== "node") return [];
    const y = centres[i]!;
    const entry = revisions[node]!;
    const [id, message, ...notes] = texts[node]!.map(escaped);
    const state = database === null ? "" : ` class="${stateOf(entry)}"`;
    return [
      `<g${state}><title>${escaped(tooltip(entry))}</title><circle cx="${
        x(column)
      }" cy="${y}" r="${RADIUS}"/>` +
      `<text x="${textAt}" y="${y + 4}" xml:space="preserve"><tspan class="id">${id}</tspan>  ${message}` +
      `${notes.length === 0 ? "" : `  <tspan class="notes">${notes.join("  ")}</tspan>`}</text></g>`,
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    "<title>Revisions</title>",
    `<style>${STYLE}</style>`,
    '<rect class="ground" width="100%" height="100%"/>',
    `<path class="lanes" d="${
      rows.map((row, i) => lines(row, centres[i]!)).filter((d) => d !== "").join(" ")
    }"/>`,
    ...drawn,
    "</svg>",
  ].join("\n");
}

const STYLE = `
text { font: 12px ui-monospace, Consolas, Menlo, monospace; fill: #1f2328; white-space: pre }
.ground { fill: #ffffff } .lanes { fill: none; stroke: #818b98; stroke-width: 2 }
circle { fill: #818b98; stroke: #818b98; stroke-width: 2 } .id { fill: #0550ae } .notes { fill: #59636e }
.applied circle { fill: #1a7f37; stroke: #1a7f37 } .pending circle { fill: #ffffff }
.interrupted circle { fill: #ffffff; stroke: #bc4c00 }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc } .ground { fill: #0d1117 } .id { fill: #79c0ff } .notes { fill: #9198a1 }
  .applied circle { fill: #3fb950; stroke: #3fb950 } .pending circle { fill: #0d1117 }
  .interrupted circle { fill: #0d1117; stroke: #f0883e }
}
`;

function centresOf(rows: readonly LaneRow[]): number[] {
  let y = MARGIN;
  return rows.map((row) => {
    const half = heightOf(row) / 2;
    y += 2 * half;
    return y - half;
  });
}

function heightOf({ kind }: LaneRow): number {
  return kind === "node" ? NODE_ROW : LINK_ROW;
}

function x(column: number): number {
  return MARGIN + column * LANE + LANE / 2;
}

/** The lines of a row, from the upper side of it to the lower. */
function lines(row: LaneRow, centre: number): string {
  const half = heightOf(row) / 2;
  const [top, bottom] = [centre - half, centre + half];
  return row.cells.map((cell, column) => {
    const at = x(column);
    const has = (side: number) => (cell & side) !== 0;
    const across = `M${at - LANE / 2} ${centre}h${LANE}`;
    const straight = `M${at} ${top}V${bottom}`;
    if (has(CROSSING)) return straight + across;
    const upright = has(UP) && has(DOWN) ? straight : "";
    if (has(NODE)) {
      return upright || (has(UP) ? `M${at} ${top}V${centre}` : has(DOWN) ? `M${at} ${centre}V${bottom}` : "");
    }
    // Aside from the revision above, where this is its row; else down to what the lane waits for.
    const end = has(DOWN) && !(row.kind === "fork" && column === row.column) ? bottom : top;
    if (has(LEFT) && has(RIGHT)) {
      return across + (upright || (has(UP) || has(DOWN) ? `M${at} ${centre}V${end}` : ""));
    }
    if (!has(LEFT) && !has(RIGHT)) return upright || (has(UP) ? `M${at} ${top}V${centre}` : "");
    return `${upright}M${at + (has(LEFT) ? -LANE : LANE) / 2} ${centre}Q${at} ${centre} ${at} ${end}`;
  }).join("");
}

/** The id, the message, and what is to be noted. */
function textOf(entry: HistoryEntry, asked: boolean): string[] {
  const { id, message, applied } = entry;
  const when = applied === null
    ? "pending"
    : applied.unfinished !== null
    ? "interrupted"
    : minute(applied.appliedAt);
  return [id, message, ...[asked ? when : "", notesOf(entry)].filter((note) => note !== "")].map(oneLine);
}

function tooltip({ id, parents, dependsOn, path }: HistoryEntry): string {
  return [
    parents.length === 0 ? `${id} is a base` : `${id} follows ${parents.join(", ")}`,
    ...(dependsOn.length === 0 ? [] : [`and needs ${dependsOn.join(", ")}`]),
    ...(path === null ? [] : [`in ${path}`]),
  ].join(" ");
}

/** How many letters of a monospaced font a text is wide; those of East Asia take two (UAX #11, roughly). */
function columnsOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (letter.codePointAt(0)! >= 0x1100 ? 2 : 1), 0);
}

/** A text for XML 1.0, which some characters must not be in at all. */
function escaped(text: string): string {
  return oneLine(text).replaceAll(/[\ufffe\uffff\p{Cs}]/gu, "\ufffd")
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
