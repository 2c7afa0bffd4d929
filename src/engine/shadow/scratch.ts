/** The ports of the shadow: where databases to throw away come from, and where their snapshots are kept. */

import type { Database } from "../database.ts";

/** Makes databases to throw away, one at a time. */
export interface ScratchSource {
  readonly kind: Database["kind"];
  /** What besides the chain decides the content of a snapshot, such as the version of PostgreSQL. */
  readonly fingerprint: string;
  /**
   * Makes an empty one, or one from a snapshot.
   * @throws {MigError} what `Database.connect` throws
   */
  open(snapshot: Uint8Array | null): Promise<Scratch>;
}

/** A database to throw away. */
export interface Scratch {
  readonly database: Database;
  /** Its whole content, from which another can be opened; null where there is no such thing. No session may be open. */
  readonly snapshot: (() => Promise<Uint8Array>) | null;
  /** Bytes of memory that it takes in this process. */
  readonly memory?: () => number;
  /** Throws it away. */
  close(): Promise<void>;
}

/** Keeps snapshots from run to run. It may lose any of them at any time. */
export interface SnapshotStore {
  /** The keys that are there, as of now. */
  keys(): ReadonlySet<string>;
  /** Null for one that is not there any more. It may be damaged, which is told by who opens it. */
  read(key: string): Uint8Array | null;
  write(key: string, snapshot: Uint8Array): void;
  /** Forgets one that turned out to be useless. */
  remove(key: string): void;
}
