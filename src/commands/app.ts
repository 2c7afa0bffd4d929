/** What the verbs are given to work with. The command line wires it; nothing in it is opened before it is asked for. */

import type { MigError } from "../error.ts";
import type { StoredSql } from "../engine/applied_rows.ts";
import type { Chain, FoundRevisions } from "../engine/chain.ts";
import type { Database } from "../engine/database.ts";
import type { Differ } from "../engine/difference.ts";
import type { OnEvent } from "../engine/event.ts";
import type { Hook } from "../engine/hook.ts";
import type { RepeatableFile } from "../engine/repeatable.ts";
import type { Shadow } from "../engine/shadow/shadow.ts";
import type { SchemaFile } from "../engine/schema_files.ts";
import type { Flush } from "../engine/step_sql.ts";
import type { Timeouts } from "../engine/timeouts.ts";
import type { Variables } from "../sql/fill_in.ts";
import type { Metadata } from "../revision/metadata.ts";
import type { Direction, Revision, RevisionId } from "../revision/revision.ts";
import type { ConfigData, GraphData, Problem } from "./data.ts";

/** The world as a verb sees it. */
export interface App {
  /** Reads and links the project's revisions. */
  openChain(): Promise<Chain>;
  /** Reads them for a verb that can do something about revisions that do not fit together. */
  readRevisions(): Promise<FoundRevisions>;
  /**
   * The same for verbs that are going to need the database: where it is a server, connecting to it begins meanwhile.
   * @throws {MigError} as `openChain`; what is wrong with the database is for `connect()` to say
   */
  openProject(): Promise<Project>;
  /**
   * The same for verbs that only ask the database: where it is a server, it is asked while the chain is read.
   * @param ask is given what is being read; it asks before it waits for that
   * @throws {MigError} as `openChain`, and only then what `ask` throws
   */
  askProject<T>(ask: (database: Database, chain: Promise<Chain>) => Promise<T>): Promise<Asked<T>>;
  /**
   * The repeatable scripts in their order; null where the project has none.
   * @throws {MigError} `folder-missing`, `file-failed`, `sql-unreadable`
   */
  readRepeatables(): Promise<readonly RepeatableFile[] | null>;
  /**
   * The database of the settings, or another one; connects to nothing yet.
   * @param url as the setting has it
   */
  openDatabase(url?: string): Promise<Database>;
  /** What compares schemas. */
  openDiffer(): Promise<Differ>;
  /** The SQL files that a path names, in the order in which they run; null where it names none. */
  readSchema(path: string): Promise<readonly SchemaFile[] | null>;
  /** The file or folder that says what the schema is to be, by the settings; it need not be there. */
  readonly schemaPath: string;
  /** Whether a database was named, or the embedded one has been made. */
  hasDatabase(): boolean;
  /** Shows problems beside the lines of a pull request, where it runs in CI that can. */
  annotate(problems: readonly Problem[], level?: "error" | "warning"): void;
  /** A database to throw away, in which this chain can be replayed; nothing is made before it is used. Close it. */
  openShadow(chain: Chain): Promise<Shadow>;
  /** Makes a revision's folder and gives the paths of its files, as the user would type them. */
  createRevision(chain: Chain, revision: NewRevision): CreatedRevision;
  /**
   * Makes the folder of a revision that was lost.
   * @param revisions those that are there, by id
   * @param former the folder that it had; without one, or where something else is there, it is named by `now`
   */
  restoreRevision(
    revisions: ReadonlyMap<RevisionId, Revision>,
    metadata: Metadata,
    texts: StoredSql,
    former: FormerFolder | undefined,
    now: Date,
  ): CreatedRevision;
  /** The folders of revisions as they were committed last, by id, as far as anybody knows. */
  formerFolders(): Promise<ReadonlyMap<RevisionId, FormerFolder>>;
  /** The text of a SQL file, by its path from the working folder; `-` is standard input. */
  readSql(path: string): Promise<string>;
  /**
   * The user's editor.
   * @throws {MigError} `config-invalid` where none is set
   */
  openEditor(): Editor;
  /**
   * Writes a revision's meta.json anew: whole, or not at all.
   * @throws {MigError} `file-failed`, also where it is not what was read
   */
  replaceMetadata(revision: Revision, text: string): void;
  /** Writes a SQL file into a revision's folder, whole or not at all, and gives its path. */
  writeSql(folder: string, direction: Direction, text: string): string;
  /**
   * Writes the meta.json that a folder has lost, whole or not at all, and gives its path.
   * @param before its text then, where anybody knows
   */
  writeMetadata(folder: string, metadata: Metadata, before?: string): string;
  /** Draws a graph into a file: whole, or not at all. */
  saveGraph(graph: GraphData, path: string): Promise<void>;
  /** Makes the files of a new project in the working folder, and gives their paths. */
  createProject(): CreatedProject;
  /** The file that the settings name for the schema; null for none. */
  readonly dumpFile: string | null;
  /**
   * Writes a text file whole or not at all; false where it held that text already.
   * @param beginning how what is overwritten has to begin
   * @throws {MigError} `file-failed`, `already-exists`
   */
  saveText(path: string, text: string, beginning?: string): boolean;
  /** Writes a text file, over what is there. */
  writeFile(path: string, text: string): void;
  /** The version table's name as configured. */
  readonly table: string;
  /** The role to work as; null for that of the login. */
  readonly role: string | null;
  readonly lockWaitMs: number;
  /** How long to try to reach the server again once the connection is lost in mid-run, in milliseconds. */
  readonly reconnectMs?: number;
  readonly flush: Flush;
  readonly timeouts: Timeouts;
  /** What is filled into the files that ask for it: the environment, with what `.env` adds to it. */
  readonly variables: Variables;
  /** What mig.json has mig do besides. */
  readonly hooks: readonly Hook[];
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
  /** Shows lines beside the answer. */
  show(lines: readonly string[]): void;
  /**
   * Shows lines, asks a question, and returns when the answer is yes.
   * @throws {MigError} `interrupted` when it is no, `usage` where nobody can be asked
   */
  confirm(question: string, lines: readonly string[], data?: MigError["data"]): Promise<void>;
  /**
   * Asks a question, and gives whether the answer is yes; null where nobody can be asked.
   * @throws {MigError} `interrupted` when there is no answer
   */
  ask(question: string): Promise<boolean | null>;
  /**
   * Who wrote what is in some folders, by the folder; null for one that is not committed. Those of which nobody knows
   * are left out.
   */
  authorsOf(folders: readonly string[]): Promise<Authors>;
  /** Every setting, its value and its origin, without secrets. */
  describeSettings(): Promise<ConfigData>;
}

