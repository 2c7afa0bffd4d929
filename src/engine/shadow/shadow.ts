/** The shadow: a database to throw away, in which the chain is replayed as `mig up` would run it. */

import { MigError } from "../../error.ts";
import type { Step } from "../../revision/plan.ts";
import type { Revision, RevisionTexts } from "../../revision/revision.ts";
import type { Database, Session } from "../database.ts";
import { prepareWholeSteps } from "../prepare.ts";
import type { WholeStep } from "../prepared_step.ts";
import type { Variables } from "../../sql/fill_in.ts";
import type { OnEvent } from "../event.ts";
import { findVersionTable } from "../version_table.ts";
import { withSession } from "../with_session.ts";
import { CatalogReader, type Fingerprint } from "./catalog.ts";
import { chainKeys, isPrivate } from "./chain_keys.ts";
import { comparable } from "./dump_text.ts";
import type { ShadowProgress } from "./progress.ts";
import { replay } from "./replay.ts";
import { SavedState } from "./saved_state.ts";
import type { Scratch, ScratchSource, SnapshotStore } from "./scratch.ts";
import { prepareEmpty, type Setup } from "./setup.ts";

/** What a shadow works with. */
export interface ShadowOptions {
  readonly source: ScratchSource;
  /** Where snapshots are kept; null for nowhere. */
  readonly store: SnapshotStore | null;
  readonly texts: RevisionTexts;
  /** The version table's name, as configured. */
  readonly table: string;
  /** What is filled into the files that ask for it. */
  readonly variables?: Variables;
  /** What is run in an empty one before the chain: roles, say; null for nothing. */
  readonly setup: Setup | null;
  readonly signal: AbortSignal;
  /** Is told what the shadow does: a line for people. */
  readonly onProgress?: (progress: ShadowProgress) => void;
  /** Gets the events of the replay; nobody does by default. */
  readonly onEvent?: OnEvent;
}

/** A database to throw away. One thing at a time; close it. */
export class Shadow implements AsyncDisposable {
  readonly #options: ShadowOptions;
  readonly #catalog = new CatalogReader();
  /** Which database each fingerprint is of. */
  readonly #read = new WeakMap<Fingerprint, Scratch>();
  /** The snapshot that it was last saved in or opened from. */
  #saved: SavedState | null = null;
  #scratch: Scratch | null = null;
  /** What was replayed in it; null once something else was done to it. */
  #replayed: readonly Revision[] | null = null;

  constructor(options: ShadowOptions) {
    this.#options = options;
  }

  /** Whether it is embedded or on a server. */
  get kind(): Database["kind"] {
    return this.#options.source.kind;
  }

  /** The database that it is; `at()` makes it. */
  get database(): Database {
    return this.#open().database;
  }

