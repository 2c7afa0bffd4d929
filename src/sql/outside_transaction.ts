/**
 * Which statements PostgreSQL refuses in a transaction block (its error 25001). Found by running each form on PostgreSQL 14
 * to 18.
 */

import { leadingTokens, type StatementText } from "./words.ts";

/**
 * What PostgreSQL refuses, as it calls it: `CREATE INDEX CONCURRENTLY`; null for a statement that can run in a transaction
 * as far as its text tells.
 */
export function refusedInTransaction(statement: StatementText): string | null {
  const [first = "", second = "", third = ""] = leadingTokens(statement, 3);
  const rest = () => leadingTokens(statement, LONGEST);
  switch (first) {
    case "create":
      if (second === "unique" || second === "index") return createsIndex(rest());
      if (second === "database" || second === "tablespace") return named(first, second);
      return second === "subscription" ? createsSlot(rest()) : null;
    case "drop":
      if (second === "index") return third === "concurrently" ? "DROP INDEX CONCURRENTLY" : null;
      return second === "database" || second === "tablespace" ? named(first, second) : null;
    case "alter":
      if (second === "system") return "ALTER SYSTEM";
      if (second === "database") return movesDatabase(rest());
      if (second === "table") return detaches(rest());
      return second === "subscription" ? altersSlot(rest()) : null;
    case "reindex":
      return reindexes(rest());
    case "cluster":
      return clustersAll(rest());
    case "vacuum":
      return "VACUUM";
    case "discard":
      return second === "all" ? "DISCARD ALL" : null;
    default:
      return null;
  }
}

/**
 * Whether it depends on the catalog: dropping a subscription that has a slot, rebuilding or clustering a partitioned table;
 * and what runs code that may end transactions by itself. They refuse a transaction sometimes, and need none ever.
 */
export function mayBeRefusedInTransaction(statement: StatementText): boolean {
  const [first = "", second = ""] = leadingTokens(statement, 2);
  return ["reindex", "cluster", "call", "do"].includes(first) ||
    (first === "drop" && second === "subscription");
}

function createsIndex(tokens: readonly string[]): string | null {
  const at = tokens.indexOf("index");
  return at <= 2 && tokens[at + 1] === "concurrently" ? "CREATE INDEX CONCURRENTLY" : null;
}

/** Making the slot on the publisher is the default; `connect = false` makes none. */
function createsSlot(tokens: readonly string[]): string | null {
  const options = optionsOf(tokens);
  return isOff(options.get("create_slot")) || isOff(options.get("connect"))
    ? null
    : "CREATE SUBSCRIPTION … WITH (create_slot = true)";
}

function altersSlot(tokens: readonly string[]): string | null {
  const [, , , verb = "", object = ""] = tokens;
  if (object === "publication") {
    if (verb === "refresh") return "ALTER SUBSCRIPTION … REFRESH PUBLICATION";
    if (!["set", "add", "drop"].includes(verb) || isOff(optionsOf(tokens).get("refresh"))) {
      return null;
    }
    return `ALTER SUBSCRIPTION … ${verb.toUpperCase()} PUBLICATION with refresh`;
  }
  if (verb !== "set") return null;
  const options = optionsOf(tokens);
  if (options.has("failover")) return "ALTER SUBSCRIPTION … SET (failover)";
  return isOff(options.get("two_phase")) ? "ALTER SUBSCRIPTION … SET (two_phase)" : null;
}

/** `SET TABLESPACE`; `WITH` or nothing before it is understood too. */
function movesDatabase(tokens: readonly string[]): string | null {
  const at = ["set", "with"].includes(tokens[3] ?? "") ? 4 : 3;
  return tokens[at] === "tablespace" ? "ALTER DATABASE SET TABLESPACE" : null;
}

function detaches(tokens: readonly string[]): string | null {
  const at = tokens.findIndex((token, i) => token === "detach" && tokens[i + 1] === "partition");
  return at >= 0 && tokens.at(-1) === "concurrently" ? "ALTER TABLE … DETACH PARTITION … CONCURRENTLY" : null;
}

/** REINDEX of a whole database, schema or system; or CONCURRENTLY, as a word or as an option. */
function reindexes(tokens: readonly string[]): string | null {
  const option = optionsOf(tokens).get("concurrently");
  const at = tokens[1] === "(" ? tokens.indexOf(")") + 1 : 1;
  const what = tokens[at] ?? "";
  if (tokens[at + 1] === "concurrently" || (option !== undefined && !isOff(option))) {
    return named("reindex", what, "concurrently");
  }
  return ["database", "system", "schema"].includes(what) ? named("reindex", what) : null;
}

/** CLUSTER without a table. */
function clustersAll(tokens: readonly string[]): string | null {
  const end = tokens[1] === "(" ? tokens.indexOf(")") + 1 : tokens[1] === "verbose" ? 2 : 1;
  return end === tokens.length ? "CLUSTER without a table" : null;
}

/** The options in a statement's parentheses: names without quotes, values in lower case, "" where there is none. */
function optionsOf(tokens: readonly string[]): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  const open = tokens.indexOf("(");
  if (open < 0) return options;
  for (let at = open + 1; at < tokens.length && tokens[at] !== ")";) {
    const name = unquoted(tokens[at++]!);
    let value = "";
    for (; at < tokens.length && tokens[at] !== "," && tokens[at] !== ")"; at++) {
      if (tokens[at] !== "=") value += unquoted(tokens[at]!).toLowerCase();
    }
    options.set(name, value);
    if (tokens[at] === ",") at++;
  }
  return options;
}

function unquoted(token: string): string {
  return /^(['"]).*\1$/s.test(token) ? token.slice(1, -1) : token;
}

function isOff(value: string | undefined): boolean {
  return value === "false" || value === "off" || value === "0";
}

function named(...words: readonly string[]): string {
  return words.join(" ").toUpperCase();
}

/** Enough tokens for every form above, and a bound for those that only begin like one. */
const LONGEST = 200;
