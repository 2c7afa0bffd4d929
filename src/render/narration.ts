/** What is told while a run goes on, as single lines. */

import { describeHolder } from "../engine/lock.ts";
import type { MigrationEvent, StepName } from "../engine/event.ts";
import { count, duration, widthOf } from "./layout.ts";
import { printable, type Style } from "./style.ts";

/** The line that an event leaves behind; null for one that only changes what is going on. */
export function eventLine(event: MigrationEvent, style: Style): string | null {
  switch (event.type) {
    case "step-finished": {
      const facts = `${count(event.statements, "statement")}, ${duration(event.ms)}`;
      return `${style.green("✓")} ${stepText(event.step, style)}  ${style.dim(facts)}`;
    }
    case "step-started":
      return event.resumedAfter === 0
        ? null
        : `${
          stepText(event.step, style)
        }: was interrupted; goes on after statement ${event.resumedAfter} of ${event.statements}`;
    case "index-rebuilt":
      return `${stepText(event.step, style)}: drops the INVALID index "${
        printable(event.index)
      }" that was left behind, and builds it anew`;
    case "lock-lost":
      return `${
        style.yellow("warning:")
      } the server no longer knew of this run's lock: is there a pooler in between? \
Every step was guarded, so the result is right; use a direct connection for migrations`;
    case "notice":
      return `${style.dim(`${event.notice.severity.toLowerCase()}:`)} ${printable(event.notice.message)}`;
    case "lock-waiting":
    case "plan":
    case "statement-started":
      return null;
  }
}

/** What is going on between two lines that stay. */
export type Activity =
  | Extract<MigrationEvent, { type: "lock-waiting" }>
  | {
    readonly type: "running";
    readonly step: StepName;
    /** From 1, and of how many. */
    readonly index: number;
    readonly count: number;
    readonly statement: Extract<MigrationEvent, { type: "statement-started" }> | null;
  };

/**
 * The line for what is going on.
 *
 * @param elapsedMs since it began
 */
export function activityLine(activity: Activity, elapsedMs: number, style: Style): string {
  if (activity.type === "lock-waiting") {
    const who = activity.holder === null ? "another session" : printable(describeHolder(activity.holder));
    return `waiting for another run of mig to finish: ${who}, ${duration(elapsedMs)}`;
  }
  const { step, index, count, statement } = activity;
  const parts = [
    stepText(step, style),
    ...(statement === null
      ? []
      : [`statement ${statement.index} of ${statement.count}: ${printable(statement.label)}`]),
    duration(elapsedMs),
    ...(count > 1 ? [`step ${index} of ${count}`] : []),
  ];
  return parts.join("  ");
}

/** Cuts a line without escape codes inside its last part to a terminal's width. */
export function fit(line: string, width: number): string {
  if (widthOf(line) < width) return line;
  let seen = 0, at = 0;
  while (at < line.length && seen < width - 2) {
    // deno-lint-ignore no-control-regex -- escape codes begin with a control character
    const code = /^\x1b\[\d+m/.exec(line.slice(at, at + 8));
    if (code !== null) at += code[0].length;
    else {
      at += String.fromCodePoint(line.codePointAt(at)!).length;
      seen++;
    }
  }
  return `${line.slice(0, at)}…\x1b[0m`;
}

function stepText({ direction, id, message }: StepName, style: Style): string {
  return `${direction === "up" ? "up  " : "down"}  ${style.yellow(printable(id))}  ${printable(message)}`;
}
