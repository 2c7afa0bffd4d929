/**
 * The lock of an embedded database's folder: two processes that open one data directory lose committed data.
 *
 * It is the operating system's lock on a file (byte ranges: fcntl, LockFileEx), so it ends with the process, however that
 * dies; nothing is ever stale, no process id is compared, and it holds between containers that share the folder. Node's
 * own modules cannot take such a lock, but the SQLite inside of Deno, Bun and Node 22.13 can: "begin exclusive" on a
 * database file that stays empty. SQLite also minds that closing any handle of a file would drop the locks which the
 * process has on it (manual of SQLite, "How To Corrupt An SQLite Database File", 2.2): nothing else may open that file.
 */

import { accessSync, constants, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { DatabaseSync } from "node:sqlite";
import { MigError } from "../error.ts";
import type { LockHolder } from "../engine/event.ts";
import { fileFailed } from "./file_failure.ts";

/** What is told, again and again, while another process has the folder. */
export interface FolderWait {
  /** Who has it, as far as it can be known. */
  readonly holder: LockHolder | null;
  readonly waitedMs: number;
}

/** How long to wait for the folder, and who wants to know. */
export interface FolderLockOptions {
  /** Milliseconds. */
  readonly waitMs: number;
  readonly onWait?: (wait: FolderWait) => void;
}

/** The names of the lock's files in the folder. */
export const LOCK_FILE = "lock";
export const HOLDER_FILE = "holder.json";

/** A folder that this process has for itself. */
export class FolderLock {
  readonly #database: DatabaseSync;
  readonly #folder: string;

  /** Only `lockFolder()` makes one. */
  constructor(database: DatabaseSync, folder: string) {
    this.#database = database;
    this.#folder = folder;
    held.add(this);
  }

  /** Lets others have the folder. */
  release(): void {
    if (!held.delete(this)) return;
    rmSync(join(this.#folder, HOLDER_FILE), { force: true });
    this.#database.close();
  }
}

/**
 * Waits until no other process, and nobody else in this one, has the folder.
 *
 * @param folder exists and can be written to
 * @throws {MigError} `embedded-busy` when somebody still has it after `waitMs`
 */
export async function lockFolder(folder: string, { waitMs, onWait }: FolderLockOptions): Promise<FolderLock> {
  const { DatabaseSync } = await loadSqlite();
  const started = performance.now();
  for (let attempt = 0;; attempt++) {
    const database = tryLock(DatabaseSync, folder);
    if (database !== null) {
      const lock = new FolderLock(database, folder);
      writeHolder(folder);
      return lock;
    }
    const waitedMs = performance.now() - started;
    const holder = readHolder(folder);
    if (waitedMs >= waitMs) throw busy(folder, holder, waitedMs);
    // Most locks are free again a moment later, and who has just taken one may not have said so yet.
    if (attempt > 1) onWait?.({ holder, waitedMs });
    const pause = Math.min(25 * 2 ** attempt, 250, waitMs - waitedMs);
    await new Promise((resolve) => setTimeout(resolve, pause * (0.75 + Math.random() / 2)));
  }
}

/** A handle that is collected as garbage would give its lock away. */
const held = new Set<FolderLock>();

async function loadSqlite(): Promise<typeof import("node:sqlite")> {
  try {
    return await import("node:sqlite");
  } catch (cause) {
    throw new MigError("embedded-failed", "the embedded database needs a runtime that has node:sqlite", {
      hint: "run mig with Deno 2.2, Bun 1.4 or Node.js 22.13, or newer ones",
      cause,
    });
  }
}

/** One attempt; the file is opened anew for each, so that waiting does not hold on to a file that was deleted. */
function tryLock(Sqlite: typeof DatabaseSync, folder: string): DatabaseSync | null {
  let database: DatabaseSync | undefined;
  try {
    const path = join(folder, LOCK_FILE);
    database = new Sqlite(path);
    // Of a file that it can only read, SQLite would take a lock that others can share.
    accessSync(path, constants.W_OK);
    database.exec("pragma busy_timeout = 0");
    database.exec("begin exclusive");
    return database;
  } catch (error) {
    database?.close();
    if (isBusy(error)) return null;
    throw fileFailed(`cannot lock the embedded database in "${folder}"`, error);
  }
}

/** SQLITE_BUSY. Deno gives no code, only what `sqlite3_errstr()` says of it. */
function isBusy(error: unknown): boolean {
  const { errcode, message } = error as { errcode?: number; message?: string };
  return errcode === undefined ? message === "database is locked" : (errcode & 0xff) === 5;
}

/** Who has the folder is only told to people, so it may be missing or late. */
function writeHolder(folder: string): void {
  const holder: LockHolder = {
    pid: process.pid,
    user: null,
    application: "mig",
    clientAddress: thisHost(),
    since: new Date().toISOString(),
  };
  const path = join(folder, HOLDER_FILE);
  try {
    writeFileSync(`${path}.new`, `${JSON.stringify(holder)}\n`);
    renameSync(`${path}.new`, path);
  } catch {
    // A full disk is told where it matters: when the database is opened.
  }
}

/** Tells containers apart that share the folder; null where Deno was not allowed to ask for it. */
function thisHost(): string | null {
  try {
    return hostname();
  } catch {
    return null;
  }
}

function readHolder(folder: string): LockHolder | null {
  try {
    const holder = JSON.parse(readFileSync(join(folder, HOLDER_FILE), "utf8")) as LockHolder;
    return typeof holder.pid === "number" ? holder : null;
  } catch {
    return null;
  }
}

function busy(folder: string, holder: LockHolder | null, waitedMs: number): MigError {
  const since = holder?.since ? ` since ${holder.since}` : "";
  const place = holder?.clientAddress && holder.clientAddress !== thisHost()
    ? ` on ${holder.clientAddress}`
    : "";
  const own = holder?.pid === process.pid && place === "";
  const who = holder === null ? "another process" : own ? "this process" : `process ${holder.pid}${place}`;
  const waited = `${(waitedMs / 1000).toFixed(1)} s`;
  return new MigError(
    "embedded-busy",
    `${who} uses the embedded database in "${folder}"${since}; waited ${waited}`,
    {
      hint: own ? "close its session first: the embedded database has one at a time" : [
        "wait until it is done, or end it, and run the command again",
        "give more time: MIG_LOCK_WAIT=10min",
      ],
      data: { holder },
    },
  );
}
