/** Prepared statements, which a session keeps from one file to the next. */

import type { SqlScript } from "./statement.ts";
import { leadingTokens, type StatementText } from "./words.ts";

/** Whether a file has to do with them. */
export function preparesItself({ statements }: SqlScript): boolean {
  return statements.some(touchesPrepared);
}

/** Whether a statement has: PREPARE (a transaction is refused before), DEALLOCATE, DISCARD ALL. */
export function touchesPrepared(statement: StatementText): boolean {
  const [first = "", second = ""] = leadingTokens(statement, 2);
  return first === "prepare" || first === "deallocate" || (first === "discard" && second === "all");
}
