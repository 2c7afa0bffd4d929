/** Makes the first revision's up.sql of a dump: what describes the database stays, what only steers psql or pg_dump's session goes. */

import { cutScript, type Piece } from "./pieces.ts";
import type { SqlScript, SqlStatement } from "./statement.ts";
import { leadingTokens } from "./words.ts";

/** Where mig keeps its own rows, which is no part of what it adopts. */
export interface OwnTable {
  readonly schema: string;
  readonly name: string;
}

/**
 * The text of up.sql.
 *
 * @param source who wrote the dump, for the comment at its head
 */
export function baselineText(script: SqlScript, own: OwnTable, source: string): string {
  const { pieces, rest } = cutScript(script);
  const kept = pieces.filter(({ statement }) => !steersSession(statement));
  const body = kept.map((piece) => spaced(piece.before) + textOf(piece, own) + piece.tail).join("");
  const end = /database dump complete/.test(rest) ? "" : rest.trimEnd();
  return `-- The schema that \`mig baseline\` found, as ${
    source.replaceAll(/\s+/g, " ")
  } wrote it. mig runs it only on databases that are still empty.\n\n${
    (body + end).replace(/^\s+/, "").trimEnd()
  }\n`;
}

/** The statement of a dump that makes mig's own table; undefined where there is none. */
export function ownTableIn({ statements }: SqlScript, { schema, name }: OwnTable): SqlStatement | undefined {
  return statements.find((statement) => {
    const [create, table, first, dot, second] = leadingTokens(statement, 5);
    if (create !== "create" || table !== "table") return false;
    return dot === "." ? bare(first!) === schema && bare(second!) === name : bare(first ?? "") === name;
  });
}

/** Whether a statement leaves something in the database, rather than in the session. */
export function leavesSomething(statement: SqlStatement): boolean {
  const [first = ""] = leadingTokens(statement, 1);
  return first !== "set" && first !== "select";
}

/** Settings of pg_dump's that mig makes itself, that would override the timeouts of a run, or that older servers do not know. */
function steersSession(statement: SqlStatement): boolean {
  const [first, name = "", , value = ""] = leadingTokens(statement, 4);
  if (first !== "set") return false;
  return SETTINGS.has(name) || (name === "standard_conforming_strings" && value === "on");
}

const SETTINGS: ReadonlySet<string> = new Set([
  "statement_timeout",
  "lock_timeout",
  "idle_in_transaction_session_timeout",
  "transaction_timeout",
  "client_encoding",
  "client_min_messages",
  "row_security",
]);

/** The schema of the version table is there before the first revision runs. */
function textOf({ statement }: Piece, own: OwnTable): string {
  const [create, schema, name = ""] = leadingTokens(statement, 3);
  const isOwn = create === "create" && schema === "schema" && bare(name) === own.schema;
  return isOwn ? statement.text.replace(/^create\s+schema/i, "$& IF NOT EXISTS") : statement.text;
}

/** pg_dump leaves gaps where its commands for psql stood. */
function spaced(before: string): string {
  return before.replaceAll(/(\r?\n){3,}/g, "$1$1");
}

function bare(identifier: string): string {
  return identifier.startsWith('"') ? identifier.slice(1, -1).replaceAll('""', '"') : identifier;
}
