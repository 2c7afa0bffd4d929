/** The names in CREATE and DROP INDEX CONCURRENTLY, by which an interrupted one is found again. */

import { leadingTokens } from "./words.ts";
import type { SqlStatement } from "./statement.ts";

/** An index that is made or dropped concurrently. Names are as the catalog has them: folded, or unquoted. */
export interface IndexChange {
  readonly kind: "create" | "drop";
  /** The schema that is written: of the table for `create`, of the index for `drop`. */
  readonly schema?: string;
  /** Undefined where the server chooses the name. */
  readonly name?: string;
  /** Of `create`. */
  readonly table?: string;
  readonly ifNotExists: boolean;
}

/** Reads the statement; null for one that is neither, or drops several. */
export function indexConcurrently(statement: Pick<SqlStatement, "text">): IndexChange | null {
  const tokens = leadingTokens(statement, 24);
  const create = tokens[0] === "create";
  if (!create && tokens[0] !== "drop") return null;
  let at = create && tokens[1] === "unique" ? 2 : 1;
  if (tokens[at] !== "index" || tokens[at + 1] !== "concurrently") return null;
  at += 2;
  return create ? created(tokens, at) : dropped(tokens, at);
}

function created(tokens: readonly string[], at: number): IndexChange | null {
  const ifNotExists = tokens[at] === "if" && tokens[at + 1] === "not" && tokens[at + 2] === "exists";
  if (ifNotExists) at += 3;
  const name = tokens[at] === "on" ? undefined : nameOf(tokens[at++]);
  if (tokens[at] !== "on") return null;
  at += tokens[at + 1] === "only" ? 2 : 1;
  const qualified = tokens[at + 1] === ".";
  const table = nameOf(tokens[qualified ? at + 2 : at]);
  if (table === undefined) return null;
  return { kind: "create", schema: qualified ? nameOf(tokens[at]) : undefined, name, table, ifNotExists };
}

function dropped(tokens: readonly string[], at: number): IndexChange | null {
  if (tokens[at] === "if" && tokens[at + 1] === "exists") at += 2;
  const qualified = tokens[at + 1] === ".";
  const last = qualified ? at + 2 : at;
  if (tokens[last + 1] === ",") return null;
  return {
    kind: "drop",
    schema: qualified ? nameOf(tokens[at]) : undefined,
    name: nameOf(tokens[last]),
    ifNotExists: false,
  };
}

/** A name as the catalog has it: words are folded already, quoted ones lose their quotes. */
function nameOf(token: string | undefined): string | undefined {
  return token?.startsWith('"') ? token.slice(1, -1).replaceAll('""', '"') : token;
}
