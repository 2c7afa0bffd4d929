/** `mig unlock`: shows who holds the run lock, and how to end that session. */

import { findLockSession } from "../engine/lock_session.ts";
import { withSession } from "../engine/with_session.ts";
import type { Command } from "./command.ts";
import type { UnlockData } from "./data.ts";

export const unlock: Command<UnlockData> = {
  spec: {
    name: "unlock",
    operands: "",
    arity: [0, 0],
    about: [
      "Shows who holds the lock that keeps two runs of mig apart, what that session does now, and the statement that ends it. It \
changes nothing.",
      "There is nothing to delete: the lock belongs to the session of a run and is gone when that ends, whether mig finished, was \
killed, or lost its connection. If the lock is held, that session still exists; should its run be dead, end the session, and \
the server rolls back what it had not committed.",
    ],
    flags: [],
    examples: [{ command: "mig unlock --json", does: "the same for a program" }],
  },
  async run(_input, app) {
    const database = await app.openDatabase();
    const { table, holder } = await withSession(
      database,
      {},
      (session) => findLockSession(session, app.table),
    );
    return {
      kind: "unlock",
      database: database.description,
      table: table.qualified,
      holder,
      statement: holder === null ? null : `select pg_terminate_backend(${holder.pid})`,
    };
  },
};
