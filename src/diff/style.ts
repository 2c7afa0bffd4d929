/** SQL as a person would write it: lower case, quotes only where they are needed, the usual names of types. */

import { writeIdentifier } from "../sql/identifier.ts";
import { Lexer } from "../sql/lexer.ts";
import { fold } from "../sql/words.ts";
import { VIRTUAL } from "./facts.ts";

interface Token {
  readonly kind: Lexer["kind"];
  text: string;
}

/**
 * Writes a statement anew. What is in quotes stays as it is, and so does what it means: unquoted words have no case, and types
 * have several names.
 */
export function styled(sql: string): string {
  const tokens: Token[] = [];
  const lexer = new Lexer(sql.trim().replace(/(?:\s*;)+$/, "").replaceAll(`${VIRTUAL}) STORED`, ") VIRTUAL"));
  while (lexer.next()) {
    const { kind, token } = lexer;
    tokens.push({
      kind,
      text: kind === "word" ? fold(token) : kind === "identifier" ? unquoted(token) : token,
    });
  }
  nameTypes(tokens);
  grantAll(tokens);
  if (tokens[0]?.text === "create" && tokens.some(({ text }) => text === "index")) {
    remove(tokens, ["using", " ", "btree", " "]);
  }
  openParentheses(tokens);
  return tokens.map(({ text }) => text).join("");
}

function unquoted(token: string): string {
  return token.startsWith('"') ? writeIdentifier(token.slice(1, -1).replaceAll('""', '"')) : token;
}

/** All rights by their names are those which this version has; `all` is meant. */
function grantAll(tokens: Token[]): void {
  if (!["grant", "revoke"].includes(tokens[0]!.text)) return;
  const on = tokens.findIndex(({ text }) => text === "on");
  const rights = tokens.slice(2, on - 1).filter(({ kind }) => kind === "word").map(({ text }) => text);
  const all = ALL_RIGHTS[tokens[on + 2]?.text ?? ""];
  if (all?.every((right) => rights.includes(right))) tokens.splice(2, on - 3, { kind: "word", text: "all" });
}

/** MAINTAIN is new in PostgreSQL 17. */
const ALL_RIGHTS: Readonly<Record<string, readonly string[]>> = {
  table: ["delete", "insert", "references", "select", "trigger", "truncate", "update"],
  sequence: ["select", "update", "usage"],
  schema: ["create", "usage"],
};

/** `character varying(50)` is `varchar(50)`. */
function nameTypes(tokens: Token[]): void {
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i]!.kind !== "word") continue;
    if (matches(tokens, i, ["character", " ", "varying"])) replace(tokens, i, 3, "varchar");
    if (!["timestamp", "time"].includes(tokens[i]!.text)) continue;
    // timestamp(3) with time zone
    const digits = tokens[i + 1]?.text === "(" ? tokens.splice(i + 1, 3) : [];
    if (matches(tokens, i + 1, [" ", "with", " ", "time", " ", "zone"])) {
      replace(tokens, i, 7, `${tokens[i]!.text}tz`);
    } else if (matches(tokens, i + 1, [" ", "without", " ", "time", " ", "zone"])) {
      replace(tokens, i, 7, tokens[i]!.text);
    }
    tokens.splice(i + 1, 0, ...digits);
  }
}

/** `CHECK ((a > 0))` needs one pair. An index of an expression, or a subquery as an argument, needs both. */
function openParentheses(tokens: Token[]): void {
  const isPolicy = tokens[2]?.text === "policy";
  for (let i = 0; i + 3 < tokens.length; i++) {
    const { text, kind } = tokens[i]!;
    if (kind !== "word" || !(text === "check" || text === "as" || (isPolicy && text === "using"))) continue;
    if (!matches(tokens, i + 1, [" ", "(", "("])) continue;
    const [inner, outer] = [closing(tokens, i + 3), closing(tokens, i + 2)];
    const first = tokens.slice(i + 4).find(({ kind }) => kind !== "space")?.text;
    if (outer !== inner + 1 || first === "select" || first === "with") continue;
    tokens.splice(inner, 1);
    tokens.splice(i + 3, 1);
  }
}

/** Where the parenthesis at this place is closed. */
function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (tokens[i]!.text === "(") depth++;
    else if (tokens[i]!.text === ")" && --depth === 0) return i;
  }
  return -1;
}

function remove(tokens: Token[], texts: readonly string[]): void {
  const at = tokens.findIndex((_, i) => matches(tokens, i, texts));
  if (at >= 0) tokens.splice(at, texts.length);
}

function replace(tokens: Token[], at: number, count: number, text: string): void {
  tokens.splice(at, count, { kind: "word", text });
}

function matches(tokens: readonly Token[], at: number, texts: readonly string[]): boolean {
  return texts.every((text, i) => tokens[at + i]?.text === text);
}
