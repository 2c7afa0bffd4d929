/** The snapshot that a shadow was last saved in or opened from, with the fingerprint that is kept beside it. */

import type { Session } from "../database.ts";
import type { CatalogReader, Fingerprint } from "./catalog.ts";
import { type KeptFor, openFingerprint, packFingerprint, snapshotName } from "./kept_fingerprint.ts";
import type { SnapshotStore } from "./scratch.ts";

/** A state that was saved. */
export class SavedState {
  readonly #store: SnapshotStore;
  readonly #catalog: CatalogReader;
  readonly #key: string;
  readonly #snapshot: string;
  #isLeft = false;
  /** Undefined before it is looked for. */
  #fingerprint: Fingerprint | null | undefined;

  /** @param key that of the snapshot in the store */
  constructor(store: SnapshotStore, catalog: CatalogReader, key: string, snapshot: Uint8Array) {
    this.#store = store;
    this.#catalog = catalog;
    this.#key = `${key}.catalogs`;
    this.#snapshot = snapshotName(snapshot);
  }

  /** The database is not in this state any more, but comes from it. */
  leave(): void {
    this.#isLeft = true;
  }

  /** The fingerprint of this state, from which what was done to it can be followed; null where none is kept. */
  async fingerprint(session: Session): Promise<Fingerprint | null> {
    if (this.#fingerprint !== undefined) return this.#fingerprint;
    const bytes = this.#store.read(this.#key);
    if (bytes === null) return this.#fingerprint = null;
    try {
      return this.#fingerprint = openFingerprint(bytes, await this.#keptFor(session));
    } catch {
      this.#store.remove(this.#key);
      return this.#fingerprint = null;
    }
  }

  /** Keeps a fingerprint that was just read, if it is of this state. */
  async keep(session: Session, fingerprint: Fingerprint): Promise<void> {
    if (this.#isLeft) return;
    this.#store.write(this.#key, packFingerprint(fingerprint, await this.#keptFor(session)));
    this.#fingerprint = fingerprint;
  }

  async #keptFor(session: Session): Promise<KeptFor> {
    return { snapshot: this.#snapshot, reading: await this.#catalog.reading(session) };
  }
}
