/** What to do about the errors of PostgreSQL that migrations meet most (manual, appendix "PostgreSQL Error Codes"). */

import type { ServerReport } from "../error.ts";

/** Advice by SQLSTATE; none where the server's message says all. */
export function adviceFor(report: ServerReport): string[] {
  const advice = ADVICE[report.sqlstate];
  return advice === undefined ? [] : [advice];
}

const IS_THERE = "the object is there already: was the database changed by hand? Compare with `mig drift`";

const ADVICE: Readonly<Record<string, string>> = {
  "25001": "put `-- mig: no-transaction` on the first line of the file to run it outside a transaction",
  "23502": "rows without a value are there already: fill the column first, then make it NOT NULL",
  "23503": "rows that point nowhere are there already: correct or delete them in this file first",
  "23505":
    "equal values are there already: find them with GROUP BY … HAVING count(*) > 1 and correct them first",
  "23514": "rows that break the check are there already: correct them first, or add the constraint NOT VALID",
  "2BP01": "drop what depends on it first, or write CASCADE and list in down.sql what that drops",
  "25006":
    "the session only reads: connect to the primary, or see default_transaction_read_only of the role and the database",
  "40001": "another transaction interfered; run the command again",
  "40P01":
    "another session waits for what this revision locks, and the other way round; run the command again",
  "42501": "grant the role what it needs, or connect as the owner of the object",
  "42701": "the column is there already: was the database changed by hand? Compare with `mig drift`",
  "42710": IS_THERE,
  "42723": IS_THERE,
  "42P06": IS_THERE,
  "42P07": IS_THERE,
  "53100": "the server's disk is full; make room, then run the command again",
  "53200": "the server is out of memory; if its hint names max_locks_per_transaction, split the file",
  "55006": "another session uses the object; look in pg_stat_activity who, then run the command again",
  "55P03":
    "another session held a lock, and it was over too soon to see who; more patience: --lock-timeout 30s, --lock-retries 20",
  "55P04": "a new enum value cannot be used in the transaction that adds it: use it in a revision of its own",
  "57014": "the statement took longer than statement_timeout allows: --statement-timeout 10min gives it more",
};