  /**
   * Brings it to the state after these revisions, replayed in this order: from where it is, from a snapshot, or from nothing,
   * whatever is nearest. Changes that were made to it otherwise are gone.
   *
   * @throws {MigError} when one of them fails
   */
  async at(revisions: readonly Revision[]): Promise<Database> {
    const { texts } = this.#options;
    const keys = chainKeys(this.#world(), revisions, texts);
    const here = this.#replayed === null || this.#scratch === null ? -1 : this.#replayed.length;
    const isOnTheWay = here >= 0 && chainKeys(this.#world(), this.#replayed!, texts).at(-1) === keys[here];
    const known = this.#options.store?.keys() ?? new Set();
    const saved = keys.findLastIndex((key) => known.has(key));
    // To open a snapshot takes as long as a few revisions.
    if (!isOnTheWay || saved > here + WORTH_REOPENING) await this.#reopen(revisions, keys, saved);
    await this.#replay(revisions, keys);
    return this.#scratch!.database;
  }

  /**
   * Takes one step from where it is, as it would be taken on a real database.
   * @throws {MigError} when it fails
   */
  async step(direction: "up" | "down", revision: Revision): Promise<void> {
    const replayed = this.#replayed;
    this.#touch();
    await this.#run([{ direction, revision }]);
    if (direction === "up" && replayed !== null) this.#replayed = [...replayed, revision];
  }

  /** What a step would run; null where the file is not whole in memory, cannot be run, or not in a transaction. */
  prepared(direction: "up" | "down", revision: Revision): WholeStep | null {
    const { texts, variables } = this.#options;
    if (direction === "down" && !revision.reversible) return null;
    try {
      const [step] = prepareWholeSteps([{ direction, revision }], texts, variables);
      return step!.script.directives.transaction ? step! : null;
    } catch (error) {
      if (error instanceof MigError) return null;
      throw error;
    }
  }

  /** Uses a session on it. What is changed is gone with the next `at()`, if `use` says so by `changes`. */
  async use<T>(use: (session: Session) => Promise<T>, changes: "reads" | "changes" = "changes"): Promise<T> {
    if (changes === "changes") this.#touch();
    return await withSession(this.#open().database, {}, use);
  }

  /** Takes for true that it is in the state after these revisions, however it came there. */
  assume(revisions: readonly Revision[]): void {
    this.#replayed = revisions;
  }

  /**
   * What its schema is, to be compared with others of the same shadow. Far cheaper than a dump.
   * @param since an earlier one: if the shadow has not been made anew meanwhile, only what has changed is read
   */
  async fingerprint(since: Fingerprint | null = null): Promise<Fingerprint> {
    const scratch = this.#open();
    return await this.use(async (session) => {
      const known = since !== null && this.#read.get(since) === scratch
        ? since
        : (await this.#saved?.fingerprint(session)) ?? null;
      const fingerprint = await this.#catalog.fingerprint(session, known);
      this.#read.set(fingerprint, scratch);
      if (known === null) await this.#saved?.keep(session, fingerprint);
      return fingerprint;
    }, "reads");
  }

  /** The catalogs' rows, for what a dump does not tell apart. */
  async catalogLines(catalogs: readonly string[]): Promise<readonly string[]> {
    return await this.use((session) => this.#catalog.lines(session, catalogs), "reads");
  }

  /**
   * Its schema as SQL by pg_dump, without mig's version table and without what differs from run to run.
   * @throws {MigError} `program-missing`, `program-failed`
   */
  async dump(owners: "with owners" | "without owners" = "with owners"): Promise<string> {
    const { database } = this.#open();
    const { serverMajor, exclude } = await this.use(async (session) => ({
      serverMajor: Math.floor(session.server.versionNumber / 10_000),
      exclude: [(await findVersionTable(session, this.#options.table)).qualified],
    }), "reads");
    const told = owners === "with owners";
    const { text } = await database.dumpSchema!({ serverMajor, exclude, owners: told, privileges: told });
    return comparable(text);
  }

  /** Throws it away. */
  async close(): Promise<void> {
    const scratch = this.#scratch;
    this.#scratch = this.#replayed = this.#saved = null;
    await scratch?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #open(): Scratch {
    if (this.#scratch === null) throw new TypeError("the shadow is not open: call at() first");
    return this.#scratch;
  }

  /** Something is about to be done to it. */
  #touch(): void {
    this.#replayed = null;
    this.#saved?.leave();
  }

  #world(): readonly string[] {
    const { source, table, setup } = this.#options;
    return [source.fingerprint, table, setup?.text ?? ""];
  }

  /** Opens the state of `keys[saved]`, or an earlier one where that cannot be had. */
  async #reopen(revisions: readonly Revision[], keys: readonly string[], saved: number): Promise<void> {
    await this.close();
    const { source, store, onProgress } = this.#options;
    const started = performance.now();
    onProgress?.({ type: "opening" });
    for (let at = saved; at >= 0 && this.#scratch === null; at--) {
      const snapshot = store?.read(keys[at]!) ?? null;
      if (snapshot === null) continue;
      try {
        this.#scratch = await source.open(snapshot);
        this.#replayed = revisions.slice(0, at);
        this.#saved = new SavedState(store!, this.#catalog, keys[at]!, snapshot);
      } catch {
        // Damaged, or PostgreSQL does not take it: made by another mig, or by nobody we know.
        store?.remove(keys[at]!);
      }
    }
    if (this.#scratch === null) {
      this.#scratch = await source.open(null);
      await this.use((session) => prepareEmpty(session, this.#options));
      this.#replayed = [];
    }
    const { database, memory } = this.#open();
    onProgress?.({
      type: "opened",
      database: database.description,
      revisions: this.#replayed!.length,
      memory: memory?.() ?? null,
      ms: performance.now() - started,
    });
  }

  async #replay(revisions: readonly Revision[], keys: readonly string[]): Promise<void> {
    const { store, onProgress } = this.#options;
    while (this.#replayed!.length < revisions.length) {
      const done = this.#replayed!.length;
      const part = revisions.slice(done, done + STRIDE);
      const started = performance.now();
      this.#touch();
      await this.#run(part.map((revision) => ({ direction: "up", revision })));
      const ms = performance.now() - started;
      this.#replayed = revisions.slice(0, done + part.length);
      onProgress?.({ type: "replayed", revisions: part.length, ms });
      const { snapshot } = this.#open();
      if (isPrivate(keys[done + part.length]!)) continue;
      if (store === null || snapshot === null || (part.length < WORTH_SAVING && ms < WORTH_SAVING_MS)) {
        continue;
      }
      const saving = performance.now();
      const bytes = await snapshot();
      store.write(keys[done + part.length]!, bytes);
      this.#saved = new SavedState(store, this.#catalog, keys[done + part.length]!, bytes);
      onProgress?.({ type: "saved", bytes: bytes.length, ms: performance.now() - saving });
    }
  }

  async #run(steps: readonly Step[]): Promise<void> {
    await replay(steps, this.#open().database, this.#options);
  }
}

/** How many revisions are replayed between snapshots. */
const STRIDE = 100;
/** Fewer revisions than this are replayed each time, unless they take long. */
const WORTH_SAVING = 5, WORTH_SAVING_MS = 1000;
const WORTH_REOPENING = 20;
