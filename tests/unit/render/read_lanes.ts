/** Reads a drawn graph back, by its characters alone, as a person's eye follows the lines. */

/** The edges of a drawing, `child parent`, sorted; throws where a line leads nowhere. */
export function readEdges(lines: readonly string[], ids: readonly string[], node = "●"): string[] {
  const grid = lines.map((line) => [...line]);
  const at = (row: number, column: number) => grid[row]?.[column] ?? " ";
  const names = new Map<string, string>();
  let count = 0;
  grid.forEach((line, row) =>
    line.forEach((glyph, column) => {
      if (glyph === node) names.set(`${row} ${column}`, ids[count++]!);
    })
  );
  if (count !== ids.length) throw new Error(`${count} revisions are drawn, not ${ids.length}`);
  const edges: string[] = [];
  for (const [place, child] of names) {
    const [row, column] = place.split(" ").map(Number) as [number, number];
    const found = new Set<string>();
    /** Comes into a cell from above. */
    const down = (r: number, c: number, fromNode: boolean): void => {
      const glyph = at(r, c);
      if (glyph === node) return void found.add(names.get(`${r} ${c}`)!);
      if (!UPWARD.has(glyph)) {
        if (fromNode) return;
        throw new Error(`a line ends at row ${r}, column ${c}`);
      }
      const turns = fromNode || !DOWNWARD.has(glyph);
      if (DOWNWARD.has(glyph)) down(r + 1, c, false);
      if (turns && LEFTWARD.has(glyph)) aside(r, c - 1, -1);
      if (turns && RIGHTWARD.has(glyph)) aside(r, c + 1, 1);
    };
    /** Goes along a row. */
    const aside = (r: number, c: number, step: -1 | 1): void => {
      const glyph = at(r, c);
      if (glyph === "─" || glyph === "│") return aside(r, c + step, step);
      const facing = step < 0 ? RIGHTWARD : LEFTWARD;
      if (!facing.has(glyph)) throw new Error(`a line leads into "${glyph}" at row ${r}, column ${c}`);
      if (DOWNWARD.has(glyph)) down(r + 1, c, false);
      if ((step < 0 ? LEFTWARD : RIGHTWARD).has(glyph)) aside(r, c + step, step);
    };
    down(row + 1, column, true);
    edges.push(...[...found].map((parent) => `${child} ${parent}`));
  }
  return edges.sort();
}

const UPWARD = new Set("│├┤┼┴╰╯");
const DOWNWARD = new Set("│├┤┼┬╭╮");
const LEFTWARD = new Set("┤┼┴┬╯╮");
const RIGHTWARD = new Set("├┼┴┬╰╭");
