/** What the verbs give back: plain data, for people by way of `render/human`, for programs as `--json`. */

import type { ReportedBatch } from "../engine/report.ts";
import type { AppliedRevision, Unfinished } from "../revision/applied.ts";
import type { StepName } from "../engine/event.ts";
import type { ReportedHook } from "../engine/plan_hooks.ts";
import type { RepeatableReport } from "../engine/repeatable.ts";
import type { Because } from "../revision/plan.ts";
import type { RevisionId } from "../revision/revision.ts";
import type {
  BranchesData,
  GraphData,
  HeadsData,
  HistoryData,
  MergeData,
  RebasedData,
} from "./graph_data.ts";

import type { SchemaData, VerifyData } from "./shadow_data.ts";
import type { DiffData } from "./diff_data.ts";
import type { AcceptedData, CheckData, RestoredData, StatusData, UnlockData } from "./state_data.ts";

export type * from "./diff_data.ts";
export type * from "./graph_data.ts";
export type * from "./shadow_data.ts";
export type * from "./state_data.ts";

/** What a verb gives back. */
export type Data =
  | AcceptedData
  | BaselineData
  | BranchesData
  | CheckData
  | CompletionData
  | ConfigData
  | CreatedData
  | CurrentData
  | DiffData
  | DumpData
  | EditData
  | GraphData
  | HeadsData
  | HistoryData
  | InitData
  | MergeData
  | MigratedData
  | RebasedData
  | RestoredData
  | SchemaData
  | ScriptData
  | ShowData
  | StampData
  | StatusData
  | UnlockData
  | VerifyData;

/** Of `completion`. */
export interface CompletionData {
  readonly kind: "completion";
  readonly shell: string;
  /** What the shell is to read. */
  readonly script: string;
}

/** Of `dump`. */
export interface DumpData {
  readonly kind: "dump";
  readonly database: string;
  /** `pg_dump 18.4`. */
  readonly program: string;
  /** The file it was written to; null for standard output. */
  readonly output: string | null;
  /** Whether the file holds another text now than before; null where there is no file. */
  readonly changed: boolean | null;
  /** The SQL; null where it was written to a file. */
  readonly schema: string | null;
}

/** The schema file that a run has written. */
export interface SavedDump {
  readonly path: string;
  /** Whether it holds another text now than before; null where it could not be written. */
  readonly changed: boolean | null;
  /** Why it could not be written; null where it was. */
  readonly problem: string | null;
}

/** Of `init`. */
export interface InitData {
  readonly kind: "init";
  readonly created: readonly string[];
  readonly kept: readonly string[];
  /** The mig.json of a folder above, whose project this folder was a part of; null where there is none. */
  readonly outer: string | null;
}

/** Of `new`. */
export interface CreatedData {
  readonly kind: "created";
  readonly id: RevisionId;
  readonly parents: readonly RevisionId[];
  readonly dependsOn: readonly RevisionId[];
  readonly labels: readonly string[];
  readonly message: string;
  /** The folder. */
  readonly path: string;
  readonly files: readonly string[];
  /** The SQL files that still hold no more than the template. */
  readonly toWrite: readonly string[];
  /** The revisions that nobody follows now. */
  readonly heads: readonly RevisionName[];
}

/** Of `edit`. */
export interface EditData {
  readonly kind: "edit";
  /** Those that were opened. */
  readonly revisions: readonly (RevisionName & { readonly path: string })[];
  /** The files whose text is another than before; line endings do not count. */
  readonly changed: readonly string[];
}

/** Of `up`, `down`, `goto` and `redo`. */
export interface MigratedData {
  readonly kind: "migrated";
  /** `both` where it may go down and up: `goto` and `redo`. */
  readonly direction: "up" | "down" | "both";
  /** Whether the steps were only planned. */
  readonly dryRun: boolean;
  readonly database: string;
  readonly steps: readonly StepData[];
  /** The hooks that ran with them, or would, in their order. */
  readonly hooks: readonly ReportedHook[];
  /** What became of the repeatable scripts, or would; null where the project has none. */
  readonly repeatable: RepeatableReport | null;
  /** The schema file of the settings; null where none was written. */
  readonly dump: SavedDump | null;
  /** Why there are no steps, where it is worth saying. */
  readonly reason: string | null;
  /** The applied revisions that no applied one follows: where the database is now; none at base. */
  readonly current: readonly RevisionName[];
  /** How many revisions of the chain are still to be applied. */
  readonly pending: number;
}

