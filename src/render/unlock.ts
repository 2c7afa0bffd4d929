/** `mig unlock`, for people: who holds the lock, whether that run seems to live, and how to end it. */

import type { UnlockData } from "../commands/data.ts";
import { ageText, describeBlocker } from "../engine/blocker.ts";
import type { LockSession } from "../engine/lock_session.ts";
import { columns, minute } from "./layout.ts";
import { printable, type Style } from "./style.ts";

/** The lock as text. */
export function renderUnlock({ table, holder, statement }: UnlockData, style: Style): string {
  const lock = `the lock on ${printable(table)}`;
  if (holder === null) {
    return `Nobody holds ${lock}: there is nothing to unlock. It ends with the run that takes it, so none is ever left behind`;
  }
  const { pid, user, application, clientAddress, since } = holder;
  const facts = [
    ["user", user ?? "unknown"],
    ["application", application || "unknown"],
    ["from", clientAddress ?? "the server's own machine"],
    ["connected", since === null ? "unknown" : minute(since)],
    ["state", stateText(holder)],
    ["seems", seemsText(holder)],
  ];
  return [
    `${style.bold(`pid ${pid}`)} holds ${lock}`,
    columns(facts.map(([name, value]) => [style.dim(name!), printable(value!)])),
    "The lock belongs to that session and ends with it; there is nothing to delete.",
    holder.activity === "working" || holder.activity === "blocked"
      ? "To stop that run all the same, end its session; what it has not committed is rolled back:"
      : "If that run is dead, end its session; what it has not committed is rolled back:",
    `  ${statement};`,
  ].join("\n");
}

function stateText({ state, stateMs, query }: LockSession): string {
  if (state === null) return "not shown to this role: grant pg_read_all_stats to it, or ask an administrator";
  const words = [state, stateMs === null ? "" : `for ${ageText(stateMs)}`].filter((part) => part !== "");
  const what = query === null ? "" : `${state === "active" ? "" : ", last"}: ${query}`;
  return `${words.join(" ")}${what}`;
}

function seemsText({ activity, blockers }: LockSession): string {
  switch (activity) {
    case "working":
      return "alive: it works";
    case "blocked":
      return `alive: it waits for ${blockers.map(describeBlocker).join(" and ")}`;
    case "silent":
      return "to wait for its client: a hook may be running, or mig or its machine is gone";
    case "keeping":
      return "to keep the lock for a run behind a pooler; the SQL runs in other sessions";
    case "hidden":
      return "unknown";
  }
}
