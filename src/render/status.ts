/** `mig status`, for people: the answer that is read at 3 a.m. */

import type { StatusData } from "../commands/data.ts";
import { MANY_NOT_HERE, manyNotHereHints } from "../revision/drift_hints.ts";
import { appliedText } from "./applied.ts";
import { columns, count } from "./layout.ts";
import { problemLines } from "./problems.ts";
import { REMARKS } from "./repeatable_state.ts";
import { printable, type Style } from "./style.ts";
import { titled } from "./title.ts";

/** How many pending revisions are listed; the rest is counted. */
const PENDING_SHOWN = 10;
/** The same for the problems of a kind. */
const PROBLEMS_SHOWN = 10;

/** The status as text. */
export function renderStatus(data: StatusData, style: Style): string {
  const { database, server, table, revisions, applied, current, pending, repeatable, problems, running } =
    data;
  const elsewhere = problems.filter(({ kind }) => kind === "not-here").length;
  const rows = [
    ["database", `${printable(database)} (${server})`],
    [
      "applied",
      table === null
        ? `none of ${revisions}: mig has not been here yet`
        : `${applied} of ${revisions}${elsewhere === 0 ? "" : `, and ${elsewhere} that this folder lacks`}`,
    ],
    ...current.map((state, i) => [
      i === 0 ? "current" : "",
      `${titled(state, style)}, ${appliedText(state.applied!)}`,
    ]),
    ["pending", pending.length === 0 ? "nothing" : count(pending.length, "revision")],
  ];
  const due = (repeatable ?? []).filter(({ state }) => state !== "applied" && state !== "removed");
  const shown = pending.slice(0, PENDING_SHOWN).map((
    { id, message },
  ) => ["", style.yellow(id), printable(message)]);
  return [
    columns(rows),
    ...(shown.length === 0 ? [] : [columns(shown)]),
    ...(pending.length > PENDING_SHOWN ? [`    … and ${pending.length - PENDING_SHOWN} more`] : []),
    ...(repeatable === null ? [] : [repeatableLines(repeatable, style)]),
    ...(running === null
      ? []
      : [`a run is going on now: pid ${running.pid}, since ${running.since ?? "unknown"}`]),
    ...problemsOfAllKinds(problems, applied > 0, style),
    ...(problems.length === 0 && pending.length + due.length > 0 ? ["next: mig up"] : []),
  ].join("\n");
}

/** Each kind's first ones: of a thousand, all the others say the same. */
function problemsOfAllKinds(problems: StatusData["problems"], shared: boolean, style: Style): string[] {
  const kinds = [...new Set(problems.map(({ kind }) => kind))];
  return kinds.flatMap((kind) => {
    const own = problems.filter((problem) => problem.kind === kind);
    const more = own.length - PROBLEMS_SHOWN;
    const rest = more > 0
      ? [`${style.red(`${kind}:`)} … and ${count(more, "more revision")}; \`mig check\` lists them all`]
      : [];
    const shown = own.slice(0, PROBLEMS_SHOWN);
    if (kind !== "not-here" || own.length < MANY_NOT_HERE) {
      return [
        ...shown.flatMap((problem) => ["", ...problemLines(problem, style)]),
        ...rest.flatMap((line) => ["", line]),
      ];
    }
    return [
      "",
      ...shown.flatMap((problem) => problemLines({ ...problem, hints: [] }, style)),
      ...rest,
      ...manyNotHereHints(shared).map((hint) => `${style.cyan("hint:")} ${hint}`),
    ];
  });
}

/** How many scripts there are, and those about which something is to be done. */
function repeatableLines(scripts: NonNullable<StatusData["repeatable"]>, style: Style): string {
  const other = scripts.filter(({ state }) => state !== "applied");
  const here = scripts.filter(({ state }) => state !== "removed").length;
  const rows = other.slice(0, PENDING_SHOWN).map(({ name, state }) => [
    "",
    style.yellow(state),
    printable(name) + REMARKS[state],
  ]);
  return [
    `  repeatable  ${scripts.length - other.length} of ${count(here, "script")} applied`,
    ...(rows.length === 0 ? [] : [columns(rows)]),
    ...(other.length > PENDING_SHOWN ? [`    … and ${other.length - PENDING_SHOWN} more`] : []),
  ].join("\n");
}
