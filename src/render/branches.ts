/** `mig branches` and `mig heads`, for people. */

import type { BranchesData, BranchName, HeadsData } from "../commands/data.ts";
import { columns } from "./layout.ts";
import { printable, type Style } from "./style.ts";

/** Branch points, each with its branches under it. */
export function renderBranches({ branchPoints }: BranchesData, style: Style): string {
  if (branchPoints.length === 0) return "There are no branches: no revision is followed by several";
  const rows = branchPoints.flatMap((point) => [
    [style.yellow(point.id), printable(point.message), style.cyan(inBrackets(point.labels))],
    ...point.branches.map((branch) => [
      `  -> ${style.yellow(branch.id)}`,
      printable(branch.message),
      style.cyan(inBrackets([...branch.labels, goal(branch)])),
    ]),
  ]);
  return columns(rows);
}

/** A line for each head. */
export function renderHeads({ heads }: HeadsData, style: Style): string {
  if (heads.length === 0) return 'There is no revision yet: mig new "create users" makes one';
  const labelled = heads.some(({ labels }) => labels.length > 0);
  return columns(heads.map(({ id, message, path, labels }) => [
    style.yellow(id),
    printable(message),
    ...(labelled ? [style.cyan(inBrackets(labels))] : []),
    style.dim(printable(path)),
  ]));
}

function goal({ id, heads }: BranchName): string {
  return heads.includes(id) ? "head" : `leads to ${heads.join(" and ")}`;
}

function inBrackets(notes: readonly string[]): string {
  return notes.length === 0 ? "" : `(${notes.join(", ")})`;
}
