/** Tells a version table of mig from whatever else has its name, or does something to what is written into it. */

import { MigError } from "../error.ts";
import type { TextRow } from "./database.ts";

/** @throws {MigError} `version-table-invalid` where it cannot be relied on */
export function refuseForeignTable(found: TextRow, written: string): void {
  const columns = new Set(JSON.parse(found.columns ?? "[]") as string[]);
  const missing = COLUMNS.filter((column) => !columns.has(column));
  if (found.kind === "r" && missing.length === 0) return refuseTampering(found, written);
  throw new MigError(
    "version-table-invalid",
    found.kind === "r"
      ? `the table ${written} is not a version table of mig: it has no column "${missing[0]}"`
      : `${written} is not a table`,
    {
      hint: 'choose another name with --table or "table" in mig.json, e.g. "mig.version"',
      data: { missing },
    },
  );
}

/** What would change or hide what is written, and so have revisions run twice. */
function refuseTampering(found: TextRow, written: string): void {
  const what = found.has_rules === "t"
    ? "has rules"
    : found.has_triggers === "t"
    ? "has BEFORE triggers"
    : found.hides_rows === "t"
    ? "hides rows by row security"
    : null;
  if (what === null) return;
  throw new MigError(
    "version-table-invalid",
    `the version table ${written} ${what}, so it cannot be relied on`,
    {
      hint: what.startsWith("hides")
        ? `connect as its owner, or switch it off: alter table ${written} disable row level security`
        : `drop them; to be told of changes, an AFTER trigger will do`,
    },
  );
}

const COLUMNS = [
  "id",
  "seq",
  "parents",
  "depends_on",
  "labels",
  "message",
  "up_sql",
  "down_sql",
  "checksum",
  "applied_at",
  "applied_by",
  "duration_ms",
  "unfinished",
  "statements_done",
];
