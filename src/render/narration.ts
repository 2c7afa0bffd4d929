/** What is told while a run goes on, as single lines. */

import { describeHolder } from "../engine/lock.ts";
import type { MigrationEvent, StepName } from "../engine/event.ts";
import type { ShadowProgress } from "../engine/shadow/progress.ts";
import { sizeText } from "../revision/large_text.ts";
import { count, duration, ESCAPE_CODE, widthOf } from "./layout.ts";
import { printable, type Style } from "./style.ts";

/**
 * The line that an event leaves behind; null for one that only changes what is going on.
 *
 * @param verbose whether to tell of each connection and statement too
 */
export function eventLine(event: MigrationEvent, style: Style, verbose: boolean): string | null {
  switch (event.type) {
    case "connected":
      return verbose ? connectedLine(event, style) : null;
    case "statement-finished":
      return verbose
        ? style.dim(
          `        ${event.index} of ${event.count}  ${printable(event.label)}, ${duration(event.ms)}`,
        )
        : null;
    case "step-finished": {
      const done = `${style.green("✓")} ${stepText(event.step, style)}`;
      if (event.statements === 0) {
        return `${done}  ${style.yellow("no statement in the file: only the version table changed")}`;
      }
      return `${done}  ${style.dim(`${count(event.statements, "statement")}, ${duration(event.ms)}`)}`;
    }
    case "step-started":
      return event.resumedAfter === 0 || event.attempt > 1
        ? null
        : `${
          stepText(event.step, style)
        }: was interrupted; goes on after statement ${event.resumedAfter} of ${event.statements}`;
    case "step-retrying":
      return retryingLine(event, style);
    case "repeatable-finished":
      return `${style.green("✓")} repeatable  ${printable(event.path)}  ${
        style.dim(
          `${event.reason === "pending" ? "new" : event.reason}; ${count(event.statements, "statement")}, ${
            duration(event.ms)
          }`,
        )
      }`;
    case "repeatable-retrying":
      return `${style.yellow("↻")} repeatable  ${printable(event.path)}: ${
        RETRY_REASONS[event.why]
      }; tries again in ${duration(event.pauseMs)} (${event.attempt + 1} of ${event.attempts})`;
    case "repeatables-removed":
      return event.names.map((name) =>
        `${style.yellow("warning:")} the repeatable script ${
          printable(name)
        } is gone: what it made stays until a revision drops it`
      ).join("\n");
    case "hook-output":
      return `${style.dim(`${event.hook} |`)} ${printable(event.line)}`;
    case "hook-finished":
      return `${style.green("✓")} ${event.hook}  ${printable(event.text)}  ${style.dim(duration(event.ms))}`;
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
      return `${style.dim(`${event.notice.severity.toLowerCase()}:`)} ${
        // Lines of its own could pass for mig's.
        printable(event.notice.message).replaceAll("\n", "\n    ")}`;
    case "plan":
      // Which embedded database it is has been told already.
      return event.database.startsWith("pglite:") ? null : style.dim(`on ${printable(event.database)}`);
    case "verified": {
      const { revision: { id, message }, result, ms } = event;
      const mark = result === "failed"
        ? style.red("✗")
        : result === "proven"
        ? style.green("✓")
        : style.yellow("-");
      return `${mark} ${style.yellow(printable(id))}  ${printable(message)}  ${style.dim(duration(ms))}`;
    }
    case "shadow":
      return verbose ? shadowText(event.progress, style) : null;
    case "repeatable-started":
    case "hook-started":
    case "hook-failed":
    case "lock-waiting":
    case "statement-started":
    case "file-progress":
      return null;
  }
}

function retryingLine(
  { step, reason, statement, attempt, attempts, pauseMs }: Extract<MigrationEvent, { type: "step-retrying" }>,
  style: Style,
): string {
  const what = statement === null ? "" : `line ${statement.line}, ${printable(statement.label)}: `;
  return `${style.yellow("↻")} ${stepText(step, style)}: ${what}${
    RETRY_REASONS[reason]
  }; rolled back, tries again in ${duration(pauseMs)} (${attempt + 1} of ${attempts})`;
}

const RETRY_REASONS = {
  "lock-timeout": "waited too long for a lock",
  "deadlock": "deadlock with another session",
  "serialization": "another transaction interfered",
};

function shadowText(progress: ShadowProgress, style: Style): string | null {
  switch (progress.type) {
    case "opened": {
      const { revisions, memory, ms, database } = progress;
      const from = revisions === 0 ? "" : `, from a snapshot of ${count(revisions, "revision")}`;
      const size = memory === null ? "" : `, ${megabytes(memory)} of memory`;
      return style.dim(`opened ${printable(database)}${from}: ${duration(ms)}${size}`);
    }
    case "stepped":
      return null;
    case "replayed":
      return style.dim(
        `replayed ${count(progress.revisions, "revision")} in the shadow, ${duration(progress.ms)}`,
      );
    case "saved":
      return style.dim(
        `kept a snapshot of the shadow: ${megabytes(progress.bytes)}, ${duration(progress.ms)}`,
      );
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function connectedLine(
  { database, server, ms }: Extract<MigrationEvent, { type: "connected" }>,
  style: Style,
): string {
  const pooler = server.pooled
    ? "; a pooler stands in between, so the run's lock is held by a second connection and nothing is prepared"
    : "";
  return style.dim(
    `connected to ${printable(database)}: PostgreSQL ${server.version} as ${printable(server.user)}, ${
      duration(ms)
    }${pooler}`,
  );
}

/** What is going on between two lines that stay. */
export type Activity =
  | Extract<MigrationEvent, { type: "lock-waiting" | "hook-started" | "repeatable-started" }>
  | {
    readonly type: "running";
    readonly step: StepName;
    /** From 1, and of how many. */
    readonly index: number;
    readonly count: number;
    readonly statement: Extract<MigrationEvent, { type: "statement-started" }> | null;
    /** How much of a large file is done; null for others. */
    readonly progress: Extract<MigrationEvent, { type: "file-progress" }> | null;
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
  if (activity.type === "hook-started") {
    return `${activity.hook}  ${printable(activity.text)}  ${duration(elapsedMs)}`;
  }
  if (activity.type === "repeatable-started") {
    return `repeatable  ${printable(activity.path)}  ${duration(elapsedMs)}`;
  }
  const { step, index, count, statement, progress } = activity;
  const parts = [
    stepText(step, style),
    ...(statement === null
      ? []
      : [`statement ${statement.index} of ${statement.count}: ${printable(statement.label)}`]),
    ...(progress === null ? [] : [`${sizeText(progress.bytes)} of ${sizeText(progress.total)}`]),
    duration(elapsedMs),
    ...(count > 1 ? [`step ${index} of ${count}`] : []),
  ];
  return parts.join("  ");
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

function stepText({ direction, id, message }: StepName, style: Style): string {
  return `${direction === "up" ? "up  " : "down"}  ${style.yellow(printable(id))}  ${printable(message)}`;
}
