/** The first words of a statement, which tell what it does. */

import { Lexer } from "./lexer.ts";
import type { SqlStatement } from "./statement.ts";

/** A statement, or just its text. */
export type StatementText = Pick<SqlStatement, "text">;

/**
 * The significant tokens with which a statement begins: words folded as PostgreSQL folds them, everything else as it is written.
 *
 * @param most how many, at the most
 */
export function leadingTokens(statement: StatementText, most: number): string[] {
  const lexer = new Lexer(statement.text);
  const tokens: string[] = [];
  while (tokens.length < most && lexer.nextSignificant()) {
    tokens.push(lexer.kind === "word" ? fold(lexer.token) : lexer.token);
  }
  return tokens;
}

/** What a statement is, without its names: `CREATE TABLE`, `CREATE INDEX CONCURRENTLY`, `INSERT`. */
export function commandOf(statement: StatementText): string {
  const tokens = leadingTokens(statement, COMMAND_TOKENS);
  while (tokens[0] === "(") tokens.shift();
  const [first = "", second = ""] = tokens;
  return (OBJECT_COMMANDS.has(first)
    ? `${first} ${objectOf(tokens.slice(second === "(" ? tokens.indexOf(")") + 1 : 1))}`
    : PAIRS.has(`${first} ${second}`)
    ? `${first} ${second}`
    : first).trimEnd().toUpperCase();
}

/**
 * A statement's beginning on one line, for progress: `create index concurrently users_phone_idx on users`. It is cut at
 * sixty code points, and holds no values.
 */
export function labelOf(statement: StatementText): string {
  const lexer = new Lexer(statement.text);
  let label = "", grants = false;
  for (let end = 0; label.length < LABEL_WIDTH && lexer.nextSignificant(); end = lexer.end) {
    const long = lexer.end - lexer.start > 2 * LABEL_WIDTH;
    const token = long ? statement.text.slice(lexer.start, lexer.start + 2 * LABEL_WIDTH) : lexer.token;
    const word = fold(token);
    grants ||= word === "grant" || word === "revoke";
    if (lexer.kind === "string") break;
    if (!/^\(*$/.test(label) && (token === "(" || (LABEL_END.has(word) && !grants))) break;
    label += (label !== "" && lexer.start > end ? " " : "") + token;
  }
  const line = label.replace(/(?: (?:is|to)| ?=)$/i, "").replaceAll(/\s+/g, " ");
  const points = [...line];
  return points.length > LABEL_WIDTH
    ? `${points.slice(0, LABEL_WIDTH - 1).join("")}…`
    : line || commandOf(statement);
}

/** Unquoted words in lower case. PostgreSQL folds ASCII alone where a character takes several bytes, as in UTF-8. */
export function fold(word: string): string {
  return word.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The kind of object behind CREATE, ALTER or DROP. */
function objectOf(words: readonly string[]): string {
  const at = words.findIndex((word) => !MODIFIERS.has(word));
  const [first = "", second = "", third = ""] = words.slice(at < 0 ? words.length : at);
  if (!/^[a-z]+$/.test(first)) return "";
  if (OBJECT_TRIPLES.has(`${first} ${second}`)) return `${first} ${second} ${third}`;
  const pair = OBJECT_PAIRS.has(`${first} ${second}`) || second === "concurrently";
  return pair ? `${first} ${second}` : first;
}

function setOf(list: string): ReadonlySet<string> {
  return new Set(list.split(", "));
}

const COMMAND_TOKENS = 16;
const OBJECT_COMMANDS = setOf("create, alter, drop, reindex, refresh");
const MODIFIERS = setOf(
  "or, replace, temp, temporary, global, local, unlogged, unique, recursive, trusted, procedural, constraint",
);
const OBJECT_PAIRS = setOf(
  "materialized view, foreign table, event trigger, user mapping, access method, operator class, operator family, " +
    "default privileges, large object",
);
/** The first two words of three. */
const OBJECT_TRIPLES = setOf("foreign data, text search");
const PAIRS = setOf(
  "start transaction, prepare transaction, commit prepared, rollback prepared, rollback to, discard all, " +
    "import foreign, security label, reassign owned, set transaction, lock table",
);
const LABEL_END = setOf("as, set, values, select, where");
const LABEL_WIDTH = 60;
