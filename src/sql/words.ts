/** The first words of a statement, which tell what it does. */

import { Lexer } from "./lexer.ts";
import type { SqlStatement } from "./statement.ts";

/**
 * The significant tokens with which a statement begins, words in lower case, everything else as it is written.
 *
 * @param most how many, at the most
 */
export function leadingTokens(statement: Pick<SqlStatement, "text">, most: number): string[] {
  const lexer = new Lexer(statement.text);
  const tokens: string[] = [];
  while (tokens.length < most && lexer.nextSignificant()) {
    tokens.push(lexer.kind === "word" ? lexer.token.toLowerCase() : lexer.token);
  }
  return tokens;
}

/** What a statement is, in a word or two: `CREATE TABLE`, `INSERT`. */
export function commandOf(statement: Pick<SqlStatement, "text">): string {
  const [first = "", second = ""] = leadingTokens(statement, 2);
  return (HAS_OBJECT.has(first) && /^\w+$/.test(second) ? `${first} ${second}` : first).toUpperCase();
}

/** A statement's beginning on one line, for progress: `create index concurrently users_phone_idx on users`. */
export function labelOf(statement: Pick<SqlStatement, "text">): string {
  const lexer = new Lexer(statement.text);
  let label = "";
  for (let end = 0; lexer.nextSignificant(); end = lexer.end) {
    const { token, kind } = lexer;
    if (kind === "string" || token === "(" || (label !== "" && ENDS_LABEL.has(token.toLowerCase()))) break;
    label += (end > 0 && lexer.start > end ? " " : "") + token;
    if (label.length >= LABEL_WIDTH) return `${[...label].slice(0, LABEL_WIDTH - 1).join("")}…`;
  }
  return label.replaceAll(/\s+/g, " ") || commandOf(statement);
}

const HAS_OBJECT = new Set(["create", "alter", "drop", "reindex", "refresh", "comment", "start", "prepare"]);
const ENDS_LABEL = new Set(["as", "set", "values", "select", "where", "add"]);
const LABEL_WIDTH = 60;
