/** The graph as a Mermaid flowchart (mermaid.js.org, "Flowcharts"), which GitHub and GitLab draw in Markdown. */

import type { GraphData, HistoryEntry } from "../commands/data.ts";
import type { RevisionId } from "../revision/revision.ts";
import { notesOf, oneLine, stateOf } from "./entry.ts";

/** The flowchart, the newest revision on top. */
export function renderMermaid({ database, revisions }: Pick<GraphData, "database" | "revisions">): string {
  const oldestFirst = revisions.toReversed();
  const known = new Set(oldestFirst.map(({ id }) => id));
  const classes = ["applied", "pending", "interrupted"] as const;
  return [
    "flowchart BT",
    ...oldestFirst.map((entry) => `  ${nodeName(entry.id)}["${labelOf(entry)}"]`),
    ...oldestFirst.flatMap(({ id, parents, dependsOn }) => [
      ...parents.filter((parent) => known.has(parent)).map((parent) =>
        `  ${nodeName(parent)} --> ${nodeName(id)}`
      ),
      ...dependsOn.filter((need) => known.has(need)).map((need) =>
        `  ${nodeName(need)} -.-> ${nodeName(id)}`
      ),
    ]),
    ...(database === null ? [] : classes.flatMap((name) => {
      const members = oldestFirst.filter((entry) => stateOf(entry) === name).map(({ id }) => nodeName(id));
      return members.length === 0
        ? []
        : [`  classDef ${name} ${STYLES[name]}`, `  class ${members.join(",")} ${name}`];
    })),
  ].join("\n");
}

/** Dark letters on a ground of their own, so that a page may be light or dark. */
const STYLES = {
  applied: "fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
  pending: "fill:#f6f8fa,stroke:#818b98,color:#1f2328,stroke-dasharray:4",
  interrupted: "fill:#fff1e5,stroke:#bc4c00,color:#1f2328",
};

/** A name that is no word of Mermaid's; `-` would be a part of an arrow. Different ids have different names. */
function nodeName(id: RevisionId): string {
  return "r" + id.replaceAll(/[^a-z0-9]/g, (letter) => `_${letter.codePointAt(0)!.toString(16)}_`);
}

function labelOf(entry: HistoryEntry): string {
  return [entry.id, entry.message, notesOf(entry)].map(oneLine).filter((line) => line !== "").map(escape)
    .join("<br>");
}

/** Whatever may mean something to Mermaid, Markdown or HTML is written as a code; letters of all scripts stay. */
function escape(text: string): string {
  return text.replaceAll(/[^\p{L}\p{M}\p{N} ,.()/:_-]/gu, (letter) => `#${letter.codePointAt(0)};`);
}
