/**
 * Draws who follows whom in lanes, as `git log --graph` does. It decides where every line runs; what the lines look like
 * is for `lane_text` and `graph_svg` to say.
 *
 * A lane is a column that waits for one revision: all lines that lead there share it, joining as soon as they can. Lines
 * turn aside in rows of their own between the revisions, so none ever runs through a revision that it does not touch.
 */

import type { RevisionId } from "../revision/revision.ts";

/** A revision, as the lanes need it. */
export interface LaneNode {
  readonly id: RevisionId;
  /** Those that are not drawn below it are left out. */
  readonly parents: readonly RevisionId[];
}

/** One line of the drawing. */
export interface LaneRow {
  /**
   * `node` has a revision. Under it, `fork` leads the lines of a merge to their lanes, and `join` brings two lanes that wait
   * for the same revision together. `gap` keeps a revision that follows nobody apart from an unrelated one below it.
   */
  readonly kind: "node" | "fork" | "join" | "gap";
  /** Which of the revisions the row belongs to, from 0. */
  readonly node: number;
  /** The column of that revision. */
  readonly column: number;
  /** What each column has: a sum of the constants below. */
  readonly cells: readonly number[];
}

/** A line from the middle of the cell to one of its sides. */
export const UP = 1, DOWN = 2, LEFT = 4, RIGHT = 8;
/** The cell is a revision. */
export const NODE = 16;
/** A line from left to right passes under one from top to bottom, and they do not touch. */
export const CROSSING = 32;

/**
 * Lays out revisions from top to bottom. Time and space grow with the area of the drawing.
 * @param nodes each before those that it follows
 */
export function layLanes(nodes: readonly LaneNode[]): LaneRow[] {
  const lanes = new Lanes();
  const rows: LaneRow[] = [];
  const row = (kind: LaneRow["kind"], node: number, column: number, cells: number[]) => {
    rows.push({ kind, node, column, cells });
    return cells;
  };
  const positions = new Map(nodes.map(({ id }, position) => [id, position]));
  nodes.forEach(({ id, parents }, node) => {
    const below = [...new Set(parents)].filter((parent) => (positions.get(parent) ?? -1) > node);
    const waiting = lanes.columnOf(id);
    const column = waiting ?? lanes.free(0);
    const above = rows.at(-1);
    if (waiting === undefined && above?.kind === "node" && above.column === column) {
      row("gap", node - 1, column, lanes.verticals());
    }
    const cells = row("node", node, column, lanes.verticals());
    lanes.set(column, null);
    cells[column] = NODE | (waiting === undefined ? 0 : UP) | (below.length > 0 ? DOWN : 0);
    const links = below.length > 1 ? fork(lanes, column, below) : follow(lanes, column, below[0]);
    if (links !== null) row(below.length > 1 ? "fork" : "join", node, column, links);
  });
  return rows;
}

/** How many columns a drawing has. */
export function laneCount(rows: readonly LaneRow[]): number {
  return rows.reduce((most, { cells }) => Math.max(most, cells.length), 0);
}

/** A revision with one parent: its lane goes on, or joins the one that waits for the same, in the left one of the two. */
function follow(lanes: Lanes, column: number, parent: RevisionId | undefined): number[] | null {
  if (parent === undefined) return null;
  const other = lanes.columnOf(parent);
  if (other === undefined) {
    lanes.set(column, parent);
    return null;
  }
  const [left, right] = [Math.min(column, other), Math.max(column, other)];
  const cells = lanes.verticals(column + 1);
  cells[column] = UP;
  span(cells, left, right);
  cells[left] = UP | DOWN | RIGHT;
  cells[right] = UP | LEFT;
  lanes.set(right, null);
  lanes.set(left, parent);
  return cells;
}

/** A merge: a line to the lane of each parent. */
function fork(lanes: Lanes, column: number, parents: readonly RevisionId[]): number[] {
  const old = parents.flatMap((parent) => lanes.columnOf(parent) ?? []);
  const cells = lanes.verticals(column + 1);
  cells[column] = UP;
  const made: number[] = [];
  for (const parent of parents.filter((parent) => lanes.columnOf(parent) === undefined)) {
    const goal = made.length === 0 ? column : lanes.free(column + 1);
    made.push(goal);
    lanes.set(goal, parent);
    cells[goal] = (cells[goal] ?? 0) | DOWN;
  }
  const ends = [column, ...old, ...made];
  const [left, right] = [Math.min(...ends), Math.max(...ends)];
  const touched = new Set(ends);
  span(cells, left, right, touched);
  for (const end of touched) cells[end] = cells[end]! | (end > left ? LEFT : 0) | (end < right ? RIGHT : 0);
  return cells;
}

/** A line from left to right, under whatever stands between. */
function span(cells: number[], left: number, right: number, except: ReadonlySet<number> = new Set()): void {
  while (cells.length <= right) cells.push(0);
  for (let at = left + 1; at < right; at++) {
    if (!except.has(at)) cells[at] = cells[at] === 0 ? LEFT | RIGHT : CROSSING;
  }
}

/** Which revision each column waits for. */
class Lanes {
  readonly #waiting: (RevisionId | null)[] = [];
  readonly #columns = new Map<RevisionId, number>();
  /** A row in which all that wait go straight on; copied for every row, which is where the time of a wide graph goes. */
  readonly #straight: number[] = [];

  columnOf(id: RevisionId): number | undefined {
    return this.#columns.get(id);
  }

  /** The first column from there that waits for nobody. */
  free(from: number): number {
    const found = this.#waiting.indexOf(null, from);
    return found < 0 ? Math.max(from, this.#waiting.length) : found;
  }

  set(column: number, id: RevisionId | null): void {
    while (this.#waiting.length <= column) this.#push();
    const before = this.#waiting[column]!;
    if (before !== null) this.#columns.delete(before);
    this.#waiting[column] = id;
    this.#straight[column] = id === null ? 0 : UP | DOWN;
    if (id !== null) this.#columns.set(id, column);
    while (this.#waiting.length > 0 && this.#waiting.at(-1) === null) this.#pop();
  }

  /** A row of at least so many columns in which all that wait go straight on. */
  verticals(width = 0): number[] {
    const row = this.#straight.slice();
    while (row.length < width) row.push(0);
    return row;
  }

  #push(): void {
    this.#waiting.push(null);
    this.#straight.push(0);
  }

  #pop(): void {
    this.#waiting.pop();
    this.#straight.pop();
  }
}
