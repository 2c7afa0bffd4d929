/** `-- mig: batch`: which statements are repeated until they change no row, and how. */

import { parseDuration } from "../duration.ts";
import { MigError } from "../error.ts";
import { Faults } from "./faults.ts";
import { Lexer } from "./lexer.ts";
import { locate } from "./source.ts";
import type { Directive } from "./statement_walk.ts";
import type { Batch, SqlStatement } from "./statement.ts";
import { commandOf, fold, type StatementText } from "./words.ts";

/** How the directive is written, for hints. */
export const BATCH_FORM = "batch pause 100ms";

/** What is to say of a batch in a file that runs in a transaction. */
export const BATCH_IN_TRANSACTION = {
  message: "a batch commits after each round, and this file runs in one transaction",
  hint: "put `-- mig: no-transaction` on the first line; mig then notes after each round how far it came",
};

/** Whether a directive is one of these, which stand before a statement and not at the head of the file. */
export function isBatch({ text }: Directive): boolean {
  return /^[^:]*:\s*batch\b/i.test(text);
}

/**
 * The statements, those behind a directive marked with how they are repeated.
 *
 * @throws {MigError} `directive-invalid`
 */
export function markBatches(
  text: string,
  statements: readonly SqlStatement[],
  comments: readonly Directive[],
  path: string,
): readonly SqlStatement[] {
  const faults = new Faults();
  const batches = new Map<SqlStatement, Batch>();
  for (const comment of comments) {
    const inside = statements.some(({ start, end }) => start < comment.start && comment.start < end);
    const next = statements.find(({ start }) => start > comment.start);
    const read = optionsOf(comment.text);
    const fault = typeof read === "string"
      ? read
      : inside || next === undefined
      ? 'the directive "batch" does not stand before a statement'
      : batches.has(next)
      ? 'the directive "batch" is given twice for one statement'
      : null;
    if (fault === null) batches.set(next!, read as Batch);
    else {
      const hint = `write \`-- mig: ${BATCH_FORM}\` in the line before the statement that is to be repeated; \
behind it may stand \`pause TIME\` and \`rounds NUMBER\``;
      const length = [...comment.text.trimEnd()].length;
      faults.add(() =>
        new MigError("directive-invalid", fault, {
          locations: [locate(text, comment.start, path, length)],
          hint,
        })
      );
    }
  }
  faults.throwAny((count) => `${count} directives in ${path} are wrong`);
  return statements.map((statement) => {
    const batch = batches.get(statement);
    return batch === undefined ? statement : { ...statement, batch };
  });
}

/** The options of a directive, or what is wrong with them. */
function optionsOf(comment: string): Batch | string {
  const words = comment.slice(comment.indexOf(":") + 1).trim().toLowerCase().split(/\s+/).slice(1);
  let pauseMs = 0, rounds: number | null = null;
  for (let at = 0; at < words.length; at += 2) {
    const [name, value = ""] = words.slice(at, at + 2);
    if (name === "pause") {
      const pause = parseDuration(value);
      if (pause === null) return `a batch cannot pause for "${value}"`;
      pauseMs = pause;
    } else if (name === "rounds") {
      if (!/^[1-9]\d{0,8}$/.test(value)) return `a batch cannot have "${value}" rounds`;
      rounds = Number(value);
    } else return `a batch has no option "${name}"`;
  }
  return { pauseMs, rounds };
}

/** Why a statement cannot be repeated until it changes no row, and what to do; null where it can. */
export function refusalOfBatch(
  statement: SqlStatement,
  transaction: boolean,
): { readonly message: string; readonly hint: string } | null {
  if (transaction) return BATCH_IN_TRANSACTION;
  const command = commandOf(statement);
  if (!REPEATABLE.has(command)) {
    return {
      message: `${command} cannot be repeated until it changes no row`,
      hint: "a batch is an UPDATE, DELETE, INSERT or MERGE, or WITH before one of these",
    };
  }
  if (statement.batch!.rounds !== null || command === "DELETE") return null;
  if (command === "UPDATE") {
    return hasWhere(statement) ? null : {
      message: "an UPDATE without WHERE changes the same rows in every round, and never ends",
      hint: "let its WHERE leave out the rows that are done, and take some of the others: \
where id in (select id from … where … is null limit 10000)",
    };
  }
  return {
    message: `mig cannot tell whether this ${command} ever stops changing rows`,
    hint: "say after how many rounds it must have: `-- mig: batch rounds 1000`",
  };
}

/**
 * The table of an UPDATE or DELETE as SQL, to be counted; null for other statements.
 */
export function targetOf(statement: StatementText): string | null {
  const lexer = new Lexer(statement.text);
  const words: string[] = [];
  let name = "";
  while (lexer.nextSignificant()) {
    if (words.length === 0 && !/^(update|delete)$/i.test(lexer.token)) return null;
    const word = lexer.kind === "word" ? fold(lexer.token) : "";
    if (name === "" && BEFORE_TARGET.has(word)) words.push(word);
    else if (name === "" || name.endsWith(".") || lexer.token === ".") name += lexer.token;
    else break;
  }
  return name === "" ? null : `${words.includes("only") ? "only " : ""}${name}`;
}

const REPEATABLE = new Set(["UPDATE", "DELETE", "INSERT", "MERGE", "WITH"]);
const BEFORE_TARGET = new Set(["update", "delete", "from", "only"]);

function hasWhere(statement: StatementText): boolean {
  const lexer = new Lexer(statement.text);
  for (let depth = 0; lexer.nextSignificant();) {
    if (lexer.token === "(") depth++;
    else if (lexer.token === ")") depth--;
    else if (depth === 0 && lexer.kind === "word" && fold(lexer.token) === "where") return true;
  }
  return false;
}
