/** The names in CREATE and DROP INDEX CONCURRENTLY, by which an interrupted one is found again. */

import { leadingTokens, type StatementText } from "./words.ts";

/** An index that is made or dropped concurrently. Names are as the catalog has them: folded or unquoted, and cut to 63 bytes. */
export interface IndexChange {
  readonly kind: "create" | "drop";
  /** The schema that is written: of the table for `create`, of the index for `drop`. */
  readonly schema?: string;
  /** Undefined where the server chooses the name. */
  readonly name?: string;
  /** Of `create`. */
  readonly table?: string;
  /** Of `create`: whether an index of that name is taken for it, be it valid or not. */
  readonly ifNotExists: boolean;
}

/** Reads the statement; null for one that is neither, drops several, or writes a name as U&"…". */
export function indexConcurrently(statement: StatementText): IndexChange | null {
  const tokens = leadingTokens(statement, LONGEST);
  const [first, second] = tokens;
  const at = first === "create" && second === "unique" ? 2 : 1;
  if (tokens[at] !== "index" || tokens[at + 1] !== "concurrently") return null;
  const rest = tokens.slice(at + 2);
  return first === "create" ? created(rest) : first === "drop" ? dropped(rest) : null;
}

function created(tokens: readonly string[]): IndexChange | null {
  const ifNotExists = tokens[0] === "if" && tokens[1] === "not" && tokens[2] === "exists";
  let at = ifNotExists ? 3 : 0;
  const name = tokens[at] === "on" ? undefined : nameOf(tokens[at++]);
  if (name === null || tokens[at] !== "on") return null;
  at += tokens[at + 1] === "only" ? 2 : 1;
  const table = qualifiedName(tokens, at);
  if (table === null) return null;
  return { kind: "create", schema: table.schema, name, table: table.name, ifNotExists };
}

function dropped(tokens: readonly string[]): IndexChange | null {
  const index = qualifiedName(tokens, tokens[0] === "if" && tokens[1] === "exists" ? 2 : 0);
  if (index === null || index.next === ",") return null;
  return { kind: "drop", schema: index.schema, name: index.name, ifNotExists: false };
}

/** `name`, `schema.name` or `database.schema.name`, and the token behind it. */
function qualifiedName(
  tokens: readonly string[],
  at: number,
): { readonly schema?: string; readonly name: string; readonly next?: string } | null {
  const parts: string[] = [];
  for (;; at += 2) {
    const part = nameOf(tokens[at]);
    if (part === null) return null;
    parts.push(part);
    if (tokens[at + 1] !== ".") return { schema: parts.at(-2), name: part, next: tokens[at + 1] };
  }
}

/** A name as the catalog has it; words are folded already. Null for what is no plain name. */
function nameOf(token: string | undefined): string | null {
  if (token === undefined) return null;
  if (token.startsWith('"')) return cut(token.slice(1, -1).replaceAll('""', '"'));
  return WORD.test(token) ? cut(token) : null;
}

/** PostgreSQL cuts longer names without an error, at the end of a character (manual, "Identifiers and Key Words"). */
function cut(name: string): string {
  const { read } = new TextEncoder().encodeInto(name, new Uint8Array(LONGEST_NAME));
  return name.slice(0, read);
}

const LONGEST_NAME = 63;
/** More tokens than may stand before the end of the names. */
const LONGEST = 24;
/** A quoted one that begins with U& would have to be unescaped. */
const WORD = /^[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*$/;
