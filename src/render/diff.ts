/** A difference as SQL that can be run, with all that has to be known of it as comments. */

import type { DiffData } from "../commands/data.ts";
import type { DifferenceStatement } from "../engine/difference.ts";
import { count } from "./layout.ts";
import { printable, type Style } from "./style.ts";

/** The statements, each with its semicolon. */
export function renderDiff(data: DiffData, style: Style): string {
  const { from, to, statements, cannot, candidates, roles, proven, faults } = data;
  const note = (text: string) => style.dim(`-- ${printable(text).replaceAll("\n", " ")}`);
  const warning = (text: string) => style.yellow(`-- ${printable(text).replaceAll("\n", " ")}`);
  const sum = statements.length === 0 && cannot.length + faults.length === 0
    ? `${from} and ${to} are equal`
    : `from ${from} to ${to}: ${count(statements.length, "statement")}${proven ? ", proven" : ""}`;
  return [
    [
      note(sum),
      ...faults.length === 0 ? [] : [warning("NOT PROVEN: look at each statement before you run it")],
      ...faults.map((fault) => warning(`  ${fault}`)),
      ...cannot.map(({ object, reason }) => warning(`cannot: ${object.kind} ${object.name}: ${reason}`)),
      ...roles.length === 0
        ? []
        : [warning(`has to exist before: ${roles.map((role) => `role ${role}`).join(", ")}`)],
      ...candidates.map(({ kind, from, to }) => note(`a rename? --rename '${kind} ${from} to ${to}'`)),
    ].join("\n"),
    ...blocks(statements, warning, note),
  ].join("\n\n");
}

/** What alters one object stands together; what has lines of its own, or a loss, stands apart. */
function blocks(
  statements: readonly DifferenceStatement[],
  warning: (text: string) => string,
  note: (text: string) => string,
): string[] {
  const found: string[] = [];
  let last: DifferenceStatement | null = null;
  for (const statement of statements) {
    // As it is: it is meant to be run.
    const sql = `${statement.sql};`;
    const lines = [
      ...last !== null && last.segment !== statement.segment ? [note("commit before this one")] : [],
      ...statement.outsideTransaction ? [note("cannot run in a transaction")] : [],
      ...statement.loss === null ? [] : [warning(`loses ${statement.loss}`)],
      sql,
    ];
    const isApart = lines.length > 1 || sql.includes("\n") || last === null || last.sql.includes("\n") ||
      last.loss !== null || last.object.whole !== statement.object.whole;
    if (isApart) found.push(lines.join("\n"));
    else found.push(`${found.pop()}\n${sql}`);
    last = statement;
  }
  return found;
}
