/** Tells on standard error what a run does: a line that is overwritten on a terminal, plain lines elsewhere. */

import type { Blocker } from "../engine/blocker.ts";
import type { MigrationEvent, OnEvent } from "../engine/event.ts";
import {
  type Activity,
  activityLine,
  fit,
  type RunningActivity,
  type WaitingActivity,
} from "../render/activity.ts";
import { blockedLine, eventLine } from "../render/narration.ts";
import type { Console } from "./console.ts";

/** How often the line on a terminal is redrawn, and what it begins with in turn. */
const REDRAW_MS = 100;
const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
/** Without a terminal: what takes longer than this is told of, and again each time twice as long has passed. */
const PATIENCE_MS = 5000;
const BEFORE_STEP: RunningActivity = {
  type: "running",
  step: null,
  index: 1,
  count: 1,
  statement: null,
  batch: null,
  blockers: [],
  progress: null,
  file: null,
};

/** Follows the events of one run. */
export class Narrator {
  readonly onEvent: OnEvent = (event) => this.#follow(event);
  readonly #console: Console;
  readonly #verbose: boolean;
  #activity: Activity | null = null;
  #since = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #frame = 0;
  #drawn = false;
  #lastDrawn = 0;
  #patience = PATIENCE_MS;
  readonly #told = new Set<string>();

  /** @param verbose whether to tell of each connection and statement too */
  constructor(console: Console, verbose: boolean) {
    this.#console = console;
    this.#verbose = verbose;
  }

  /** Tells a line that is no event of the run. */
  tell(line: string): void {
    this.#clear();
    this.#console.tell(line);
  }

  /** Clears the line; nothing is told any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#activity = null;
    this.#clear();
  }

  #follow(event: MigrationEvent): void {
    const line = eventLine(event, this.#console.tellStyle, this.#verbose);
    if (line !== null) this.tell(line);
    switch (event.type) {
      case "lock-waiting":
      case "reconnecting":
        if (this.#activity?.type !== event.type) this.#begin(event);
        else this.#activity = event;
        break;
      case "hook-started":
      case "repeatable-started":
        this.#begin(event);
        break;
      case "step-started":
        this.#begin({
          type: "running",
          step: event.step,
          index: event.index,
          count: event.count,
          statement: null,
          batch: null,
          blockers: [],
          file: null,
          progress: null,
        });
        break;
      case "step-retrying":
        this.#begin(event);
        break;
      case "statement-started":
        this.#change({ statement: event, batch: null, blockers: [], progress: null });
        // The embedded database gives no timer its turn while a statement runs.
        if (this.#console.live && performance.now() - this.#lastDrawn > REDRAW_MS) this.#draw();
        break;
      case "batch-round":
        this.#change({ batch: event });
        if (this.#console.live && performance.now() - this.#lastDrawn > REDRAW_MS) this.#draw();
        break;
      case "blocked":
        this.#block(event);
        break;
      case "unblocked":
        this.#keepWaiting([]);
        break;
      case "progress":
        this.#change({ progress: event });
        break;
      case "file-progress":
        this.#change({ file: event });
        if (this.#console.live && performance.now() - this.#lastDrawn > REDRAW_MS) this.#draw();
        break;
      case "shadow":
        this.#activity = null;
        // A log need not know: it takes seconds at most.
        if (event.progress.type !== "opening" || !this.#console.live) break;
        this.#begin({ type: "opening-shadow" });
        // PostgreSQL is compiled next, and gives no timer its turn either.
        this.#draw();
        break;
      case "connection-lost":
      case "reconnected":
      case "hook-finished":
      case "hook-failed":
      case "repeatable-finished":
      case "repeatable-retrying":
      case "step-finished":
      case "verified":
        this.#activity = null;
        break;
    }
  }

  /** Each blocker is told of once, at once and with all that is known: whoever reads it may be able to end it. */
  #block({ step, blockers }: Extract<MigrationEvent, { type: "blocked" }>): void {
    // mig's own statements, with which a step begins, wait too.
    if (!isWork(this.#activity)) this.#begin({ ...BEFORE_STEP });
    this.#keepWaiting(blockers);
    for (const blocker of blockers) {
      if (this.#told.has(keyOf(blocker))) continue;
      this.#told.add(keyOf(blocker));
      this.tell(blockedLine(step, blocker, this.#console.tellStyle));
    }
  }

  #keepWaiting(blockers: readonly Blocker[]): void {
    if (isWork(this.#activity)) this.#activity = { ...this.#activity, blockers };
  }

  #change(changes: Partial<RunningActivity>): void {
    if (this.#activity?.type === "running") this.#activity = { ...this.#activity, ...changes };
  }

  #begin(activity: Activity): void {
    this.#activity = activity;
    this.#since = performance.now();
    this.#patience = PATIENCE_MS;
    // Two runs that meet should say so at once; a step that is done in a blink need not be announced.
    if (activity.type === "lock-waiting" && !this.#console.live) this.#tellActivity();
    this.#timer ??= setTimeout(() => this.#tick(), REDRAW_MS);
  }

  #tick(): void {
    this.#timer = undefined;
    if (this.#activity === null) return;
    const elapsed = performance.now() - this.#since;
    if (this.#console.live) this.#draw();
    else if (elapsed >= this.#patience) {
      this.#patience *= 2;
      this.#tellActivity();
    }
    this.#timer = setTimeout(() => this.#tick(), REDRAW_MS);
  }

  #draw(): void {
    const now = performance.now();
    const spinner = SPINNER[this.#frame++ % SPINNER.length]!;
    const line = `${spinner} ${activityLine(this.#activity!, now - this.#since, this.#console.tellStyle)}`;
    this.#console.draw(`\r\x1b[2K${fit(line, this.#console.width)}`);
    this.#drawn = true;
    this.#lastDrawn = now;
  }

  #tellActivity(): void {
    const elapsed = performance.now() - this.#since;
    this.#console.tell(`… ${activityLine(this.#activity!, elapsed, this.#console.tellStyle)}`);
  }

  #clear(): void {
    if (!this.#drawn) return;
    this.#console.draw("\r\x1b[2K");
    this.#drawn = false;
  }
}

/** Whether it is something that other sessions can keep waiting. */
function isWork(activity: Activity | null): activity is RunningActivity | WaitingActivity {
  return activity !== null && ["running", "hook-started", "repeatable-started"].includes(activity.type);
}

/** A session may be in the way with one transaction after another. */
function keyOf({ pid, since, transactionSince }: Blocker): string {
  return `${pid} ${since} ${transactionSince}`;
}