/** One step of a run. */
export interface StepData extends StepName {
  /** The file that ran, or would. */
  readonly path: string;
  /** The statements in it that are repeated until they change no row; null in what they did where they have not run. */
  readonly batches: readonly ReportedBatch[];
  /** What has it go, on the way down to a revision; null where that is not another revision. */
  readonly because: Because | null;
}

/** A revision in short. */
export interface RevisionName {
  readonly id: RevisionId;
  readonly message: string;
}

/** A revision and whether it is applied. */
export interface RevisionState extends RevisionName {
  readonly parents: readonly RevisionId[];
  readonly path: string | null;
  readonly applied: AppliedFacts | null;
}

export type AppliedFacts = Pick<AppliedRevision, "appliedAt" | "appliedBy" | "durationMs" | "unfinished">;

/** Of `current`. */
export interface CurrentData {
  readonly kind: "current";
  readonly database: string;
  readonly current: readonly (RevisionState & { readonly head: boolean })[];
  /** Whether that is every head of the folder, and nothing else. */
  readonly atHeads: boolean;
  /** How people see it; no part of the JSON. */
  readonly view: { readonly verbose: boolean; readonly checkHeads: boolean };
}

/** Of `show`. */
export interface ShowData {
  readonly kind: "show";
  readonly revision: RevisionState;
  readonly children: readonly RevisionId[];
  /** Whether the texts are those that were stored when it was applied, not those of the folder. */
  readonly stored: boolean;
  readonly up: string;
  readonly down: string | null;
}

/** Of `up` and `down` with `--sql`. */
export interface ScriptData {
  readonly kind: "script";
  readonly direction: "up" | "down";
  readonly steps: readonly StepData[];
  /** The repeatable scripts that it applies after them. */
  readonly repeatable: readonly { readonly name: string; readonly path: string }[];
  /** `one`: it has to be run by `psql -1`. `each`: without -1, since it commits each revision by itself. */
  readonly transaction: "one" | "each";
  /** Why it cannot be one transaction; null where it is. */
  readonly reason: string | null;
  /** The file it was written to; null for standard output. */
  readonly output: string | null;
  /** The script; null where it was written to a file. */
  readonly script: string | null;
}

/** Of `baseline`. */
export interface BaselineData {
  readonly kind: "baseline";
  readonly database: string;
  readonly id: RevisionId;
  readonly message: string;
  /** The folder. */
  readonly path: string;
  readonly files: readonly string[];
  /** Who wrote the SQL: `pg_dump 15.18`, or the file it was taken from. */
  readonly source: string;
  readonly statements: number;
  /** The version table, qualified, where it was made for this; null where it was there. */
  readonly made: string | null;
}

/** Of `stamp`. */
export interface StampData {
  readonly kind: "stamp";
  readonly dryRun: boolean;
  readonly database: string;
  /** The version table, qualified, where it was made for this; null where it was there. */
  readonly made: string | null;
  /** Rows that go, newest first, then rows that come, oldest first. */
  readonly changes: readonly StampChange[];
  /** Where the database is now, by its version table. */
  readonly current: readonly RevisionName[];
  readonly pending: number;
}

/** What becomes of a row: `finish` records an interrupted revision as whole. */
export interface StampChange extends RevisionName {
  readonly change: "forget" | "finish" | "record";
  /** How far the row had come, where it was that of an interrupted revision. */
  readonly unfinished: Unfinished | null;
}

/** Of `config`. */
export interface ConfigData {
  readonly kind: "config";
  readonly settings: readonly {
    readonly name: string;
    /** Without secrets; null where nothing is set. */
    readonly value: string | null;
    readonly origin: string;
    /** Why the value cannot be used, where it cannot. */
    readonly problem?: string;
  }[];
}
