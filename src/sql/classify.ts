/** What a statement means for the transaction in which it would run, and what a file must not contain for that reason. */

import { MigError, type SourceLocation } from "../error.ts";
import type { Direction } from "../revision/revision.ts";
import { refusalOfBatch } from "./batch.ts";
import { Faults } from "./faults.ts";
import { mayBeRefusedInTransaction, refusedInTransaction } from "./outside_transaction.ts";
import { locate } from "./source.ts";
import type { SqlScript, SqlStatement } from "./statement.ts";
import { commandOf, leadingTokens, type StatementText } from "./words.ts";

/**
 * Whether a statement controls transactions: `boundary` for those that begin or end one (BEGIN, COMMIT, ROLLBACK …),
 * `savepoint` for those that stay inside (SAVEPOINT, RELEASE, ROLLBACK TO), null for all others.
 */
export function transactionControl(statement: StatementText): "boundary" | "savepoint" | null {
  const [first = "", second = "", third = ""] = leadingTokens(statement, 3);
  switch (first) {
    case "begin":
    case "commit":
    case "end":
    case "abort":
      return "boundary";
    case "start":
      return second === "transaction" ? "boundary" : null;
    case "prepare":
      // A prepared statement may be named so: PREPARE transaction AS …
      return second === "transaction" && third !== "as" && third !== "(" ? "boundary" : null;
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
 * Whether PostgreSQL 14 to 18 refuse to run a statement in a transaction block (error 25001), as far as its text tells. The
 * rest is for the server to say: see `mayRefuseTransaction()`.
 */
export function refusesTransaction(statement: StatementText): boolean {
  return refusedInTransaction(statement) !== null;
}

/**
 * Whether a statement refuses a transaction block, or does so depending on the catalog or on the code it runs. In a
 * `no-transaction` file it therefore runs alone.
 */
export function mayRefuseTransaction(statement: StatementText): boolean {
  return mayBeRefusedInTransaction(statement) || refusesTransaction(statement);
}

/** What a file is run for. */
export type Place = Direction | "hook" | "repeatable";

/**
 * Refuses a file that cannot run as it is: one that would end mig's transaction or give up its lock, or has a statement that
 * PostgreSQL runs only outside of transactions, or only inside of one, where the file asks for the other.
 *
 * @throws {MigError} `sql-refused`; for several statements one for each in `errors`
 */
export function checkScript(
  { text, statements, directives }: SqlScript,
  path: string,
  place: Place,
): void {
  const faults = new Faults();
  for (const statement of statements) {
    checkStatement(
      statement,
      directives.transaction,
      place,
      faults,
      (length) => locate(text, statement.start, path, length),
    );
  }
  throwRefusals(faults, path);
}

/**
 * Adds to the faults of a file what forbids one statement.
 *
 * @param transaction whether the file runs in one
 * @param locate the statement's place, with so many code points underlined
 */
export function checkStatement(
  statement: SqlStatement,
  transaction: boolean,
  place: Place,
  faults: Faults,
  locate: (length: number | undefined) => SourceLocation,
): void {
  const refusal = refusalOf(statement, transaction, place);
  if (refusal === null) return;
  const length = /^[^\s;]+/.exec(statement.text)?.[0].length;
  faults.add(() =>
    new MigError("sql-refused", refusal.message, { locations: [locate(length)], hint: refusal.hint })
  );
}

/** Throws what `checkStatement()` has found in a file, if anything. */
export function throwRefusals(faults: Faults, path: string): void {
  faults.throwAny((count) => `${path} has ${count} statements that cannot run`);
}

interface Refusal {
  readonly message: string;
  readonly hint: string | readonly string[];
}

function refusalOf(
  statement: SqlStatement,
  transaction: boolean,
  place: Place,
): Refusal | null {
  if (statement.batch !== undefined) {
    const refusal = refusalOfBatch(statement, transaction);
    if (refusal !== null) return refusal;
  }
  const control = transactionControl(statement);
  if (control !== null) {
    return refusalOfOwnName(statement, control) ??
      refusalOfControl(commandOf(statement), control, transaction);
  }
  const encoding = refusalOfEncoding(statement);
  if (encoding !== null) return encoding;
  if (!transaction) {
    const useless = uselessAlone(statement);
    if (useless !== null) return useless;
  }
  const refused = refusedInTransaction(statement);
  if (refused === "DISCARD ALL") {
    return {
      message: "DISCARD ALL would give up the lock by which mig keeps other runs away",
      hint: "write what you need of it: RESET ALL, DISCARD PLANS, DISCARD TEMP or DISCARD SEQUENCES",
    };
  }
  if (refused === null || !transaction) return null;
  const message = `${refused} cannot run inside a transaction`;
  if (place === "hook") {
    return { message, hint: "a SQL hook runs in one: let a command line do it, or a revision" };
  }
  if (place === "repeatable") {
    return { message, hint: "put `-- mig: no-transaction` on the first line of the script" };
  }
  return {
    message,
    hint: [
      `put \`-- mig: no-transaction\` on the first line of ${place}.sql`,
      "better, give it a revision of its own: what stands beside it is not rolled back if it fails",
    ],
  };
}

/** The savepoint by which mig notices that a file has left its transaction. */
const OWN_SAVEPOINT = "mig_step";

function refusalOfOwnName(statement: SqlStatement, control: "boundary" | "savepoint"): Refusal | null {
  if (control !== "savepoint" || leadingTokens(statement, 6).at(-1)?.replaceAll('"', "") !== OWN_SAVEPOINT) {
    return null;
  }
  return {
    message: `the savepoint ${OWN_SAVEPOINT} is mig's own, to notice what ends its transaction`,
    hint: "give yours another name",
  };
}

/** Whatever follows, and what is stored of the file, would be read in that encoding, and it is UTF-8. */
function refusalOfEncoding(statement: SqlStatement): Refusal | null {
  const [first, second, third, fourth, fifth] = leadingTokens(statement, 5);
  if (first !== "set") return null;
  const [name, value] = second === "session" || second === "local"
    ? [third, third === "names" ? fourth : fifth]
    : [second, second === "names" ? third : fourth];
  if (name !== "client_encoding" && name !== "names") return null;
  const encoding = (value ?? "").replaceAll(/['"]/g, "").toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  if (["utf8", "unicode", "default", ""].includes(encoding)) return null;
  return {
    message: `the file is UTF-8, and the server would read the rest of it as ${value}`,
    hint: "delete this line; where a dump is in that encoding, convert the file: iconv -t utf-8",
  };
}

/** What PostgreSQL takes outside of a transaction, and what means nothing there or breaks mig's journal. */
function uselessAlone(statement: SqlStatement): Refusal | null {
  const tokens = leadingTokens(statement, LONGEST_INDEX);
  const [first, second, third] = tokens;
  const scope = first === "set" && (second === "local" || second === "session") ? third : second;
  if (
    (first === "set" && (second === "local" || second === "transaction" || second === "constraints")) ||
    first === "lock" || (first === "declare" && !tokens.includes("hold"))
  ) {
    return {
      message: `${
        commandOf(statement)
      } has an effect only within a transaction, and this file runs without one`,
      hint: first === "set" && second === "local"
        ? "write SET instead of SET LOCAL: mig takes it back at the end of the file"
        : "delete this line, or `-- mig: no-transaction` at the head of the file",
    };
  }
  if (first === "set" && (scope === "role" || (second === "session" && third === "authorization"))) {
    return {
      message:
        "a file that runs without a transaction cannot change its role: mig notes in between how far it came",
      hint: "connect as that role for this revision, or give the object to it afterwards: ALTER … OWNER TO",
    };
  }
  if (first === "create" && (second === "index" || third === "index")) {
    const at = tokens.indexOf("concurrently");
    const unnamed = tokens[at + 1] === "on";
    if (at > 0 && (unnamed || tokens.slice(at).some((token) => /^u&"/i.test(token)))) {
      return {
        message: `an index ${
          unnamed ? "without a name" : 'with a name written as U&"…"'
        } that is interrupted would be left behind INVALID, and nobody could find it`,
        hint: "give it a plain name: CREATE INDEX CONCURRENTLY <name> ON <table> …",
      };
    }
  }
  return null;
}

/** CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS name ON ONLY database.schema.table. */
const LONGEST_INDEX = 15;

function refusalOfControl(
  command: string,
  control: "boundary" | "savepoint",
  transaction: boolean,
): Refusal | null {
  if (control === "savepoint") {
    return transaction ? null : {
      message: `${command} needs a transaction, and this file runs without one`,
      hint: "delete this line, or `-- mig: no-transaction` at the head of the file",
    };
  }
  return transaction
    ? {
      message: `${command} would end or escape the transaction in which mig runs this file`,
      hint:
        "delete this line: mig runs each file in a transaction of its own, together with its row in the version table",
    }
    : {
      message: `${command} has no place in a file that runs without a transaction`,
      hint: "delete this line: each statement commits by itself, and mig notes how far it came",
    };
}
