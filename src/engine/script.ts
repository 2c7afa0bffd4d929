/**
 * Writes a plan as a script for psql, for databases that only a DBA may change. It leads to the same end state as `mig up` and
 * `mig down`: schema, data, and the rows of the version table.
 */

import { quoteIdentifier } from "../sql/quote.ts";
import { batchScript } from "./batch_script.ts";
import { addedEnumValue } from "../sql/enum_value.ts";
import { type PsqlText, psqlText } from "../sql/psql_text.ts";
import { titleOf } from "../revision/name_lookup.ts";
import type { WholeStep } from "./prepared_step.ts";
import type { FileContent } from "./recorded.ts";
import type { PreparedRepeatable } from "./repeatable_scripts.ts";
import { needsToStandAlone } from "./run_journaled.ts";
import { repeatableSql, repeatableTableSql } from "./script_repeatable.ts";
import { bracketed, CHECK_DEFERRED_SQL, closedLine, comment, takeBackSql } from "./script_text.ts";
import {
  guardScriptSql,
  PSQL_SETTINGS,
  READING_SQL,
  runningSql,
  type ScriptStart,
  type ScriptTransaction,
} from "./script_guard.ts";
import { advanceJournalSql, beginJournalSql, closeJournalSql } from "./journal_sql.ts";
import { forgetSql, recordSql, settingsSql } from "./step_sql.ts";
import type { Timeouts } from "./timeouts.ts";

/** What a script is made of. */
export interface ScriptPlan {
  readonly start: ScriptStart;
  readonly steps: readonly WholeStep[];
  /** Those that come after the steps. */
  readonly repeatables: readonly PreparedRepeatable[];
  readonly timeouts: Timeouts;
  /** The role to work as; null for that of whoever runs the script. */
  readonly role: string | null;
  /** The command that made it, and the one that makes another for where a database is. */
  readonly command: string;
  readonly remedy: string;
  /** Whether any revision mentions deferrable constraints; what they put off is due at the end of each revision. */
  readonly deferrable: boolean;
}

/** A script, and how it has to be run. */
export interface Script {
  readonly text: string;
  readonly transaction: ScriptTransaction;
  /** Why it cannot be one transaction; null where it is. */
  readonly reason: string | null;
}

/** Writes the script. */
export function writeScript(plan: ScriptPlan): Script {
  const reason = whyNotOne(plan);
  const { steps, repeatables } = plan;
  const count = steps.length + repeatables.length;
  const transaction = reason === null ? "one" : "each";
  const parts = [
    headOf(plan, reason),
    PSQL_SETTINGS,
    READING_SQL,
    runningSql(transaction),
    ...(plan.role === null ? [] : [`set role ${quoteIdentifier(plan.role)};`]),
    guardScriptSql(plan.start, transaction, plan.remedy),
    ...steps.map((step, at) => stepSql(step, plan, transaction, at === count - 1)),
    ...(repeatables.length === 0 ? [] : [repeatableTableSql(plan, transaction)]),
    ...repeatables.map((script, at) =>
      repeatableSql(script, plan, transaction, at === repeatables.length - 1)
    ),
  ];
  return { text: `${parts.join("\n")}\n`, transaction, reason };
}

/** Whether a step mentions what `ScriptPlan.deferrable` asks for. */
export function mentionsDeferrable(sql: FileContent): boolean {
  if (sql === null) return false;
  // What is too large to be searched may.
  return typeof sql !== "string" || /\bdeferr(?:able|ed)\b/i.test(sql);
}

/** What of a plan cannot stand in one transaction, as the end of a sentence. */
function whyNotOne({ steps, repeatables }: Pick<ScriptPlan, "steps" | "repeatables">): string | null {
  const files = [
    ...steps.map(({ script, revision }) => ({ script, title: titleOf(revision) })),
    ...repeatables.map(({ script, file }) => ({ script, title: `the repeatable script ${file.name}` })),
  ];
  for (const [at, { script, title }] of files.entries()) {
    if (!script.directives.transaction) return `${title} runs outside of a transaction`;
    for (const statement of script.statements) {
      const label = addedEnumValue(statement);
      if (label === null || !files.slice(at + 1).some((later) => later.script.text.includes(label))) continue;
      return `${title} adds the value ${label} to an enum, which can be used only once that is committed`;
    }
  }
  return null;
}

