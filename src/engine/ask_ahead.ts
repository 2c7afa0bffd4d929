/** What a run is going to ask of a database, asked while the chain is still read: a new session takes long over its first questions. */

import { type MarkedRows, readMarked } from "./applied_rows.ts";
import type { Session } from "./database.ts";
import { findVersionTable, type VersionTable } from "./version_table.ts";

/** What is being found. It may still be on its way, and what is sent in the meantime is answered behind it. */
export interface AskedAhead {
  /** Null where the question failed: asked again, it says why. */
  readonly table: Promise<VersionTable | null>;
  /** Null where there is no table, or the question failed. */
  readonly rows: Promise<MarkedRows | null>;
}

const ASKED = new WeakMap<Session, { readonly name: string; readonly asked: AskedAhead }>();

/** Asks where the version table is, and for its rows. */
export function askAhead(session: Session, name: string): void {
  const table = findVersionTable(session, name).catch(() => null);
  const rows = table.then((found) => found?.exists ? readMarked(session, found) : null).catch(() => null);
  ASKED.set(session, { name, asked: { table, rows } });
}

/** What was asked of this session ahead; the next call gets nothing any more. */
export function takeAsked(session: Session, name: string): AskedAhead | null {
  const ahead = ASKED.get(session);
  ASKED.delete(session);
  return ahead?.name === name ? ahead.asked : null;
}
