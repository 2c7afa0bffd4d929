/** The errors that the embedded database has of its own, and those to which it can add something. */

import { UNAVAILABLE_HINT } from "./extensions.ts";
import { type ErrorFields, queryMessage } from "./protocol.ts";

/** Fails as a cancelled statement does, so that PostgreSQL itself does what belongs to it. */
export const CANCELLED = queryMessage(
  "do $$ begin raise query_canceled using message = 'canceling statement due to user request'; end $$",
);

/** What a second session is told. */
export const TOO_MANY: ErrorFields = {
  S: "FATAL",
  V: "FATAL",
  C: "53300",
  M: "the embedded database has one session at a time",
};

/** What the statement is told in which the instance died. */
export function crashed(cause: unknown): ErrorFields {
  const why = cause instanceof RangeError
    ? "this statement recurses deeper than the embedded database can"
    : "";
  return {
    S: "FATAL",
    V: "FATAL",
    C: "57P02",
    M: why || "the embedded database crashed in this statement",
    H: "what was committed before is kept; try this statement on a server",
  };
}

/** An error with what this database knows better than PostgreSQL. */
export function explained(fields: ErrorFields, cancelled: boolean): ErrorFields {
  if (cancelled) {
    const { W: _where, ...rest } = fields;
    return rest;
  }
  const unavailable = fields.C === FEATURE_NOT_SUPPORTED && fields.F === "extension.c";
  return unavailable ? { ...fields, H: UNAVAILABLE_HINT } : fields;
}

const FEATURE_NOT_SUPPORTED = "0A000";
