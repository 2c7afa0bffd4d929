/** New values of enums, which PostgreSQL lets nobody use before the transaction that adds them is over. */

import { Lexer } from "./lexer.ts";
import { fold, type StatementText } from "./words.ts";

/** The label that `ALTER TYPE … ADD VALUE` adds, as it is written, with its quotes; null for any other statement. */
export function addedEnumValue(statement: StatementText): string | null {
  const lexer = new Lexer(statement.text);
  const words: string[] = [];
  while (words.length < LONGEST && lexer.nextSignificant()) {
    if (lexer.kind === "string") return isAddValue(words) ? lexer.token : null;
    words.push(lexer.kind === "word" ? fold(lexer.token) : lexer.token);
    if (words.length === 2 && words.join(" ") !== "alter type") return null;
  }
  return null;
}

function isAddValue(words: readonly string[]): boolean {
  const before = words.join(" ");
  return before.endsWith(" add value") || before.endsWith(" add value if not exists");
}

/** ALTER TYPE database.schema.name ADD VALUE IF NOT EXISTS. */
const LONGEST = 12;
