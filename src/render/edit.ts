/** What `mig edit` says. */

import type { EditData } from "../commands/data.ts";
import { printable, type Style } from "./style.ts";
import { titled } from "./title.ts";

/** The files that are other than before. */
export function renderEdit({ revisions, changed }: EditData, style: Style): string {
  if (changed.length === 0) {
    return `Nothing was changed in ${revisions.map((revision) => titled(revision, style)).join(" and ")}`;
  }
  return [
    ...changed.map((path) => `changed  ${printable(path)}`),
    "next: mig up, or mig status where the revision is applied already",
  ].join("\n");
}
