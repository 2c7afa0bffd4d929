/** The graph in DOT, the language of Graphviz (graphviz.org, "DOT Language"). */

import type { GraphData, HistoryEntry } from "../commands/data.ts";
import { notesOf, oneLine, stateOf } from "./entry.ts";

/** The graph, the newest revision on top. */
export function renderDot({ database, revisions }: Pick<GraphData, "database" | "revisions">): string {
  const oldestFirst = revisions.toReversed();
  const known = new Set(oldestFirst.map(({ id }) => id));
  return [
    "digraph revisions {",
    "  rankdir=BT;",
    '  node [shape=box, style="rounded,filled", fillcolor="#ffffff", color="#57606a", fontname="sans-serif", fontsize=11];',
    '  edge [color="#57606a"];',
    ...oldestFirst.map((entry) => {
      const look = database === null ? "" : LOOKS[stateOf(entry)];
      return `  ${quoted(entry.id)} [label="${labelOf(entry)}"${look}];`;
    }),
    ...oldestFirst.flatMap(({ id, parents, dependsOn }) => [
      ...parents.filter((parent) => known.has(parent)).map((parent) =>
        `  ${quoted(parent)} -> ${quoted(id)};`
      ),
      ...dependsOn.filter((need) => known.has(need)).map((need) =>
        `  ${quoted(need)} -> ${quoted(id)} [style=dashed, constraint=false];`
      ),
    ]),
    "}",
  ].join("\n");
}

const LOOKS = {
  applied: ', fillcolor="#dafbe1", color="#1a7f37"',
  pending: ', style="rounded,filled,dashed"',
  interrupted: ', fillcolor="#fff1e5", color="#bc4c00"',
};

function labelOf(entry: HistoryEntry): string {
  return [entry.id, entry.message, notesOf(entry)].map(oneLine).filter((line) => line !== "").map(escaped)
    .join("\\n");
}

function quoted(id: string): string {
  return `"${id.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** In a label, `\N` would be the node's name, and `&amp;` an ampersand. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("\\", "\\\\").replaceAll('"', '\\"');
}
