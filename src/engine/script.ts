/**
 * Writes a plan as a script for psql, for databases that only a DBA may change. It leads to the same end state as `mig up` and
 * `mig down`: schema, data, and the rows of the version table.
 */

import { quoteIdentifier } from "../sql/quote.ts";
import { batchScript } from "./batch_script.ts";
import { addedEnumValue } from "../sql/enum_value.ts";
import { type PsqlText, psqlText } from "../sql/psql_text.ts";
import { titleOf } from "../revision/name_lookup.ts";
import type { WholeStep } from "./prepare.ts";
import type { FileContent } from "./recorded.ts";
import { needsToStandAlone } from "./run_journaled.ts";
import {
  guardScriptSql,
  PSQL_SETTINGS,
  READING_SQL,
  runningSql,
  type ScriptStart,
  type ScriptTransaction,
} from "./script_guard.ts";
import { advanceJournalSql, beginJournalSql, closeJournalSql } from "./journal_sql.ts";
import { forgetSql, recordSql, resetSql, settingsSql } from "./step_sql.ts";
import type { Timeouts } from "./timeouts.ts";

/** What a script is made of. */
export interface ScriptPlan {
  readonly start: ScriptStart;
  readonly steps: readonly WholeStep[];
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
  const reason = whyNotOne(plan.steps);
  const transaction = reason === null ? "one" : "each";
  const parts = [
    headOf(plan, reason),
    PSQL_SETTINGS,
    READING_SQL,
    runningSql(transaction),
    ...(plan.role === null ? [] : [`set role ${quoteIdentifier(plan.role)};`]),
    guardScriptSql(plan.start, transaction, plan.remedy),
    ...plan.steps.map((step, at) => stepSql(step, plan, transaction, at === plan.steps.length - 1)),
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
function whyNotOne(steps: readonly WholeStep[]): string | null {
  for (const [at, { script, revision }] of steps.entries()) {
    if (!script.directives.transaction) return `${titleOf(revision)} runs outside of a transaction`;
    for (const statement of script.statements) {
      const label = addedEnumValue(statement);
      if (label === null || !steps.slice(at + 1).some((later) => later.script.text.includes(label))) continue;
      return `${
        titleOf(revision)
      } adds the value ${label} to an enum, which can be used only once that is committed`;
    }
  }
  return null;
}

function headOf({ start, steps, command }: ScriptPlan, reason: string | null): string {
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
    `${command}: ${steps.length} revision${steps.length === 1 ? "" : "s"}.`,
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
  const each = transaction === "each";
  const record = step.direction === "up"
    ? recordSql(table, step, "script")
    : forgetSql(table, step.revision.id);
  return [
    ...(each ? ["begin;"] : []),
    ...settingsSql(step, timeouts, "set local").map((sql) => `${sql};`),
    closedLine(file.statements.join("") + file.rest),
    // A commit checks what is deferred; in one transaction the next revision might meet it otherwise.
    ...(!each && !last && deferrable ? [CHECK_DEFERRED_SQL] : []),
    takeBackSql(role),
    `${record.trim()};`,
    ...(each ? ["commit;"] : []),
  ];
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

function takeBackSql(role: string | null): string {
  return `${[...resetSql(role), "deallocate all"].join("; ")}; ${READING_SQL}`;
}

/**
 * Checks what was deferred, as the end of a transaction does, and puts the constraints back to how they begin one. By name: ALL
 * would hold for those too that a later revision makes.
 */
const CHECK_DEFERRED_SQL = `do $mig$
declare
  checked text;
  put_off text;
begin
  select string_agg(name, ', '), string_agg(name, ', ') filter (where deferred) into checked, put_off
    from (select format('%I.%I', n.nspname, c.conname) as name, bool_or(c.condeferred) as deferred
            from pg_catalog.pg_constraint c join pg_catalog.pg_namespace n on n.oid = c.connamespace
           group by 1 having bool_and(c.condeferrable)) as constraints;
  if checked is not null then execute 'set constraints ' || checked || ' immediate'; end if;
  if put_off is not null then execute 'set constraints ' || put_off || ' deferred'; end if;
end $mig$;`;

/** A line of a comment; a message must not get out of it. */
function comment(line: string): string {
  return `-- ${line.replaceAll(/\s+/g, (space) => /[\r\n\f\v\u0085\u2028\u2029]/.test(space) ? " " : space)}`
    .trimEnd();
}

function closedLine(sql: string): string {
  return sql.replace(/\n$/, "");
}

function rows(number: number): string {
  return `${number} row${number === 1 ? "" : "s"}`;
}
