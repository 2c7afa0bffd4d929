/** What is going on in a run, as one line that is drawn again and again. */

import { ageText, type Blocker } from "../engine/blocker.ts";
import type { MigrationEvent, StepName } from "../engine/event.ts";
import { describeHolder } from "../engine/lock.ts";
import type { WorkProgress } from "../engine/work_progress.ts";
import { sizeText } from "../revision/large_text.ts";
import { duration, ESCAPE_CODE, widthOf } from "./layout.ts";
import { type BatchRound, batchText, stepText } from "./narration.ts";
import { printable, type Style } from "./style.ts";

/** What is going on between two lines that stay. */
export type Activity =
  | Extract<MigrationEvent, { type: "lock-waiting" | "reconnecting" | "step-retrying" }>
  | WaitingActivity
  | RunningActivity
  /** A database to throw away is made. */
  | { readonly type: "opening-shadow" };

/** A hook or a repeatable script that is run. */
export type WaitingActivity =
  & Extract<MigrationEvent, { type: "hook-started" | "repeatable-started" }>
  & {
    /** Who keeps it waiting; nobody where it is left out. */
    readonly blockers?: readonly Blocker[];
  };

/** A step that is being run. */
export interface RunningActivity {
  readonly type: "running";
  /** Null before the first one has begun. */
  readonly step: StepName | null;
  /** From 1, and of how many. */
  readonly index: number;
  readonly count: number;
  readonly statement: Extract<MigrationEvent, { type: "statement-started" }> | null;
  /** The last round of that statement, where it is a batch. */
  readonly batch: BatchRound | null;
  /** Who keeps it waiting. */
  readonly blockers: readonly Blocker[];
  /** What the server tells of its work. */
  readonly progress: WorkProgress | null;
  /** How much of a large file is done; null for others. */
  readonly file: Extract<MigrationEvent, { type: "file-progress" }> | null;
}

/**
 * The line for what is going on.
 *
 * @param elapsedMs since it began
 */
export function activityLine(activity: Activity, elapsedMs: number, style: Style): string {
  switch (activity.type) {
    case "lock-waiting": {
      const who = activity.holder === null ? "another session" : printable(describeHolder(activity.holder));
      const what = activity.own
        ? "waiting for the server to end this run's own session, whose connection was lost"
        : "waiting for another run of mig to finish";
      return `${what}: ${who}, ${duration(elapsedMs)}`;
    }
    case "reconnecting":
      return `waiting for the server: ${printable(activity.reason)}, ${duration(elapsedMs)}`;
    case "hook-started":
      return waitingLine(`${activity.hook}  ${printable(activity.text)}`, activity, elapsedMs, style);
    case "repeatable-started":
      return waitingLine(`repeatable  ${printable(activity.path)}`, activity, elapsedMs, style);
    case "step-retrying": {
      const left = Math.max(0, activity.pauseMs - elapsedMs);
      return `${stepText(activity.step, style)}  tries again in ${duration(left)}`;
    }
    case "opening-shadow":
      return `making the shadow, a database to throw away  ${duration(elapsedMs)}`;
    case "running":
      return runningLine(activity, elapsedMs, style);
  }
}

function waitingLine(
  what: string,
  { blockers = [] }: WaitingActivity,
  elapsedMs: number,
  style: Style,
): string {
  const who = blockers.length === 0 ? "" : `  ${style.yellow(`blocked by ${blockersText(blockers)}`)}`;
  return `${what}${who}  ${duration(elapsedMs)}`;
}

/** The end of a line is what a narrow terminal cuts off, so what explains a wait comes first. */
function runningLine(
  { step, index, count, statement, batch, blockers, progress, file }: RunningActivity,
  elapsedMs: number,
  style: Style,
): string {
  const parts = [
    step === null ? "" : stepText(step, style),
    blockers.length === 0 ? "" : style.yellow(`blocked by ${blockersText(blockers)}`),
    progress === null ? "" : progressText(progress),
    statement === null
      ? ""
      : `statement ${statement.index} of ${statement.count}: ${printable(statement.label)}`,
    batch === null ? "" : batchText(batch.round, batch),
    file === null ? "" : `${sizeText(file.bytes)} of ${sizeText(file.total)}`,
    duration(elapsedMs),
    count > 1 ? `step ${index} of ${count}` : "",
  ];
  return parts.filter((part) => part !== "").join("  ");
}

/** The one who is longest in the way, and how many more there are. All about each stands in a line that stays. */
function blockersText([first, ...others]: readonly Blocker[]): string {
  const { pid, transactionMs } = first!;
  const who = pid === 0 ? "a prepared transaction" : `pid ${pid}`;
  const age = transactionMs === null ? "" : `, whose transaction is open for ${ageText(transactionMs)}`;
  return `${who}${age}${others.length === 0 ? "" : `, and ${others.length} more`}`;
}

/** `building index: scanning table, 43 %`. */
function progressText({ command, phase, done, total, unit }: WorkProgress): string {
  const how = total === null
    ? done === 0 ? "" : `${done.toLocaleString("en")} ${unit}`
    : unit === "transactions"
    ? `${done} of ${total}`
    : `${Math.min(100, Math.floor((done / total) * 100))} %`;
  return [printable(phase ?? command.toLowerCase()), how].filter((part) => part !== "").join(", ");
}

/** Cuts a line to a terminal's width; escape codes take no room, and the last one ends them all. */
export function fit(line: string, width: number): string {
  if (widthOf(line) < width) return line;
  let room = width - 2;
  let cut = "";
  // Texts stand at even places, the escape codes between them at odd ones.
  for (const [at, piece] of line.split(SPLIT_AT_CODES).entries()) {
    if (at % 2 === 1) cut += piece;
    else {
      const points = [...piece].slice(0, room);
      cut += points.join("");
      room -= points.length;
    }
  }
  return `${cut}…`;
}

const SPLIT_AT_CODES = new RegExp(`(${ESCAPE_CODE.source})`);
