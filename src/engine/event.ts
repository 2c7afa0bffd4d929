/** What a run tells while it goes on. The command line narrates it, the library hands it to its caller. */

import type { Direction, RevisionId } from "../revision/revision.ts";
import type { Notice, ServerFacts } from "./database.ts";
import type { HookName } from "./hook.ts";
import type { RetryReason } from "./lock_retry.ts";
import type { RepeatableReason } from "./repeatable.ts";
import type { ShadowProgress } from "./shadow/progress.ts";

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
  | { readonly type: "lock-waiting"; readonly holder: LockHolder | null; readonly waitedMs: number }
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
    readonly reason: "lock-timeout" | "deadlock" | "serialization";
    /** The statement that failed; null where it was mig's own. */
    readonly statement: { readonly label: string; readonly line: number } | null;
    /** Which try failed, from 1, and how many there are at the most. */
    readonly attempt: number;
    readonly attempts: number;
    readonly pauseMs: number;
  }
  | { readonly type: "index-rebuilt"; readonly step: StepName; readonly index: string }
  | ({ readonly type: "repeatable-started" } & RepeatableName)
  | ({ readonly type: "repeatable-finished"; readonly ms: number } & RepeatableName)
  /** Another session's locks made the script fail: it was rolled back, and is tried again. */
  | {
    readonly type: "repeatable-retrying";
    readonly path: string;
    readonly why: RetryReason;
    /** The one that failed, from 1. */
    readonly attempt: number;
    readonly attempts: number;
    readonly pauseMs: number;
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

/** Gets the events of a run. */
export type OnEvent = (event: MigrationEvent) => void;