function headOf({ start, steps, repeatables, command }: ScriptPlan, reason: string | null): string {
  const { table, applied } = start;
  const way = reason === null
    ? [
      "Run it with psql, in one transaction:",
      "",
      "    psql -1 -f script.sql DATABASE",
      "",
      "All of it takes effect, or nothing.",
    ]
    : [
      "Run it with psql, WITHOUT -1 (--single-transaction):",
      "",
      "    psql -f script.sql DATABASE",
      "",
      "It cannot be one transaction:",
      `  ${reason}.`,
      "Each revision is committed together with its row in the version table, as `mig up` does it. If one fails, those",
      "before it stay, and `mig status` tells where the database is. While it runs, it holds mig's lock.",
    ];
  return [
    `${command}: ${steps.length} revision${steps.length === 1 ? "" : "s"}${
      repeatables.length === 0
        ? ""
        : ` and ${repeatables.length} repeatable script${repeatables.length === 1 ? "" : "s"}`
    }.`,
    "",
    ...way,
    "",
    `It begins with a check: the version table ${table.qualified} must have ${
      applied.length === 0 ? "no rows, or be missing" : `exactly the ${rows(applied.length)} that lead here`
    }.`,
  ].map(comment).join("\n");
}

function stepSql(
  step: WholeStep,
  plan: ScriptPlan,
  transaction: ScriptTransaction,
  last: boolean,
): string {
  const { direction, revision, path, script } = step;
  const file = psqlText(script);
  const body = script.directives.transaction
    ? inTransaction(step, file, plan, transaction, last)
    : journaled(step, file, plan);
  return [
    "",
    comment("-".repeat(90)),
    comment(`${direction} ${revision.id} "${revision.message}": ${path}`),
    comment("-".repeat(90)),
    `\\echo ${direction} ${revision.id}`,
    ...body,
  ].join("\n");
}

function inTransaction(
  step: WholeStep,
  file: PsqlText,
  { start: { table }, timeouts, role, deferrable }: ScriptPlan,
  transaction: ScriptTransaction,
  last: boolean,
): string[] {
  const record = step.direction === "up"
    ? recordSql(table, step, "script")
    : forgetSql(table, step.revision.id);
  return bracketed(
    [
      ...settingsSql(step, timeouts, "set local").map((sql) => `${sql};`),
      closedLine(file.statements.join("") + file.rest),
      // A commit checks what is deferred; in one transaction the next revision might meet it otherwise.
      ...(transaction === "one" && !last && deferrable ? [CHECK_DEFERRED_SQL] : []),
      takeBackSql(role),
      `${record.trim()};`,
    ],
    transaction,
  );
}

/** With the journal that mig keeps, so that `mig up` can go on where the script failed. */
function journaled(
  step: WholeStep,
  file: PsqlText,
  { start: { table }, timeouts, role }: ScriptPlan,
): string[] {
  const { statements } = step.script;
  const statementTimeout = settingsSql(step, timeouts, "set").find((sql) =>
    sql.includes("statement_timeout")
  );
  return [
    `${beginJournalSql(table, step).trim()};`,
    ...settingsSql(step, timeouts, "set").map((sql) => `${sql};`),
    ...statements.flatMap((statement, at) => {
      const advance = `${advanceJournalSql(table, step, at)};`;
      if (statement.batch !== undefined) return batchScript(table, step, at, statementTimeout);
      const own = closedLine(file.statements[at]!);
      return needsToStandAlone(statement) ? [own, advance] : ["begin;", own, advance, "commit;"];
    }),
    closedLine(file.rest),
    takeBackSql(role),
    `${closeJournalSql(table, step, statements.length).trim()};`,
  ];
}

function rows(number: number): string {
  return `${number} row${number === 1 ? "" : "s"}`;
}
