/** The face of the library: what a program can do with a project and its database. */

import type {
  AcceptedData,
  BaselineData,
  BranchesData,
  CheckData,
  CreatedData,
  CurrentData,
  HeadsData,
  HistoryData,
  MergeData,
  MigratedData,
  RebasedData,
  RestoredData,
  ScriptData,
  ShowData,
  StampData,
  StatusData,
} from "../commands/data.ts";

/** A project with its database. Each method that reads or runs opens a session of its own and closes it. */
export interface Mig extends AsyncDisposable {
  /**
   * Applies all that leads to the specs; to the head if there are none.
   * @throws {MigError} whatever was refused or failed; `data.applied` has what is applied then, where known
   */
  up(...specs: readonly string[]): Promise<MigratedData>;
  /** Undoes all that came after the spec, which stays applied, and what depends on that; `base` undoes everything. */
  down(spec: string): Promise<MigratedData>;
  /** Leads to exactly what the specs need from wherever the database is: down with everything else, then up. */
  goto(...specs: readonly string[]): Promise<MigratedData>;
  /** Undoes the last revisions, one by default, and applies them again as their files are now. */
  redo(count?: number): Promise<MigratedData>;
  /** What `up`, `down` or `goto` would do with these specs, or `redo` with this count. It only reads. */
  plan(verb: "up" | "down" | "goto" | "redo", ...specs: readonly (string | number)[]): Promise<MigratedData>;
  /**
   * A script for `psql -1 -f` that leads from one revision to another, `from:to`, with the version table's rows. The
   * database is asked only where the range begins at `current`.
   */
  script(direction: "up" | "down", range?: string): Promise<ScriptData>;
  /** Records that what leads to the specs is applied, and nothing that comes after them, without running anything. */
  stamp(specs: string | readonly string[], options?: StampOptions): Promise<StampData>;
  /** Makes the first revision of a database that was there before, and records it. `from` is a dump instead of pg_dump. */
  baseline(options?: { readonly message?: string; readonly from?: string }): Promise<BaselineData>;
  /** Records the present text of a revision that was edited after it was applied. */
  accept(spec: string, options?: AcceptOptions): Promise<AcceptedData>;

  /** Where the database is, what is pending, and what is wrong. It only reads. */
  status(): Promise<StatusData>;
  /** Everything that is not as it should be. It only reads. */
  check(options?: CheckOptions): Promise<CheckData>;
  /** All revisions, newest first, or those of a range such as `-3:current`. It only reads. */
  history(range?: string): Promise<HistoryData>;
  /** The revisions that the database is at. It only reads. */
  current(): Promise<CurrentData>;
  /** The revisions that nobody follows. It only reads. */
  heads(): Promise<HeadsData>;
  /** Where the chain parts, and the branches that begin there. It only reads. */
  branches(): Promise<BranchesData>;
  /** A revision and its SQL; with `applied`, the SQL that ran, as the database has it. It only reads. */
  show(spec: string, options?: { readonly applied?: boolean }): Promise<ShowData>;

  /** Makes a revision's folder. This and what follows is for projects whose revisions are in folders. */
  readonly new: (message: string, options?: NewOptions) => Promise<CreatedData>;
  /**
   * Makes a revision that follows several heads: these, or all. What both orders of them lead to is compared first, in an embedded
   * database; `proof` tells what came of it, and stops nothing.
   */
  merge(heads?: readonly string[], options?: MergeOptions): Promise<MergeData>;
  /** Lets a revision that is not applied follow another one: it changes `parent` in its meta.json. */
  rebase(spec: string, options: RebaseOptions): Promise<RebasedData>;
  /** Writes the folders of revisions that only the database has: these, or all. */
  restore(...specs: readonly string[]): Promise<RestoredData>;

  /** Lets go of a database in memory. */
  close(): Promise<void>;
}

/** How to stamp. */
export interface StampOptions {
  /** Delete every row first, also those of revisions that are not here. */
  readonly purge?: boolean;
  /** Only tell which rows would change. */
  readonly dryRun?: boolean;
}

/** What to look at. */
export interface CheckOptions {
  /** The files alone; no database is asked. */
  readonly filesOnly?: boolean;
  /** Kinds that are no problem here, e.g. `irreversible`. */
  readonly ignore?: readonly string[];
}

/** What a new revision is to be. */
export interface NewOptions {
  /** What it follows, instead of the head; `base` for nothing. */
  readonly parent?: string | readonly string[];
  /** What must be applied before it, without following it. */
  readonly dependsOn?: readonly string[];
  /** Names for its branch. */
  readonly labels?: readonly string[];
  /** Random where it is left out. */
  readonly id?: string;
  /** The text of up.sql; the template's where it is left out. */
  readonly up?: string;
  /** The text of down.sql; where it is left out and `up` is there, the revision is irreversible. */
  readonly down?: string;
  /** The name of a template. */
  readonly template?: string;
  /** Which of several folders. */
  readonly folder?: string;
}

/** How a text is accepted. */
export interface AcceptOptions {
  /** Whether to try both texts; true where it is left out. */
  readonly prove?: boolean;
}

/** What a merge is to be. */
export interface MergeOptions {
  readonly message?: string;
  readonly labels?: readonly string[];
  readonly id?: string;
  /** Whether to try the branches in both orders; true where it is left out. */
  readonly prove?: boolean;
}

/** Where a revision goes. */
export interface RebaseOptions {
  /** What it is to follow; `base` for nothing. */
  readonly onto: string;
  /** Of a merge: which of its parents is replaced. */
  readonly from?: string;
  /** Do not ask the database whether it is applied. */
  readonly filesOnly?: boolean;
}
