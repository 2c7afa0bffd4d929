/** Whether two SQL files ask the server for the same, told without a server. */

import { MigError } from "../error.ts";
import { Lexer } from "./lexer.ts";
import { parseScript } from "./script.ts";
import type { SqlScript, SqlStatement } from "./statement.ts";

/**
 * Whether only comments, or the width of blank space, differ. False where it takes more to tell, such as for files that cannot be
 * read, or the body of a function, which the server keeps with its comments.
 */
export function sameStatements(a: string, b: string): boolean {
  const [first, second] = [scriptOf(a), scriptOf(b)];
  if (first === null || second === null || first.statements.length !== second.statements.length) return false;
  return directivesOf(first) === directivesOf(second) &&
    first.statements.every((statement, at) => isSame(statement, second.statements[at]!));
}

function scriptOf(text: string): SqlScript | null {
  try {
    return parseScript(text, "");
  } catch (error) {
    if (error instanceof MigError) return null;
    throw error;
  }
}

/** Those that decide what is sent; how long it may take does not. */
function directivesOf({ directives: { transaction, env } }: SqlScript): string {
  return JSON.stringify([transaction, env.map(({ name }) => name).sort()]);
}

function isSame(a: SqlStatement, b: SqlStatement): boolean {
  if (a.copyData !== b.copyData || JSON.stringify(a.batch) !== JSON.stringify(b.batch)) return false;
  return a.text === b.text || JSON.stringify(tokensOf(a.text)) === JSON.stringify(tokensOf(b.text));
}

/** The tokens, with a blank where there is anything between two: `<=` is another operator than `< =`. */
function tokensOf(text: string): string[] {
  const lexer = new Lexer(text);
  const tokens: string[] = [];
  let gap = "", afterString = false;
  while (lexer.next()) {
    if (lexer.kind === "space" || lexer.kind === "comment") {
      gap += lexer.token;
      continue;
    }
    // Two strings are one only where a line ends between them.
    if (gap !== "") tokens.push(afterString && lexer.kind === "string" && gap.includes("\n") ? "\n" : " ");
    tokens.push(lexer.token);
    gap = "";
    afterString = lexer.kind === "string";
  }
  return tokens;
}
