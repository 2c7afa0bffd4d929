/** Connecting while something else is done: reading a long chain takes about as long as a server takes to open a session. */

import type { Database, Notice, Session } from "./database.ts";
import { askAhead } from "./ask_ahead.ts";
import { versionTableQuestion } from "./version_table.ts";

/** A database whose first session is being opened already. */
export interface ConnectingDatabase extends Database {
  /** Gives up the session that nobody has asked for. */
  abandon(): void;
}

/**
 * Begins to connect. The first `connect()` gives that session or what it failed with, the others open their own.
 * @param table the version table's name as configured, whose rows are asked for ahead too
 */
export function connectAhead(database: Database, table: string): ConnectingDatabase {
  let onNotice: ((notice: Notice) => void) | undefined;
  const early: Notice[] = [];
  let ahead: Promise<Session> | null = database.connect({
    firstQuestion: versionTableQuestion(table),
    onNotice: (notice) => onNotice === undefined ? early.push(notice) : onNotice(notice),
  });
  // Whoever asks for it is told.
  ahead.then((session) => askAhead(session, table), () => {});
  return {
    ...database,
    connect(options = {}) {
      if (ahead === null) return database.connect(options);
      const session = ahead;
      ahead = null;
      onNotice = options.onNotice ?? (() => {});
      early.forEach(onNotice);
      return session;
    },
    abandon() {
      ahead?.then((session) => session.close(), () => {});
      ahead = null;
    },
  };
}
