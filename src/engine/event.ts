/** What a run tells while it goes on. The command line narrates it, the library hands it to its caller. */

import type { Direction, RevisionId } from "../revision/revision.ts";
import type { Blocker } from "./blocker.ts";
import type { Notice, ServerFacts } from "./database.ts";
import type { HookName } from "./hook.ts";
import type { RepeatableReason } from "./repeatable.ts";
import type { ShadowProgress } from "./shadow/progress.ts";
import type { RetryReason } from "./tried.ts";
import type { WorkProgress } from "./work_progress.ts";

/** Who a run waits for. */
export interface LockHolder {
  readonly pid: number;
  readonly user: string | null;
  readonly application: string | null;
  readonly clientAddress: string | null;
  /** ISO 8601, UTC: since when that session exists. */
  readonly since: string | null;
}

/** A step as events and reports name it. */
export interface StepName {
  readonly direction: Direction;
  readonly id: RevisionId;
  readonly message: string;
}

/**
 * What was made of a statement outside of transactions that had been interrupted. `was-done`: it was done and not noted yet,
 * so it is not run again; `finished`: what it had begun was brought to its end; `again`: nothing tells how far it came, and it
 * runs once more; `index-dropped`: an INVALID index, whose name this is, was put away.
 */
export interface Recovery {
  readonly what: "was-done" | "finished" | "again" | "index-dropped";
  /** The statement's first words, or the index. */
  readonly name: string;
}

/** A repeatable script that is applied. */
export interface RepeatableName {
  /** Its path in the folder of the scripts. */
  readonly name: string;
  readonly path: string;
  readonly reason: RepeatableReason;
  readonly statements: number;
  /** How many are applied in this run. */
  readonly count: number;
}

