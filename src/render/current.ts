/** `mig current`, for people. */

import type { CurrentData } from "../commands/data.ts";
import { appliedText } from "./applied.ts";
import { columns } from "./layout.ts";
import { printable, type Style } from "./style.ts";
import { titled } from "./title.ts";

/** A line for each revision that the database is at. */
export function renderCurrent({ current, atHeads, view }: CurrentData, style: Style): string {
  const behind = view.checkHeads && !atHeads
    ? ["The database is not at every head: `mig status` tells why"]
    : [];
  if (current.length === 0) return ["base: no revision is applied", ...behind].join("\n");
  const lines = current.flatMap((state) => {
    const title = `${titled(state, style)}${state.head ? " (head)" : ""}`;
    return view.verbose ? [title, details(state, style)] : [title];
  });
  return [...lines, ...behind].join("\n");
}

function details({ parents, path, applied }: CurrentData["current"][number], style: Style): string {
  const rows = [
    [
      parents.length > 1 ? "parents" : "parent",
      parents.length === 0 ? "none: it is a base" : parents.join(", "),
    ],
    ["applied", applied === null ? "no" : appliedText(applied)],
    ["folder", path ?? "not here"],
  ];
  return columns(rows.map(([name, value]) => [style.dim(name!), printable(value!)]));
}
