/**
 * What a statement that runs only outside of transactions leaves in the catalog, by which one that was interrupted is found to
 * be done, half done, or not done at all.
 */

import { type IndexChange, indexConcurrently } from "./index_statement.ts";
import { nameOf, qualifiedName } from "./names.ts";
import { leadingTokens, type StatementText } from "./words.ts";

/** An object's name as it is written, as the catalog has it. */
export interface ObjectName {
  readonly schema?: string;
  readonly name: string;
}

/** The trace that a statement leaves. */
export type StandaloneEffect =
  | { readonly kind: "index"; readonly change: IndexChange & { readonly name: string } }
  /** REINDEX CONCURRENTLY; no name for the database that mig is connected to. */
  | {
    readonly kind: "reindex";
    readonly of: "index" | "table" | "schema" | "database";
    readonly object: ObjectName | null;
  }
  | { readonly kind: "detach"; readonly table: ObjectName; readonly partition: ObjectName }
  | {
    readonly kind: "object";
    readonly change: "create" | "drop";
    readonly of: "database" | "tablespace" | "subscription";
    readonly name: string;
  };

/** Reads it from the statement; null for one that leaves none, such as VACUUM, or has a name written as U&"…". */
export function standaloneEffect(statement: StatementText): StandaloneEffect | null {
  const tokens = leadingTokens(statement, LONGEST);
  const [first, second] = tokens;
  switch (first) {
    case "create":
    case "drop":
      if (second === "database" || second === "tablespace" || second === "subscription") {
        return objectChange(tokens, first, second);
      }
      return indexChange(statement);
    case "reindex":
      return rebuilt(tokens);
    case "alter":
      return second === "table" ? detached(tokens) : null;
    default:
      return null;
  }
}

function indexChange(statement: StatementText): StandaloneEffect | null {
  const change = indexConcurrently(statement);
  if (change === null || change.name === undefined) return null;
  return { kind: "index", change: { ...change, name: change.name } };
}

function objectChange(
  tokens: readonly string[],
  change: "create" | "drop",
  of: "database" | "tablespace" | "subscription",
): StandaloneEffect | null {
  const name = nameOf(tokens[tokens[2] === "if" && tokens[3] === "exists" ? 4 : 2]);
  return name === null ? null : { kind: "object", change, of, name };
}

/** `REINDEX (CONCURRENTLY, VERBOSE) TABLE t` or `REINDEX TABLE CONCURRENTLY t`. */
function rebuilt(tokens: readonly string[]): StandaloneEffect | null {
  const options = tokens[1] === "(" ? tokens.slice(2, tokens.indexOf(")")) : [];
  const at = tokens[1] === "(" ? tokens.indexOf(")") + 1 : 1;
  const of = tokens[at];
  const asWord = tokens[at + 1] === "concurrently";
  if (!asWord && !options.includes("concurrently")) return null;
  if (of !== "index" && of !== "table" && of !== "schema" && of !== "database") return null;
  const next = asWord ? at + 2 : at + 1;
  if (of === "database" && tokens[next] === undefined) return { kind: "reindex", of, object: null };
  const object = qualifiedName(tokens, next);
  return object === null
    ? null
    : { kind: "reindex", of, object: { schema: object.schema, name: object.name } };
}

/** `ALTER TABLE [IF EXISTS] t DETACH PARTITION p CONCURRENTLY`. */
function detached(tokens: readonly string[]): StandaloneEffect | null {
  const table = qualifiedName(tokens, tokens[2] === "if" && tokens[3] === "exists" ? 4 : 2);
  if (table === null || tokens[table.end] !== "detach" || tokens[table.end + 1] !== "partition") return null;
  const partition = qualifiedName(tokens, table.end + 2);
  if (partition === null || partition.next !== "concurrently") return null;
  return {
    kind: "detach",
    table: { schema: table.schema, name: table.name },
    partition: { schema: partition.schema, name: partition.name },
  };
}

/** More tokens than may stand before the end of the names. */
const LONGEST = 24;
