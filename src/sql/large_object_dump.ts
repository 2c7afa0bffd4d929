/**
 * pg_dump puts the data of large objects into a transaction of its own, `BEGIN; SELECT pg_catalog.lo_open(…); … COMMIT;`, since
 * a large object is open only within one. The transaction in which mig runs the file is as good, so these two are passed over.
 */

import { leadingTokens, type StatementText } from "./words.ts";

/** Leaves out the BEGIN right before a `pg_catalog.lo_open()`, and the COMMIT right behind a `pg_catalog.lo_close()`. */
export function* withoutOwnTransactions<T extends StatementText>(statements: Iterable<T>): Generator<T> {
  let begin: T | null = null, previous: T | null = null;
  for (const statement of statements) {
    if (begin !== null && !calls(statement, "lo_open")) yield begin;
    begin = BEGIN.test(statement.text) ? statement : null;
    const passed = begin !== null ||
      (COMMIT.test(statement.text) && previous !== null && calls(previous, "lo_close"));
    if (!passed) yield statement;
    previous = statement;
  }
  if (begin !== null) yield begin;
}

function calls(statement: StatementText, name: string): boolean {
  if (!SELECT.test(statement.text)) return false;
  const [, schema, dot, routine] = leadingTokens(statement, 4);
  return schema === "pg_catalog" && dot === "." && routine === name;
}

const BEGIN = /^begin$/i, COMMIT = /^commit$/i, SELECT = /^select\s/i;
