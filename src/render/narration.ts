/** What is told while a run goes on, as single lines. */

import { type Blocker, describeBlocker } from "../engine/blocker.ts";
import type { MigrationEvent, Recovery, StepName } from "../engine/event.ts";
import type { ShadowProgress } from "../engine/shadow/progress.ts";
import { count, duration } from "./layout.ts";
import { REASONS } from "./repeatable_state.ts";
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
      return event.resumedAfter + event.resumedRows === 0 || event.attempt > 1
        ? null
        : resumedLine(event, style);
    case "step-retrying":
      return retryingLine(event, style);
    case "repeatable-finished":
      return `${style.green("✓")} repeatable  ${printable(event.path)}  ${
        style.dim(
          `${REASONS[event.reason]}; ${count(event.statements, "statement")}, ${duration(event.ms)}`,
        )
      }`;
    case "repeatable-retrying":
      return `${style.yellow("↻")} repeatable  ${printable(event.path)}: ${againText(event)}`;
    case "repeatables-removed":
      return event.names.map((name) =>
        `${style.yellow("warning:")} the repeatable script ${
          printable(name)
        } is gone: what it made stays until a revision drops it`
      ).join("\n");
    case "hook-retrying":
      return `${style.yellow("↻")} ${event.hook}  ${printable(event.text)}: ${againText(event)}`;
    case "hook-output":
      return `${style.dim(`${event.hook} |`)} ${printable(event.line)}`;
    case "hook-finished":
      return `${style.green("✓")} ${event.hook}  ${printable(event.text)}  ${style.dim(duration(event.ms))}`;
    case "recovered":
      return `${stepText(event.step, style)}: ${recoveryText(event.recovery)}`;
    case "values-not-kept":
      return `${style.yellow("warning:")} ${
        stepText(event.step, style)
      }: what is done of it has the values that ${
        event.variables.map(printable).join(", ")
      } had then, which mig does not keep; what is left gets those of now: see that they are the same`;
    case "connection-lost":
      return `${style.yellow("↻")} the connection was lost${
        event.reason === null ? "" : `: ${printable(event.reason)}`
      }; finds out what was committed, for up to ${duration(event.waitMs)}`;
    case "reconnected":
      return `${style.yellow("↻")} ${reconnectedText(event, style)}`;
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
    case "blocker-killed":
      return `${style.yellow("✗")} ended the session of ${
        printable(describeBlocker(event.blocker))
      }, as --kill-blockers asks for`;
    case "blocker-kept":
      return `${style.yellow("warning:")} cannot end the session of ${
        printable(describeBlocker(event.blocker))
      }: ${printable(event.reason)}; unless it is a superuser's, this helps: ${printable(event.grant)}`;
    case "watch-failed":
      return verbose
        ? style.dim(`cannot see what blocks the run, or how far it is: ${printable(event.reason)}`)
        : null;
    case "batch-finished":
      return `        ${event.index} of ${event.count}  ${printable(event.label)}: ${
        batchText(event.rounds, event)
      }, ${duration(event.ms)}`;
    case "batch-round":
      return verbose
        ? style.dim(
          `        round ${event.round}: ${count(event.roundRows, "row")}; ${batchText(event.round, event)}`,
        )
        : null;
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
    case "blocked":
    case "unblocked":
    case "progress":
    case "reconnecting":
    case "statement-started":
    case "file-progress":
      return null;
  }
}

/** The line for somebody who has come into a run's way. */
export function blockedLine(step: StepName | null, blocker: Blocker, style: Style): string {
  const what = step === null ? "" : `${stepText(step, style)}: `;
  return `${style.yellow("⏸")} ${what}blocked by ${printable(describeBlocker(blocker))}`;
}

