/** The views and functions that a script makes: what a revision may drop, and what then has to be made again. */

import type { SqlScript } from "./statement.ts";
import { leadingTokens, type StatementText } from "./words.ts";

/** An object as the script names it: as the catalog has it, folded or unquoted. */
export interface MadeObject {
  readonly kind: "view" | "function";
  /** Null where the search path decides. */
  readonly schema: string | null;
  readonly name: string;
}

/** What the statements of a script make; not what its DO blocks do, and nothing temporary. */
export function madeObjects({ statements }: Pick<SqlScript, "statements">): MadeObject[] {
  return statements.flatMap((statement) => madeBy(statement) ?? []);
}

function madeBy(statement: StatementText): MadeObject | null {
  const tokens = leadingTokens(statement, LONGEST);
  if (tokens[0] !== "create") return null;
  let at = tokens[1] === "or" && tokens[2] === "replace" ? 3 : 1;
  while (tokens[at] === "recursive" || tokens[at] === "materialized") at++;
  const kind = KINDS.get(tokens[at++] ?? "");
  if (kind === undefined) return null;
  if (tokens[at] === "if" && tokens[at + 1] === "not") at += 3;
  const first = nameOf(tokens[at]);
  if (tokens[at + 1] !== ".") return first === null ? null : { kind, schema: null, name: first };
  const name = nameOf(tokens[at + 2]);
  return first === null || name === null ? null : { kind, schema: first, name };
}

/** Null for what is no plain name, such as U&"…". */
function nameOf(token: string | undefined): string | null {
  if (token === undefined) return null;
  if (token.startsWith('"')) return token.slice(1, -1).replaceAll('""', '"');
  return /^[A-Za-z_\u0080-\uffff]/.test(token) ? token : null;
}

const KINDS: ReadonlyMap<string, MadeObject["kind"]> = new Map([
  ["view", "view"],
  ["function", "function"],
  ["procedure", "function"],
  ["aggregate", "function"],
]);
/** More tokens than may stand before the end of the name. */
const LONGEST = 12;
