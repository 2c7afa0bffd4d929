/** Which revision made each part of an object what it is. */

import type { BlameData } from "../commands/data.ts";
import { columns, count } from "./layout.ts";
import { printable, type Style } from "./style.ts";

/** A line for each part: the revision first, as people know it from git. */
export function renderBlame({ object, revisions, parts }: BlameData, style: Style): string {
  const rows = parts.map(({ kind, name, definition, revision, since, formerly }) => [
    style.yellow(printable(revision.id)),
    printable(shortened(revision.message, 30)),
    `${kind} ${printable(name)}`.trim(),
    [
      printable(shortened(definition.replaceAll(/\s+/g, " ").trim(), 70)),
      ...since.id === revision.id ? [] : [style.dim(`(since ${printable(since.id)})`)],
      ...formerly.length === 0 ? [] : [style.dim(`(formerly ${printable(formerly.join(", "))})`)],
    ].join(" "),
  ]);
  return [
    `${style.bold(`${object.kind} ${printable(object.name)}`)}, after ${count(revisions, "revision")}`,
    columns(rows),
  ].join("\n");
}

function shortened(text: string, most: number): string {
  const points = [...text];
  return points.length <= most ? text : `${points.slice(0, most - 1).join("")}…`;
}
