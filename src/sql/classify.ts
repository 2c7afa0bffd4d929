/** What a statement means for the transaction in which it would run, and what a file must not contain for that reason. */

import { MigError } from "../error.ts";
import type { Direction } from "../revision/revision.ts";
import { locate } from "./source.ts";
import type { SqlScript, SqlStatement } from "./statement.ts";
import { commandOf, leadingTokens } from "./words.ts";

/**
 * Whether a statement controls transactions: `boundary` for those that begin or end one (BEGIN, COMMIT, ROLLBACK …),
 * `savepoint` for those that stay inside (SAVEPOINT, RELEASE, ROLLBACK TO), null for all others.
 */
export function transactionControl({ text }: Pick<SqlStatement, "text">): "boundary" | "savepoint" | null {
  const [first = "", second = "", third = ""] = leadingTokens({ text }, 3);
  switch (first) {
    case "begin":
    case "commit":
    case "end":
    case "abort":
      return "boundary";
    case "start":
    case "prepare":
      return second === "transaction" ? "boundary" : null;
    case "rollback":
      return (["work", "transaction"].includes(second) ? third : second) === "to" ? "savepoint" : "boundary";
    case "savepoint":
    case "release":
      return "savepoint";
    default:
      return null;
  }
}

/**
 * Whether PostgreSQL refuses to run a statement in a transaction block (its error 25001), as far as its text tells. Checked
 * against PostgreSQL 14 to 18.
 */
export function refusesTransaction({ text }: Pick<SqlStatement, "text">): boolean {
  const tokens = leadingTokens({ text }, MANY);
  const [first = "", second = "", third = ""] = tokens;
  switch (first) {
    case "create":
      if (second === "index" || (second === "unique" && third === "index")) {
        return tokens[second === "index" ? 2 : 3] === "concurrently";
      }
      return second === "database" || second === "tablespace" ||
        (second === "subscription" && !turnsOff(tokens, ["create_slot", "connect"]));
    case "drop":
      return second === "database" || second === "tablespace" ||
        (second === "index" && third === "concurrently");
    case "reindex":
      return reindexesAlone(tokens);
    case "alter":
      if (second === "system") return true;
      if (second === "database") return hasInOrder(tokens, ["set", "tablespace"]);
      return second === "table" && hasInOrder(tokens, ["detach", "partition"]) &&
        tokens.at(-1) === "concurrently";
    case "vacuum":
      return true;
    case "cluster":
      return clustersAll(tokens);
    case "discard":
      return second === "all";
    default:
      return false;
  }
}

/**
 * Refuses a file that cannot run as it is: one that would end mig's transaction, or has a statement that PostgreSQL runs
 * outside of transactions only while the file does not ask for that.
 *
 * @throws {MigError} `sql-refused`; for several statements one for each in `errors`
 */
export function checkScript(
  { text, statements, directives }: SqlScript,
  path: string,
  direction: Direction,
): void {
  const refusals: MigError[] = [];
  for (const statement of statements) {
    const refusal = refusalOf(statement, directives.transaction, direction);
    if (refusal === null) continue;
    const length = /^\S+/.exec(statement.text)![0].length;
    refusals.push(
      new MigError("sql-refused", refusal.message, {
        locations: [locate(text, statement.start, path, length)],
        hint: refusal.hint,
      }),
    );
  }
  if (refusals.length === 1) throw refusals[0]!;
  if (refusals.length > 1) {
    throw new MigError("sql-refused", `${path} has ${refusals.length} statements that cannot run`, {
      errors: refusals,
    });
  }
}

function refusalOf(
  statement: SqlStatement,
  transaction: boolean,
  direction: Direction,
): { readonly message: string; readonly hint: string | readonly string[] } | null {
  if (transactionControl(statement) === "boundary") {
    const word = commandOf(statement).split(" ")[0]!;
    return transaction
      ? {
        message: `${word} would end or escape the transaction in which mig runs this file`,
        hint: "delete the line: mig commits the file together with its row in the version table",
      }
      : {
        message: `${word} has no place in a file that runs without a transaction`,
        hint: "delete the line: each statement commits by itself, and mig notes how far it came",
      };
  }
  if (transaction && refusesTransaction(statement)) {
    return {
      message: `${shortName(statement)} cannot run inside a transaction`,
      hint: [
        `put \`-- mig: no-transaction\` on the first line of ${direction}.sql`,
        "better, give it a revision of its own: what stands beside it is not rolled back if it fails",
      ],
    };
  }
  return null;
}

function shortName(statement: SqlStatement): string {
  const concurrently = leadingTokens(statement, MANY).includes("concurrently") ? " … CONCURRENTLY" : "";
  return `${commandOf(statement)}${concurrently}`;
}

/** No statement that refuses transactions is longer; one that is is not one of them. */
const MANY = 200;

function hasInOrder(tokens: readonly string[], words: readonly string[]): boolean {
  return tokens.some((_, at) => words.every((word, i) => tokens[at + i] === word));
}

/** REINDEX of a whole database, schema or system, or CONCURRENTLY, as a word or as an option. */
function reindexesAlone(tokens: readonly string[]): boolean {
  const close = tokens[1] === "(" ? tokens.indexOf(")") : 0;
  const options = tokens.slice(1, close);
  const option = options.indexOf("concurrently");
  if (option >= 0 && !OFF.has(options[option + 1] ?? "")) return true;
  const what = tokens[close + 1] ?? "";
  return ["database", "system", "schema"].includes(what) || tokens[close + 2] === "concurrently";
}

/** CLUSTER without a table. */
function clustersAll(tokens: readonly string[]): boolean {
  const close = tokens[1] === "(" ? tokens.indexOf(")") : tokens[1] === "verbose" ? 1 : 0;
  return close === tokens.length - 1;
}

/** Whether one of the options is written with a value that means no. */
function turnsOff(tokens: readonly string[], options: readonly string[]): boolean {
  return options.some((option) => {
    const at = tokens.indexOf(option);
    return at >= 0 && OFF.has(tokens[at + 1] === "=" ? tokens[at + 2] ?? "" : tokens[at + 1] ?? "");
  });
}

const OFF = new Set(["false", "off", "0", "no", "'false'", "'off'"]);
