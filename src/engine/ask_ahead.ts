/** What a run is going to ask of a database, asked while the chain is still read: a new session takes long over its first questions. */

import { type MarkedRows, readMarked } from "./applied_rows.ts";
import type { Session } from "./database.ts";
import { findVersionTable, type VersionTable } from "./version_table.ts";

/** What was found, or nothing: then it is asked again, and whoever asks is told why. */
export interface AskedAhead {
  readonly table: VersionTable;
  readonly rows: MarkedRows;
}

const ASKED = new WeakMap<Session, { readonly name: string; readonly answer: Promise<AskedAhead | null> }>();

/** Asks where the version table is, and for its rows. */
export function askAhead(session: Session, name: string): void {
  ASKED.set(session, { name, answer: ask(session, name).catch(() => null) });
}

/** What was asked of this session ahead; the next call gets nothing any more. */
export async function takeAnswer(session: Session, name: string): Promise<AskedAhead | null> {
  const asked = ASKED.get(session);
  ASKED.delete(session);
  return asked?.name === name ? await asked.answer : null;
}

async function ask(session: Session, name: string): Promise<AskedAhead | null> {
  const table = await findVersionTable(session, name);
  return table.exists ? { table, rows: await readMarked(session, table) } : null;
}
