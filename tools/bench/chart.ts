/** The results as a drawing, readable on light and dark pages. */

import type { Kind } from "./contestant.ts";
import { duration } from "./duration.ts";
import { findMeasure, type Key, medianMs, type Results } from "./results.ts";

/** Middle tones on no background, with a contrast of 3 to 1 or more against white and against near-black. */
const COLORS: Readonly<Record<Kind, string>> = { mig: "#2f81f7", floor: "#8b949e", peer: "#bf8700" };
const TEXT = "#7d8590";

const PANEL = { width: 460, left: 160, right: 70, top: 34, bar: 16, pitch: 24, gap: 24 };

const PANELS: readonly { readonly title: string; readonly what: Omit<Key, "contestant"> }[] = [
  { title: "up of 1,000 revisions", what: { subject: "up", n: 1000, delayMs: 0 } },
  { title: "up of 100, 5 ms away each way", what: { subject: "up", n: 100, delayMs: 5 } },
  { title: "status at 1,000", what: { subject: "status", n: 1000, delayMs: 0 } },
  { title: "no-op up at 1,000", what: { subject: "no-op up", n: 1000, delayMs: 0 } },
];

/** The drawing as the text of an SVG file. */
export function chart(results: Results): string {
  const heights: number[] = [];
  const panels = PANELS.map(({ title, what }, index) => {
    const rows = results.contestants.filter(({ name }) =>
      findMeasure(results.measures, { ...what, contestant: name })?.ms.length ||
      findMeasure(results.measures, { ...what, contestant: name })?.failed
    );
    heights[index] = PANEL.top + rows.length * PANEL.pitch;
    return panel(
      title,
      rows.map(({ name, kind }) => ({ name, kind, ms: medianMs(results, { ...what, contestant: name }) })),
    );
  });
  const line = Math.max(heights[0]!, heights[1]!) + PANEL.gap;
  const height = line + Math.max(heights[2]!, heights[3]!) + PANEL.gap;
  const width = 2 * PANEL.width;
  const placed = panels.map((text, index) =>
    `<g transform="translate(${(index % 2) * PANEL.width} ${index < 2 ? 0 : line})">\n${text}\n</g>`
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" ` +
    `font-family="system-ui, sans-serif" font-size="13" fill="${TEXT}">`,
    `<title>mig beside psql and other tools, ${results.date}: shorter is better</title>`,
    ...placed,
    `<text x="8" y="${
      height - 6
    }" font-size="11">${results.date}, ${results.machine.cores} cores, PostgreSQL ${
      escape(results.postgres)
    }, medians; shorter is better. Blue: mig; grey: psql, without any checks; amber: other tools.</text>`,
    "</svg>\n",
  ].join("\n");
}

interface Row {
  readonly name: string;
  readonly kind: Kind;
  readonly ms: number | null;
}

function panel(title: string, rows: readonly Row[]): string {
  const longest = Math.max(...rows.map(({ ms }) => ms ?? 0), 1);
  const room = PANEL.width - PANEL.left - PANEL.right;
  return [
    `<text x="8" y="20" font-size="15" font-weight="600">${escape(title)}</text>`,
    ...rows.map(({ name, kind, ms }, index) => {
      const y = PANEL.top + index * PANEL.pitch;
      const bar = ms === null ? 0 : Math.max(ms / longest * room, 1);
      const weight = kind === "mig" ? ` font-weight="600"` : "";
      return `<text x="${PANEL.left - 8}" y="${y + 13}" text-anchor="end"${weight}>${escape(name)}</text>` +
        `<rect x="${PANEL.left}" y="${y}" width="${bar.toFixed(1)}" height="${PANEL.bar}" rx="2" fill="${
          COLORS[kind]
        }"/>` +
        `<text x="${(PANEL.left + bar + 6).toFixed(1)}" y="${y + 13}"${weight}>${
          ms === null ? "failed" : duration(ms)
        }</text>`;
    }),
  ].join("\n");
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
