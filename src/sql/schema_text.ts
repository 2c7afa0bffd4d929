/**
 * A dump of a schema as text that is the same for the same schema: without what pg_dump says of itself, of the server's version and
 * of its session, so that a review sees what a revision changes and nothing else.
 */

import { parseScript } from "./script.ts";
import type { SqlStatement } from "./statement.ts";
import { leadingTokens } from "./words.ts";

/**
 * The schema, statement by statement in the order of the dump.
 *
 * @param dump what `pg_dump --schema-only` wrote
 */
export function schemaText(dump: string): string {
  const { statements } = parseScript(dump, "the dump");
  const defaults = new Set(
    [...DEFAULTS.keys()].filter((name) => !statements.some((statement) => sets(statement, name, false))),
  );
  const kept = statements.filter((statement) => !isNoise(statement, defaults)).map(textOf);
  const before15 = OLD_PUBLIC.every((grant) => kept.includes(grant));
  const texts = before15 ? kept.filter((text) => !OLD_PUBLIC.includes(text)) : kept;
  return [HEAD, ...texts.map((text) => `${text};\n`)].join("\n");
}

/** From 18 on NOT NULL is a constraint with a name, which is written where the table or column was renamed or has a parent. */
function textOf(statement: SqlStatement): string {
  const text = statement.text.replaceAll("\r\n", "\n").trimEnd();
  return /^create (?:unlogged |foreign )?table\b/i.test(text)
    ? text.replaceAll(NAMED_NOT_NULL, " NOT NULL")
    : text;
}

const NAMED_NOT_NULL = / CONSTRAINT (?:"(?:[^"]|"")*_not_null\d*"|[\w$\u0080-\uffff]*_not_null\d*) NOT NULL/g;

/** The rights on the schema public of a server before 15, as a later pg_dump sees them: nobody has granted them. */
const OLD_PUBLIC: readonly string[] = [
  "REVOKE USAGE ON SCHEMA public FROM PUBLIC",
  "GRANT ALL ON SCHEMA public TO PUBLIC",
];

/** By these a file is known that mig wrote. */
export const FIRST_WORDS = "-- The schema, as `mig dump` writes it.";

/** What is needed to run the rest: bodies of functions may name what comes later, and all names are qualified. */
const HEAD = `${FIRST_WORDS} It follows from the revisions: change those.

SET check_function_bodies = false;
SELECT pg_catalog.set_config('search_path', '', false);
`;

/** Settings of pg_dump's that say something where they have another value than these. */
const DEFAULTS: ReadonlyMap<string, string> = new Map([
  ["default_tablespace", "''"],
  ["default_table_access_method", "heap"],
]);

function isNoise(statement: SqlStatement, defaults: ReadonlySet<string>): boolean {
  const [first, second = "", third = "", fourth = ""] = leadingTokens(statement, 4);
  switch (first) {
    case "set":
      return DEFAULTS.has(second) ? defaults.has(second) : second !== "session" && second !== "role";
    case "reset":
      return false;
    case "select":
      return true;
    case "comment":
      // It comes with the extension, and with its version.
      return third === "extension" ||
        (third === "schema" && fourth === "public" && STANDARD.test(statement.text));
    case "create":
      // A user mapping holds a password; plpgsql is everywhere.
      return (second === "user" && third === "mapping") ||
        /^create extension if not exists plpgsql\b/i.test(statement.text);
    case "alter":
      return second === "user" && third === "mapping";
    default:
      return false;
  }
}

const STANDARD = /is 'standard public schema'$/i;

/** Whether a statement gives one of those settings its default, or not. */
function sets(statement: SqlStatement, name: string, toDefault: boolean): boolean {
  const [first, second, , value] = leadingTokens(statement, 4);
  return first === "set" && second === name && (value === DEFAULTS.get(name)) === toDefault;
}
