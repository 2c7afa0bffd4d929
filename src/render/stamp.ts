/** `mig stamp`, for people: which rows changed, and where the database is by its own account. */

import { doneText } from "../revision/drift_hints.ts";
import type { StampChange, StampData } from "../commands/data.ts";
import { columns, count } from "./layout.ts";
import { printable, type Style } from "./style.ts";
import { titled } from "./title.ts";

/** The stamp as text. */
export function renderStamp(data: StampData, style: Style): string {
  const { dryRun, made, changes, current, pending } = data;
  const at = current.length === 0
    ? "at base"
    : `at ${current.map((revision) => titled(revision, style)).join(" and ")}`;
  const left = pending === 0 ? "" : `, ${count(pending, "revision")} pending`;
  const table = made === null
    ? []
    : [`${dryRun ? "would make" : "made"} the version table ${printable(made)}`];
  if (changes.length === 0) return [...table, `Nothing to record: the database is ${at}${left}`].join("\n");
  const rows = changes.map((change) => [
    change.change,
    style.yellow(printable(change.id)),
    printable(change.message),
    style.dim(noteOf(change)),
  ]);
  return [
    columns(rows),
    ...table,
    dryRun
      ? `Would ${summary(changes, INFINITIVES)}; nothing was changed`
      : `${
        capitalised(summary(changes, PAST))
      }; no SQL was run. By its version table, the database is ${at}${left}`,
  ].join("\n");
}

function noteOf({ change, unfinished }: StampChange): string {
  if (unfinished === null) return "";
  const done = `its ${unfinished.direction} was interrupted after ${doneText(unfinished)}`;
  return change === "finish" ? `${done}; now it counts as applied` : done;
}

type Verbs = Readonly<Record<StampChange["change"], string>>;
const INFINITIVES: Verbs = { record: "record", finish: "finish", forget: "forget" };
const PAST: Verbs = { record: "recorded", finish: "finished", forget: "forgot" };

function summary(changes: readonly StampChange[], verbs: Verbs): string {
  const parts = (["record", "finish", "forget"] as const).flatMap((kind) => {
    const number = changes.filter(({ change }) => change === kind).length;
    return number === 0 ? [] : [`${verbs[kind]} ${count(number, "revision")}`];
  });
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

function capitalised(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
