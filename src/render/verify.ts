/** What `mig verify` found, and what it could not look at. */

import type { SchemaData, VerifyData } from "../commands/data.ts";
import { count, duration } from "./layout.ts";
import { problemLines } from "./problems.ts";
import { printable, type Style } from "./style.ts";

/** A finding each, then the sum. */
export function renderVerify(data: VerifyData, style: Style): string {
  const { revisions, problems, remarks, empty, skipped, ms, chosen, shadow } = data;
  if (revisions.length === 0) {
    return chosen === "pending"
      ? "Nothing to verify: every revision is applied already; `mig verify --all` takes the whole chain"
      : "Nothing to verify: there is no revision";
  }
  const proven = revisions.filter(({ result }) => result === "proven").length;
  const irreversible = revisions.filter(({ result }) => result === "irreversible");
  return [
    ...problems.flatMap((problem) => problemLines(problem, style)),
    ...remarks.flatMap((remark) => problemLines(remark, style, "yellow")),
    ...irreversible.length === 0 ? [] : [
      style.dim(
        `irreversible, so only applied: ${irreversible.map(({ id }) => printable(id)).join(", ")}`,
      ),
    ],
    ...empty.map(({ table, reason }) =>
      style.dim(
        `not proven with rows: ${printable(table)}, into which none could be put: ${printable(reason)}`,
      )
    ),
    ...skipped === 0
      ? []
      : [`${count(skipped, "revision")} after the one that cannot be applied not reached`],
    `${
      [
        ...proven > 0
          ? [`${count(proven, "revision")} proven: up, down and up again${exceptRows(empty.length)}`]
          : [],
        ...irreversible.length > 0 ? [`${irreversible.length} irreversible`] : [],
        ...problems.length > 0 ? [count(problems.length, "finding")] : [],
        ...remarks.length > 0 ? [count(remarks.length, "remark")] : [],
      ].join("; ")
    }; ${shadow === "embedded" ? "in the embedded shadow" : "on the shadow's server"}, ${duration(ms)}`,
  ].join("\n");
}

/** What is proven of tables without rows is their schema alone. */
function exceptRows(tables: number): string {
  return tables === 0 ? "" : `, but for what becomes of the rows of ${count(tables, "table")}`;
}

/** The schema as it is: it is meant for a file. */
export function renderSchema({ sql }: SchemaData): string {
  return sql.trimEnd();
}
