/** What `mig new` and `mig merge` say. */

import type { CreatedData, MergeData } from "../commands/data.ts";
import { count } from "./layout.ts";
import { printable, type Style } from "./style.ts";
import { titled } from "./title.ts";

/** The files that were made, where the revision stands, and what to do next. */
export function renderCreated(data: CreatedData, style: Style): string {
  const next = `next: ${step(data.toWrite)}mig up${data.heads.length === 1 ? "" : " heads"}`;
  return [...createdLines(data, style), next].join("\n");
}

/** The same without what is next. */
export function createdLines(data: CreatedData, style: Style): string[] {
  const { id, parents, labels, dependsOn, files, heads } = data;
  const first = heads.length === 1 ? "nothing: it is the first" : "nothing: it begins a new branch";
  const irreversible = !files.some((file) => file.endsWith("/down.sql"));
  return [
    ...files.map((file) => `made   ${printable(file)}`),
    `revision ${style.yellow(id)} follows ${parents.length === 0 ? first : parents.join(", ")}`,
    ...dependsOn.length === 0 ? [] : [`it depends on ${dependsOn.join(" and ")}`],
    ...labels.map((label) => `it is labelled ${label}: ${label}@head is the head of its branch`),
    ...irreversible ? ["it has no down.sql, so it is irreversible until you write one"] : [],
    ...heads.length === 1 ? [] : [
      `there are ${count(heads.length, "head")} now: ${heads.map((head) => titled(head, style)).join(", ")}`,
    ],
  ];
}

/** The same of a merge, or that there is nothing to join. */
export function renderMerge({ created, proof, heads }: MergeData, style: Style): string {
  if (created !== null) {
    const proven = proof === "equal" ? "proven: every order of the branches leads to the same schema\n" : "";
    return `${proven}${renderCreated({ kind: "created", ...created }, style)}`;
  }
  const [head] = heads;
  return head === undefined
    ? 'Nothing to merge: there is no revision yet, mig new "create users" makes one'
    : `Nothing to merge: there is one head, ${titled(head, style)}`;
}

function step(toWrite: readonly string[]): string {
  if (toWrite.length === 0) return "";
  return toWrite.length === 2
    ? "write the two SQL files, then: "
    : `write ${printable(toWrite.join(", "))}, then: `;
}
