/** What `mig rebase` did, for people. */

import type { RebasedData } from "../commands/data.ts";
import { count } from "./layout.ts";
import { printable, type Style } from "./style.ts";
import { titled } from "./title.ts";

/** Which file was changed, where the revision stands now, and what is next. */
export function renderRebased(data: RebasedData, style: Style): string {
  const { revision, before, parents, changed, database, heads } = data;
  const follows = parents.length === 0
    ? "nothing: it is a base"
    : parents.map((parent) => titled(parent, style)).join(" and ");
  if (!changed) return `Nothing to do: ${titled(revision, style)} follows ${follows}`;
  const list = (ids: readonly string[]) => ids.length === 0 ? "null" : ids.join(", ");
  const now = heads.map((head) => titled(head, style)).join(", ");
  return [
    `changed ${printable(revision.path)}/meta.json: parent ${list(before)} -> ${
      list(parents.map(({ id }) => id))
    }`,
    `${titled(revision, style)} follows ${follows}`,
    heads.length === 1 ? `the head is ${now}` : `there are ${count(heads.length, "head")}: ${now}`,
    ...(database === null
      ? [
        `${
          style.yellow("warning:")
        } no database was asked: where ${revision.id} is applied already, undo this change`,
      ]
      : []),
    heads.length === 1 ? "next: mig up" : "next: mig merge, or mig up heads",
  ].join("\n");
}