/** Something that happened in a run, in the order in which it happened. Milliseconds throughout. */
export type MigrationEvent =
  | {
    readonly type: "connected";
    readonly database: string;
    readonly server: ServerFacts;
    readonly ms: number;
  }
  | {
    readonly type: "lock-waiting";
    readonly holder: LockHolder | null;
    /** Whether that is this run's own session, whose connection was lost: the server has not ended it yet. */
    readonly own?: boolean;
    readonly waitedMs: number;
  }
  | { readonly type: "plan"; readonly database: string; readonly steps: readonly StepName[] }
  | {
    readonly type: "step-started";
    readonly step: StepName;
    /** From 1. */
    readonly index: number;
    readonly count: number;
    readonly statements: number;
    /** Which try it is, from 1: after each `step-retrying` the step starts anew. */
    readonly attempt: number;
    /** How many statements of an interrupted no-transaction file are done already. */
    readonly resumedAfter: number;
    /** How many rows the next one, a batch, has changed already. */
    readonly resumedRows: number;
  }
  | {
    readonly type: "statement-started";
    readonly step: StepName;
    /** From 1. */
    readonly index: number;
    readonly count: number;
    /** The statement's first words: `CREATE TABLE users`. */
    readonly label: string;
    readonly line: number;
  }
  | {
    readonly type: "statement-finished";
    readonly step: StepName;
    readonly index: number;
    readonly count: number;
    readonly label: string;
    /** From the answer to what came before it to its own. */
    readonly ms: number;
  }
  /** How much of a large file is read; what is read is sent at once. */
  | {
    readonly type: "file-progress";
    readonly step: StepName;
    readonly bytes: number;
    readonly total: number;
  }
  | {
    readonly type: "step-finished";
    readonly step: StepName;
    readonly statements: number;
    readonly ms: number;
  }
  /** A step failed over something that passes, was rolled back, and is tried again after a pause. */
  | {
    readonly type: "step-retrying";
    readonly step: StepName;
    readonly reason: RetryReason;
    /** The statement that failed; null where it was mig's own. */
    readonly statement: { readonly label: string; readonly line: number } | null;
    /** Which try failed, from 1, and how many there are at the most. */
    readonly attempt: number;
    readonly attempts: number;
    readonly pauseMs: number;
    /** Who was seen in the way; none where nobody was, since nothing looks before a second has passed. */
    readonly blockers: readonly Blocker[];
  }
  /** The same for a SQL hook. */
  | {
    readonly type: "hook-retrying";
    readonly hook: HookName;
    readonly text: string;
    readonly reason: RetryReason;
    readonly attempt: number;
    readonly attempts: number;
    readonly pauseMs: number;
    readonly blockers: readonly Blocker[];
  }
  /** The step waits for other sessions' locks; told again each second. */
  | {
    readonly type: "blocked";
    readonly step: StepName | null;
    readonly blockers: readonly Blocker[];
    /** How long the server has said nothing. */
    readonly silentMs: number;
  }
  | { readonly type: "unblocked"; readonly step: StepName | null }
  /** The session of a blocker was ended, as `killBlockers` asks for, or could not be. */
  | { readonly type: "blocker-killed"; readonly step: StepName | null; readonly blocker: Blocker }
  | {
    readonly type: "blocker-kept";
    readonly step: StepName | null;
    readonly blocker: Blocker;
    /** What the server says. */
    readonly reason: string;
    /** The SQL with which an administrator lets the role do it, unless the session is a superuser's. */
    readonly grant: string;
  }
  /** How far a long statement is; told again each second. */
  | { readonly type: "progress"; readonly step: StepName | null } & WorkProgress
  /** Who blocks the run cannot be seen; the run goes on. */
  | { readonly type: "watch-failed"; readonly reason: string }
  /** A round of a statement that is repeated (`-- mig: batch`). */
  | BatchFacts & {
    readonly type: "batch-round";
    /** From 1, in this run. */
    readonly round: number;
    /** How many rows this round changed. */
    readonly roundRows: number;
    /** How many rows the rounds of this run have changed. */
    readonly rows: number;
    /** Since the first of them began. */
    readonly ms: number;
  }
  /** The last round changed nothing. */
  | BatchFacts & {
    readonly type: "batch-finished";
    /** How many rounds of this run changed something. */
    readonly rounds: number;
    readonly rows: number;
    readonly ms: number;
  }
  /**
   * A no-transaction file goes on of which an interrupted run has filled these variables into statements that are done. What they were
   * then is kept nowhere.
   */
  | { readonly type: "values-not-kept"; readonly step: StepName; readonly variables: readonly string[] }
  | { readonly type: "recovered"; readonly step: StepName; readonly recovery: Recovery }
  /** The connection was lost in mid-run; the reason is the server's word, null where it had none. */
  | { readonly type: "connection-lost"; readonly reason: string | null; readonly waitMs: number }
  | { readonly type: "reconnecting"; readonly reason: string; readonly waitedMs: number }
  /** The run goes on over another connection. */
  | {
    readonly type: "reconnected";
    /** How many steps are done, and of how many. */
    readonly done: number;
    readonly count: number;
    /** How many of them were committed without an answer, and how many that were answered the server has lost. */
    readonly unheard: number;
    readonly lost: number;
    readonly next: StepName | null;
  }
  | ({ readonly type: "repeatable-started" } & RepeatableName)
  | ({ readonly type: "repeatable-finished"; readonly ms: number } & RepeatableName)
  /** Another session's locks made the script fail: it was rolled back, and is tried again. */
  | {
    readonly type: "repeatable-retrying";
    readonly path: string;
    readonly reason: RetryReason;
    /** The one that failed, from 1. */
    readonly attempt: number;
    readonly attempts: number;
    readonly pauseMs: number;
    readonly blockers: readonly Blocker[];
  }
  /** The files of these scripts are gone, and the database forgets them; what they made stays. */
  | { readonly type: "repeatables-removed"; readonly names: readonly string[] }
  /** A hook; its text is the command line, or the path of the SQL file. */
  | { readonly type: "hook-started"; readonly hook: HookName; readonly text: string }
  /** A line that a command line printed. */
  | { readonly type: "hook-output"; readonly hook: HookName; readonly line: string }
  | { readonly type: "hook-finished"; readonly hook: HookName; readonly text: string; readonly ms: number }
  | { readonly type: "hook-failed"; readonly hook: HookName; readonly text: string }
  /** The run lock was gone at the end: a pooler hands out another server session for each transaction. */
  | { readonly type: "lock-lost" }
  | {
    readonly type: "verified";
    readonly revision: Pick<StepName, "id" | "message">;
    readonly result: "proven" | "irreversible" | "failed";
    readonly ms: number;
  }
  | { readonly type: "shadow"; readonly progress: ShadowProgress }
  | { readonly type: "notice"; readonly step: StepName | null; readonly notice: Notice };

/** A statement that is repeated. */
export interface BatchFacts {
  readonly step: StepName;
  /** From 1. */
  readonly index: number;
  readonly count: number;
  readonly label: string;
  /** How many rows were changed by it in runs that were interrupted. */
  readonly rowsBefore: number;
}

/** Gets the events of a run. */
export type OnEvent = (event: MigrationEvent) => void;
