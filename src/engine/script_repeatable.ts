/** The repeatable scripts in a script for psql, which come after its revisions. */

import { psqlText } from "../sql/psql_text.ts";
import type { PreparedRepeatable } from "./repeatable_scripts.ts";
import { recordRepeatableSql, repeatableTableName, repeatableTableStatements } from "./repeatable_table.ts";
import type { ScriptPlan } from "./script.ts";
import type { ScriptTransaction } from "./script_guard.ts";
import { bracketed, CHECK_DEFERRED_SQL, closedLine, comment, takeBackSql } from "./script_text.ts";
import { settingsSql } from "./step_sql.ts";

/** Makes the table of the scripts where it is missing. */
export function repeatableTableSql({ start: { table } }: ScriptPlan, transaction: ScriptTransaction): string {
  const own = { qualified: repeatableTableName(table), exists: false };
  const lines = repeatableTableStatements(own).map((sql) => `${sql};`);
  // It may be there, which is worth no notice.
  const quiet = ["set local client_min_messages = warning;", ...lines, "reset client_min_messages;"];
  return ["", ...bracketed(quiet, transaction)].join("\n");
}

/** Applies a script and records it. Whether it is due is not looked at: none minds being applied again. */
export function repeatableSql(
  { file, script, made }: PreparedRepeatable,
  { start: { table }, timeouts, role, deferrable }: ScriptPlan,
  transaction: ScriptTransaction,
  last: boolean,
): string {
  const own = { qualified: repeatableTableName(table), exists: true };
  const text = psqlText(script);
  const body = closedLine(text.statements.join("") + text.rest);
  const settings = (set: "set" | "set local") =>
    settingsSql({ script }, timeouts, set).map((sql) => `${sql};`);
  const record = `${recordRepeatableSql(own, table, file, made, "null")};`;
  const lines = script.directives.transaction
    ? bracketed(
      [
        ...settings("set local"),
        body,
        ...(transaction === "one" && !last && deferrable ? [CHECK_DEFERRED_SQL] : []),
        takeBackSql(role),
        record,
      ],
      transaction,
    )
    : [...settings("set"), body, takeBackSql(role), record];
  return [
    "",
    comment("-".repeat(90)),
    comment(`repeatable ${file.path}`),
    comment("-".repeat(90)),
    `\\echo repeatable ${file.name.replaceAll(/[^\w./-]/g, "?")}`,
    ...lines,
  ].join("\n");
}
