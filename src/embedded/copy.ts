/** Which statements would ask for COPY data. PGlite cannot wait for it: the data has to be there when they run. */

import { Lexer, UnclosedError } from "../sql/lexer.ts";

/**
 * Whether SQL may contain a `COPY … FROM stdin`: true for every text that does, and for a few that do not.
 * PostgreSQL takes the words only as they are, so no escape hides them.
 */
export function mayAskForData(sql: string): boolean {
  return /\bcopy\b/i.test(sql) && /\bstdin\b/i.test(sql);
}

/** Whether one of the statements of a message is a `COPY … FROM stdin`. */
export function asksForData(sql: string): boolean {
  if (!mayAskForData(sql)) return false;
  const lexer = new Lexer(sql);
  let first = "", previous = "", depth = 0;
  try {
    while (lexer.nextSignificant()) {
      const token = lexer.kind === "word" || lexer.kind === "symbol" ? lexer.token.toLowerCase() : "";
      if (token === "(") depth++;
      else if (token === ")") depth--;
      else if (token === ";" && depth === 0) {
        first = previous = "";
        continue;
      }
      first ||= token || "-";
      if (first === "copy" && depth === 0 && previous === "from" && token === "stdin") return true;
      previous = token;
    }
  } catch (error) {
    // PostgreSQL will refuse such a text for what is not closed.
    if (!(error instanceof UnclosedError)) throw error;
  }
  return false;
}
