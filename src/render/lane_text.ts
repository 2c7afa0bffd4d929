/** The lanes of a graph in characters: lines of Unicode's box drawings, or of ASCII. */

import { CROSSING, DOWN, type LaneRow, LEFT, NODE, RIGHT, UP } from "./graph_lanes.ts";

/** With which characters lanes are drawn. */
export type Alphabet = "unicode" | "ascii";

/** A row of lanes, two characters a column, without spaces at the end. */
export function laneText(row: LaneRow, alphabet: Alphabet, node: string): string {
  const glyphs = alphabet === "unicode" ? UNICODE : ASCII;
  const line = alphabet === "unicode" ? "─" : "-";
  const text = row.cells.map((cell) => {
    const glyph = (cell & NODE) !== 0 ? node : glyphs[cell] ?? " ";
    return glyph + ((cell & (RIGHT | CROSSING)) !== 0 ? line : " ");
  });
  return text.join("").trimEnd();
}

/** The row that can stand under another when the text of that one goes on: whatever leads down from it. */
export function laneContinuation({ cells, ...row }: LaneRow): LaneRow {
  return {
    ...row,
    kind: "gap",
    cells: cells.map((cell) => (cell & (DOWN | CROSSING)) === 0 ? 0 : UP | DOWN),
  };
}

const UNICODE: Readonly<Record<number, string>> = {
  [UP]: "│",
  [UP | DOWN]: "│",
  [LEFT | RIGHT]: "─",
  [CROSSING]: "│",
  [DOWN | RIGHT]: "╭",
  [DOWN | LEFT]: "╮",
  [UP | RIGHT]: "╰",
  [UP | LEFT]: "╯",
  [UP | DOWN | RIGHT]: "├",
  [UP | DOWN | LEFT]: "┤",
  [DOWN | LEFT | RIGHT]: "┬",
  [UP | LEFT | RIGHT]: "┴",
  [UP | DOWN | LEFT | RIGHT]: "┼",
};

const ASCII: Readonly<Record<number, string>> = {
  ...Object.fromEntries(Object.keys(UNICODE).map((cell) => [cell, "+"])),
  [UP]: "|",
  [UP | DOWN]: "|",
  [LEFT | RIGHT]: "-",
  [CROSSING]: "|",
  [DOWN | RIGHT]: ".",
  [DOWN | LEFT]: ".",
  [UP | RIGHT]: "'",
  [UP | LEFT]: "'",
};
