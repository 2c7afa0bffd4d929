/** What the driver throws, as the server's own report. */

import type { ServerReport } from "../error.ts";
import { type Notice, QueryError } from "../engine/database.ts";

/**
 * The error of one message.
 *
 * @param error what postgres.js rejected the query with
 * @param lastWords the last bytes that the server sent; they say why it closed the connection
 * @param notices what came before the error and was not handed out yet
 */
export function queryErrorOf(
  error: unknown,
  lastWords: Uint8Array,
  notices: readonly Notice[] = [],
): QueryError {
  if (error instanceof QueryError) return error;
  const fields = error as Record<string, string | undefined>;
  if (fields.severity !== undefined && fields.code !== undefined) {
    const position = Number(fields.position ?? NaN);
    return new QueryError(
      reportOf(fields),
      Number.isNaN(position) ? null : position,
      { cause: error },
      notices,
    );
  }
  return new QueryError(fatalReportIn(lastWords), null, { cause: error }, notices);
}

/** The fields of an ErrorResponse or NoticeResponse under the names which postgres.js gives them. */
export function reportOf(fields: Readonly<Record<string, string | undefined>>): ServerReport {
  return {
    sqlstate: fields.code ?? "",
    // The unlocalized one, which every supported server sends.
    severity: fields.severity ?? fields.severity_local ?? "",
    message: fields.message ?? "",
    detail: fields.detail,
    hint: fields.hint,
    where: fields.where,
    schema: fields.schema_name,
    table: fields.table_name,
    column: fields.column_name,
    constraint: fields.constraint_name,
  };
}

/** Finds the FATAL or PANIC ErrorResponse with which the server took its leave, if there is one. */
export function fatalReportIn(bytes: Uint8Array): ServerReport | null {
  const text = Buffer.from(bytes).toString("utf8");
  // A pooler sends no V, and its S is in no other language.
  const at = Math.max(
    ...["VFATAL\0", "VPANIC\0", ...(/V(FATAL|PANIC)\0/.test(text) ? [] : ["SFATAL\0"])]
      .map((severity) => text.lastIndexOf(severity)),
  );
  if (at < 0) return null;
  const fields: Record<string, string> = {};
  for (const field of text.slice(at).split("\0")) {
    if (field === "") break;
    const name = FIELD_NAMES[field[0]!];
    if (name !== undefined) fields[name] = field.slice(1);
  }
  return reportOf(fields);
}

/** Manual, "Error and Notice Message Fields". */
const FIELD_NAMES: Readonly<Record<string, string>> = {
  S: "severity_local",
  V: "severity",
  C: "code",
  M: "message",
  D: "detail",
  H: "hint",
};
