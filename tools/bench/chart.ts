/** The results as a drawing, readable on light and dark pages. */

import type { Kind } from "./contestant.ts";
import { duration } from "./duration.ts";
import { findMeasure, type Key, medianMs, type Results } from "./results.ts";

/** Middle tones on no background, with a contrast of 3 to 1 or more against white and against near-black. */
const COLORS: Readonly<Record<Kind, string>> = { mig: "#2f81f7", floor: "#8b949e", peer: "#bf8700" };
const TEXT = "#7d8590";

const PANEL = { width: 460, left: 172, right: 70, top: 34, bar: 16, pitch: 24, gap: 24 };

const PANELS: readonly { readonly title: string; readonly what: Omit<Key, "contestant"> }[] = [
  { title: "up of 1,000 revisions", what: { subject: "up", n: 1000, delayMs: 0 } },
  { title: "up of 100, 5 ms each way", what: { subject: "up", n: 100, delayMs: 5 } },
  { title: "status at 1,000", what: { subject: "status", n: 1000, delayMs: 0 } },
  { title: "no-op up at 1,000", what: { subject: "no-op up", n: 1000, delayMs: 0 } },
];

/** The drawing as the text of an SVG file; what was not measured is left out. */
export function chart(results: Results): string {
  const panels = PANELS.map(({ title, what }) => ({ title, rows: rowsOf(results, what) }))
    .filter(({ rows }) => rows.length > 0);
  const lineHeight = PANEL.top + Math.max(0, ...panels.map(({ rows }) => rows.length)) * PANEL.pitch +
    PANEL.gap;
  const width = 2 * PANEL.width;
  const height = Math.ceil(panels.length / 2) * lineHeight + PANEL.gap;
  const placed = panels.map(({ title, rows }, index) => {
    const [x, y] = [(index % 2) * PANEL.width, Math.floor(index / 2) * lineHeight];
    return `<g transform="translate(${x} ${y})">\n${panel(title, rows)}\n</g>`;
  });
  const { date, machine, postgres } = results;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `role="img" font-family="system-ui, sans-serif" font-size="13" fill="${TEXT}">`,
    `<title>mig beside psql and other tools, ${date}: shorter is better</title>`,
    ...placed,
    `<text x="8" y="${height - 8}" font-size="11">${date}, ${machine.cores} cores, PostgreSQL ${
      escape(postgres)
    }, ` +
    "medians; shorter is better. Blue: mig; grey: psql, without any checks; amber: other tools.</text>",
    "</svg>\n",
  ].join("\n");
}

interface Row {
  readonly name: string;
  readonly kind: Kind;
  readonly ms: number | null;
}

/** Those that have such a command, also where it failed. */
function rowsOf(results: Results, what: Omit<Key, "contestant">): Row[] {
  return results.contestants.flatMap(({ name, kind }) => {
    const key = { ...what, contestant: name };
    const measure = findMeasure(results.measures, key);
    const taken = measure !== undefined && (measure.failed !== null || measure.ms.length > 0);
    return taken ? [{ name, kind, ms: medianMs(results, key) }] : [];
  });
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
