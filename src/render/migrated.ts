/** What a run did, or would do, for people. */

import type { MigratedData } from "../commands/data.ts";
import { columns, count, duration } from "./layout.ts";
import { printable, type Style } from "./style.ts";
import { titled } from "./title.ts";

/** The result of `up`, `down`, `goto` and `redo` as text. */
export function renderMigrated(
  { steps, hooks, repeatable, dump, reason, dryRun, current, pending }: MigratedData,
  style: Style,
): string {
  const at = current.length === 0
    ? "at base"
    : `at ${current.map((revision) => titled(revision, style)).join(" and ")}`;
  const waiting = repeatable?.waiting ?? 0;
  const scripts = repeatable?.scripts ?? [];
  const left = (pending === 0 ? "" : `, ${count(pending, "revision")} pending`) +
    (waiting === 0 ? "" : `, ${count(waiting, "repeatable script")} to apply${pending === 0 ? "" : " then"}`);
  if (steps.length + scripts.length === 0) {
    const why = reason === null ? "" : `${printable(reason)}; `;
    return `Nothing to do: ${why}the database is ${at}${left}`;
  }
  const downs = steps.filter(({ direction }) => direction === "down").length;
  const ups = steps.length - downs;
  // Of a run that applied nothing but scripts.
  const beside = reason === null ? "" : `\n${capital(printable(reason))}`;
  if (!dryRun) {
    const did = done(downs, ups, scripts.length, "undid", "applied");
    const saved = dump === null || dump.problem !== null
      ? ""
      : `\n${dump.changed ? "Wrote" : "Nothing changes in"} ${printable(dump.path)}`;
    return `${capital(did)}: the database is ${at}${left}${saved}${beside}`;
  }
  const explained = !isChain(steps);
  const rows = steps.flatMap(({ direction, id, message, path, because, batches }) => [
    [
      direction,
      style.yellow(printable(id)),
      printable(message),
      style.dim(printable(path)),
      explained && because !== null
        ? `${because.edge === "parent" ? "follows" : "depends on"} ${printable(because.id)}`
        : "",
    ],
    ...batches.map(({ statement, line, pauseMs }) => [
      "",
      "",
      `statement ${statement} is repeated until it changes no row${
        pauseMs === 0 ? "" : `, with a pause of ${duration(pauseMs)}`
      }`,
      style.dim(`line ${line}`),
      "",
    ]),
  ]);
  const before = hooks.filter(({ hook }) => hook.startsWith("before_"));
  const after = hooks.filter((hook) => !before.includes(hook));
  const tables = [hookRows(before), rows, scriptRows(repeatable, style), hookRows(after)].filter((table) =>
    table.length > 0
  );
  return `${tables.map(columns).join("\n")}\nWould ${
    done(downs, ups, scripts.length, "undo", "apply")
  }; nothing was changed${beside}`;
}

function scriptRows(repeatable: MigratedData["repeatable"], style: Style): string[][] {
  return (repeatable?.scripts ?? []).map(({ path, reason }) => [
    "repeatable",
    style.yellow(reason),
    style.dim(printable(path)),
  ]);
}

/** Whether every step goes because the one after it goes, so that nothing is to be explained. */
function isChain(steps: MigratedData["steps"]): boolean {
  return steps.every(({ because }, at) =>
    because?.edge !== "depends_on" && (at === steps.length - 1 || because?.id === steps[at + 1]!.id)
  );
}

function hookRows(hooks: MigratedData["hooks"]): string[][] {
  return hooks.map(({ hook, command, sql }) => [
    hook,
    command === null ? `SQL file ${printable(sql!)}` : printable(command),
    hook === "after_revision" ? "for each revision" : "",
  ]);
}

/** `undid 2 and applied 1 revision`, `applied 1 revision and 3 repeatable scripts`. */
function done(downs: number, ups: number, scripts: number, undo: string, apply: string): string {
  const applied = [
    ...(ups === 0 ? [] : [count(ups, "revision")]),
    ...(scripts === 0 ? [] : [count(scripts, "repeatable script")]),
  ].join(" and ");
  if (downs === 0) return `${apply} ${applied}`;
  if (applied === "") return `${undo} ${count(downs, "revision")}`;
  return `${undo} ${ups === 0 ? count(downs, "revision") : downs} and ${apply} ${applied}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