/** What most verbs work on. */
export interface Project {
  readonly chain: Chain;
  readonly database: Database;
}

/** A chain, and what a database answered. */
export interface Asked<T> {
  readonly chain: Chain;
  readonly answer: T;
}

/** What `mig new` is to make. */
export interface NewRevision {
  readonly parents: readonly RevisionId[];
  readonly message: string;
  /** Random where it is left out. */
  readonly id?: RevisionId;
  readonly labels?: readonly string[];
  readonly dependsOn?: readonly RevisionId[];
  /** The text of up.sql; the template's where it is left out. */
  readonly up?: string;
  /** The text of down.sql; null for none; the template's where it is left out. */
  readonly down?: string | null;
  /** The name of a template; undefined for the project's own, or mig's. */
  readonly template?: string;
  /** Which of the migration folders; undefined for the parent's. */
  readonly folder?: string;
  /** Goes into the folder's name and the templates; this minute where it is left out. */
  readonly now?: Date;
}

/** Who wrote something, and on which day. */
export interface Author {
  readonly name: string;
  /** 2026-11-22 */
  readonly date: string;
}

export type Authors = ReadonlyMap<string, Author | null>;

/** The user's editor. */
export interface Editor {
  /**
   * Opens files and waits until the editor ends.
   * @param again what `mig edit` takes to open them again
   * @throws {MigError} `editor-failed`
   */
  edit(paths: readonly string[], again: string): Promise<void>;
}

export interface CreatedRevision {
  readonly id: RevisionId;
  readonly labels: readonly string[];
  /** The folder. */
  readonly path: string;
  /** What was written in it. */
  readonly files: readonly string[];
}

/** Where a revision was. */
export interface FormerFolder {
  readonly path: string;
  /** Its meta.json. */
  readonly metadata: string;
}

export interface CreatedProject {
  /** What was made. */
  readonly created: readonly string[];
  /** What was there already and stays as it is. */
  readonly kept: readonly string[];
  /** The mig.json of a folder above; null where there is none. */
  readonly outer: string | null;
}
