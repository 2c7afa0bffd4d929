/** Prepared statements, which a session keeps from one file to the next. */

import type { SqlScript } from "./statement.ts";
import { leadingTokens } from "./words.ts";

/** Whether a file has to do with them: PREPARE (a transaction is refused before), DEALLOCATE, DISCARD ALL. */
export function preparesItself({ statements }: SqlScript): boolean {
  return statements.some((statement) => {
    const [first = "", second = ""] = leadingTokens(statement, 2);
    return first === "prepare" || first === "deallocate" || (first === "discard" && second === "all");
  });
}
