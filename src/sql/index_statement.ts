/** The names in CREATE and DROP INDEX CONCURRENTLY, by which an interrupted one is found again. */

import { nameOf, qualifiedName } from "./names.ts";
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

/** More tokens than may stand before the end of the names. */
const LONGEST = 24;