function resumedLine(
  { step, resumedAfter, resumedRows, statements }: Extract<MigrationEvent, { type: "step-started" }>,
  style: Style,
): string {
  const rows = resumedRows === 0 ? "" : ` and ${count(resumedRows, "row")} of the next one`;
  const done = resumedAfter === 0
    ? `in statement 1 of ${statements}, after ${count(resumedRows, "row")}`
    : `after statement ${resumedAfter} of ${statements}${rows}`;
  return `${stepText(step, style)}: was interrupted; goes on ${done}`;
}

/** `120000 rows in 12 rounds, 4500 rows/s`, of this run; what earlier runs have done is told beside it. */
export function batchText(
  rounds: number,
  { rows, rowsBefore, ms }: Pick<BatchRound, "rows" | "rowsBefore" | "ms">,
): string {
  const before = rowsBefore === 0 ? "" : ` (and ${rowsBefore} before)`;
  const rate = ms > 0 && rows > 0 ? `, ${Math.round(rows / ms * 1000)} rows/s` : "";
  return `${count(rows, "row")}${before} in ${count(rounds, "round")}${rate}`;
}

/** A round of a batch. */
export type BatchRound = Extract<MigrationEvent, { type: "batch-round" }>;

function retryingLine(event: Extract<MigrationEvent, { type: "step-retrying" }>, style: Style): string {
  const { step, statement } = event;
  const what = statement === null ? "" : `line ${statement.line}, ${printable(statement.label)}: `;
  return `${style.yellow("↻")} ${stepText(step, style)}: ${what}${againText(event)}`;
}

function againText(
  { reason, attempt, attempts, pauseMs, blockers }: Extract<
    MigrationEvent,
    { type: "step-retrying" | "hook-retrying" | "repeatable-retrying" }
  >,
): string {
  const who = blockers.map(({ pid }) => pid === 0 ? "a prepared transaction" : `pid ${pid}`).join(", ");
  return `${RETRY_REASONS[reason]}${who && ` (${who})`}; rolled back, tries again in ${
    duration(pauseMs)
  } (try ${attempt + 1} of ${attempts})`;
}

const RETRY_REASONS = {
  "lock-timeout": "waited too long for a lock",
  "deadlock": "deadlock with another session",
  "serialization": "another transaction interfered",
};

function reconnectedText(
  { done, count: all, unheard, lost, next }: Extract<MigrationEvent, { type: "reconnected" }>,
  style: Style,
): string {
  return [
    `connected again: ${done} of ${count(all, "step")} ${all === 1 ? "is" : "are"} done`,
    ...(unheard === 0 ? [] : [`${unheard} of them committed just before`]),
    ...(lost === 0
      ? []
      : [`the server has lost the last ${lost === 1 ? "one" : lost}, which had not reached its disk`]),
    ...(next === null ? [] : [`goes on with ${stepText(next, style)}`]),
  ].join("; ");
}

function recoveryText({ what, name }: Recovery): string {
  switch (what) {
    case "was-done":
      return `${printable(name)} was done when the run ended, and is noted now`;
    case "finished":
      return `${printable(name)} was done by half when the run ended, and is finished now`;
    case "again":
      return `${printable(name)} was under way when the run ended, and runs once more`;
    case "index-dropped":
      return `drops the INVALID index "${
        printable(name)
      }" that was left behind; what is to be built is built anew`;
  }
}

function shadowText(progress: ShadowProgress, style: Style): string | null {
  switch (progress.type) {
    case "opened": {
      const { revisions, memory, ms, database } = progress;
      const from = revisions === 0 ? "" : `, from a snapshot of ${count(revisions, "revision")}`;
      const size = memory === null ? "" : `, ${megabytes(memory)} of memory`;
      return style.dim(`opened ${printable(database)}${from}: ${duration(ms)}${size}`);
    }
    case "opening":
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

/** A step on one line. */
export function stepText({ direction, id, message }: StepName, style: Style): string {
  return `${direction === "up" ? "up  " : "down"}  ${style.yellow(printable(id))}  ${printable(message)}`;
}
