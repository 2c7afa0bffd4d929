/** The statements of a difference as SQL, with what has to be known of each as a comment before it. */

import type { Difference, DifferenceStatement } from "./difference.ts";

/**
 * Statements with their semicolons, in blocks: what alters one object stands together; what has lines of its own stands apart.
 *
 * @param notes the comments before a statement, given the one before it
 */
export function sqlBlocks(
  statements: readonly DifferenceStatement[],
  notes: (statement: DifferenceStatement, last: DifferenceStatement | null) => readonly string[],
): string[] {
  const found: string[] = [];
  let last: DifferenceStatement | null = null;
  for (const statement of statements) {
    // As it is: it is meant to be run.
    const sql = `${statement.sql};`;
    const lines = [...notes(statement, last), sql];
    const isApart = lines.length > 1 || sql.includes("\n") || last === null || last.sql.includes("\n") ||
      remarksOf(last).length > 0 || last.object.whole !== statement.object.whole;
    if (isApart) found.push(lines.join("\n"));
    else found.push(`${found.pop()}\n${sql}`);
    last = statement;
  }
  return found;
}

/** What a statement does to rows, or what they do to it, in the words of a comment. */
export function remarksOf({ loss, refusal }: DifferenceStatement): string[] {
  return [
    ...loss === null ? [] : [`loses ${loss}`],
    ...refusal === null ? [] : [`fails where ${refusal}`],
  ];
}

/**
 * A difference as the text of up.sql or down.sql. Where a statement needs what another has committed, the file is one that runs
 * without a transaction: mig records each statement of it, so that an interrupted run goes on where it was.
 */
export function revisionText(
  { cannot, roles }: Pick<Difference, "cannot" | "roles">,
  statements: readonly DifferenceStatement[],
): string {
  const first = statements[0]?.segment;
  const apart = statements.some(({ segment, outsideTransaction }) => outsideTransaction || segment !== first);
  const head = [
    ...apart
      ? [
        "-- mig: no-transaction",
        statements.some(({ outsideTransaction }) => outsideTransaction) ? OUTSIDE : ENUM,
      ]
      : [],
    ...roles.length === 0
      ? []
      : [`-- has to exist before: ${roles.map((role) => `role ${role}`).join(", ")}`],
    ...cannot.map(({ object, reason }) => `-- cannot: ${object.kind} ${object.name}: ${reason}`),
  ].map(oneLine);
  const blocks = sqlBlocks(
    statements,
    (statement) => remarksOf(statement).map((remark) => oneLine(`-- ${remark}`)),
  );
  return `${[...head.length === 0 ? [] : [head.join("\n")], ...blocks].join("\n\n")}\n`;
}

const ENUM = "-- Each statement is committed by itself: a new value of an enum can be used only after that.";
const OUTSIDE = "-- Each statement is committed by itself: one of them cannot run in a transaction.";

/** Names can hold line breaks, and a comment ends with its line. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\u2028\u2029]+/g, " ");
}
