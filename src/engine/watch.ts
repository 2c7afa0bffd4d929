/**
 * Watches a run from a second connection: who blocks it, and how far a long statement is. The connection is opened once a
 * statement takes long, and a run is the same without it.
 */

import { MigError } from "../error.ts";
import { type Blocker, canBeEnded, endBlocker, findBlockers } from "./blocker.ts";
import { type Database, QueryError, type Session } from "./database.ts";
import { endsSession } from "./failure.ts";
import type { OnEvent, StepName } from "./event.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { DEFAULT_LOCK_TIMEOUT_MS, type Timeouts } from "./timeouts.ts";
import type { VersionTable } from "./version_table.ts";
import { findProgress } from "./work_progress.ts";

/** What a watch needs to know. */
export interface WatchOptions {
  readonly database: Pick<Database, "connect" | "kind">;
  readonly table: Pick<VersionTable, "qualified">;
  readonly timeouts: Timeouts;
  /** Whether to end the sessions that have blocked the run for as long as one lock timeout. */
  readonly killBlockers?: boolean;
  /** The step that is being run. */
  readonly step: () => StepName | null;
  readonly onEvent: OnEvent;
}

/** Watches one session until it is disposed of. */
export class Watch implements AsyncDisposable {
  readonly #options: WatchOptions;
  #watched: Session | null;
  /** Opened when it is first needed; null where it could not be. */
  #own: Promise<Session | null> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  #blockers: readonly Blocker[] = [];
  #blocked = false;
  /** When each blocker was first seen in the way. */
  readonly #seen = new Map<string, number>();
  /** Of whom it was told that they cannot be ended. */
  readonly #kept = new Set<string>();

  constructor(session: Session, options: WatchOptions) {
    this.#watched = session;
    this.#options = options;
    // The embedded database has one session at a time, and nobody who could block it.
    if (options.database.kind === "server") this.#schedule(TICK_MS);
  }

  /** Those who were last seen in the way since this was last asked. */
  takeBlockers(): readonly Blocker[] {
    const blockers = this.#blockers;
    this.#blockers = [];
    return blockers;
  }

  /** Watches another session from now on, or none, where the connection is lost. */
  follow(session: Session | null): void {
    this.#watched = session;
    this.#own?.then((own) => own?.close());
    this.#own = undefined;
    this.#blockers = [];
    this.#blocked = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    // A connection that is still being made is not waited for.
    const own = this.#own;
    const opened = await Promise.race([own, Promise.resolve(undefined)]);
    if (opened === undefined) own?.then((session) => session?.close());
    else await opened?.close();
  }

  #schedule(ms: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => this.#tick(), ms);
  }

  async #tick(): Promise<void> {
    const silent = this.#watched !== null && this.#watched.silentMs >= this.#patience;
    if (silent || this.#blocked) await this.#look();
    this.#schedule(silent ? Math.min(LOOK_MS, this.#patience) : Math.min(TICK_MS, this.#patience / 2));
  }

  /** A statement that gives up soon has to be looked at before. */
  get #patience(): number {
    const { lockTimeout = 0 } = this.#options.timeouts;
    return lockTimeout === 0 ? PATIENCE_MS : Math.min(PATIENCE_MS, Math.max(lockTimeout / 3, SHORTEST_MS));
  }

  async #look(): Promise<void> {
    const { onEvent, step } = this.#options;
    const watched = this.#watched!;
    const own = await (this.#own ??= this.#open());
    if (own === null || this.#stopped || this.#watched !== watched) return;
    try {
      const backend = this.#backendOf(watched);
      const [blockers, progress] = await Promise.all([
        findBlockers(own, backend),
        findProgress(own, backend),
      ]);
      if (this.#stopped || this.#watched !== watched) return;
      if (blockers.length > 0) {
        this.#blockers = blockers;
        onEvent({ type: "blocked", step: step(), blockers, silentMs: watched.silentMs });
        if (this.#options.killBlockers) await this.#killThose(blockers, own, backend);
      } else if (this.#blocked) onEvent({ type: "unblocked", step: step() });
      this.#blocked = blockers.length > 0;
      if (progress !== null) onEvent({ type: "progress", step: step(), ...progress });
    } catch (error) {
      this.#giveUp(error, own);
    }
  }

  async #killThose(blockers: readonly Blocker[], own: Session, backend: string): Promise<void> {
    const now = performance.now();
    const grace = this.#options.timeouts.lockTimeout || DEFAULT_LOCK_TIMEOUT_MS;
    for (const blocker of blockers) {
      const key = `${blocker.pid} ${blocker.since} ${blocker.transactionSince}`;
      const since = this.#seen.get(key) ?? now;
      this.#seen.set(key, since);
      // Who only waits in front of this run is freed by the end of the one who holds the lock.
      if (!canBeEnded(blocker) || now - since < grace) continue;
      if (this.#kept.has(key)) continue;
      const { step, onEvent } = this.#options;
      try {
        if (!await endBlocker(own, backend, blocker)) continue;
        onEvent({ type: "blocker-killed", step: step(), blocker });
      } catch (error) {
        if (!(error instanceof QueryError) || error.report === null) throw error;
        this.#kept.add(key);
        const grant = `grant pg_signal_backend to ${quoteIdentifier(own.server.user)}`;
        onEvent({
          type: "blocker-kept",
          step: step(),
          blocker,
          reason: error.report.message,
          grant,
        });
      }
    }
  }

  /**
   * SQL for the process that runs the steps. Behind a pooler its id is not that of the session; there the one is meant that holds the
   * lock with which each step begins.
   */
  #backendOf({ pid, server }: Session): string {
    if (!server.pooled) return String(pid);
    const { qualified } = this.#options.table;
    return `(select pid from pg_catalog.pg_locks
              where relation = pg_catalog.to_regclass('${qualified.replaceAll("'", "''")}') and granted
                and mode = 'ShareRowExclusiveLock' limit 1)`;
  }

  async #open(): Promise<Session | null> {
    try {
      const session = await this.#options.database.connect();
      if (this.#stopped) {
        await session.close();
        return null;
      }
      // Behind a pooler it would stay set for whoever gets that server session next.
      if (!session.server.pooled) {
        await session.send(`set application_name = 'mig watch'; set statement_timeout = 5000`);
      }
      return session;
    } catch (error) {
      if (!(error instanceof MigError || error instanceof QueryError)) throw error;
      this.#tellFailure(error);
      return null;
    }
  }

  #giveUp(error: unknown, own: Session): void {
    if (!(error instanceof QueryError)) throw error;
    // Where the server went, the run is told by its own connection.
    if (!this.#stopped && !endsSession(error)) this.#tellFailure(error);
    this.#own = Promise.resolve(null);
    own.close();
  }

  #tellFailure({ message }: Error): void {
    this.#options.onEvent({ type: "watch-failed", reason: message });
  }
}

/** How often it is looked whether a statement takes long. */
const TICK_MS = 200;
/** What takes longer than this is watched. */
const PATIENCE_MS = 1000;
const SHORTEST_MS = 50;
/** How often the server is asked then. */
const LOOK_MS = 1000;
