/** What failed in the shadow, told so that nobody looks for it in a database. */

import { MigError, type ServerReport } from "../../error.ts";
import type { Database } from "../database.ts";
import { adviceFor } from "../advice.ts";
import { DRAFT_ID } from "../draft/draft_texts.ts";
import { clashHints, otherBranches, type Placed } from "./other_branches.ts";

/**
 * An error of a replay: nothing was done to any database of the user's.
 * @param replayed the revisions that were, in their order, and those that were to be
 */
export function replayFailure(
  error: MigError,
  kind: Database["kind"],
  replayed: readonly Placed[],
): MigError {
  const { server } = error;
  const missing = server === undefined ? [] : missingHints(server, kind);
  const message = error.message.replace(/^cannot (apply|undo)/, "in the shadow: cannot $1")
    .replace(`revision ${DRAFT_ID} `, "the new revision ");
  return new MigError(error.code, message, {
    locations: error.locations,
    server,
    cause: error.cause,
    errors: error.errors,
    data: { revision: error.data.revision, direction: error.data.direction },
    hint: server === undefined
      ? error.errors.length > 0 || error.code === "interrupted" ? error.hints.slice(0, 0) : error.hints
      : [
        ...clash(error, replayed) ?? adviceInShadow(server),
        ...missing.length > 0 ? missing : ["nothing was done to any database but the shadow"],
      ],
  });
}

/** What stands in the way may come from a branch that the revision does not follow; null where none was replayed. */
function clash({ server, data }: MigError, replayed: readonly Placed[]): string[] | null {
  const mayBe = IS_THERE.has(server!.sqlstate) || IS_GONE.has(server!.sqlstate);
  if (!mayBe || data.direction !== "up" || ROLE_MISSING.test(server!.message)) return null;
  const id = String(data.revision);
  const others = otherBranches(id, replayed);
  return others.length === 0 ? null : clashHints(id, others);
}

/** Nobody has changed the shadow by hand. */
function adviceInShadow(server: ServerReport): string[] {
  return IS_THERE.has(server.sqlstate)
    ? ["it is there already: an earlier revision has made it, or the shadow's setup"]
    : adviceFor(server);
}

/** duplicate_table, duplicate_column, duplicate_object, duplicate_function, duplicate_schema. */
const IS_THERE: ReadonlySet<string> = new Set(["42P07", "42701", "42710", "42723", "42P06"]);

/** undefined_table, undefined_column, undefined_object, undefined_function, invalid_schema_name, dependent_objects_still_exist. */
const IS_GONE: ReadonlySet<string> = new Set(["42P01", "42703", "42704", "42883", "3F000", "2BP01"]);

/** What to do about something that is taken for granted and that an empty database does not have; none for anything else. */
export function missingHints({ sqlstate, message }: ServerReport, kind: Database["kind"]): string[] {
  const [, role] = sqlstate === UNDEFINED_OBJECT ? ROLE_MISSING.exec(message) ?? [] : [];
  if (role !== undefined) {
    return [
      `the shadow begins empty, without the roles of your server: put \`create role "${role}";\` into a file, and name that in \
mig.json: "shadow_setup": "shadow.sql"`,
    ];
  }
  return kind === "embedded" && sqlstate === FEATURE_NOT_SUPPORTED && message.includes("extension")
    ? ["the shadow can be a scratch database on a server that has it: --shadow-url postgres://…"]
    : [];
}

const ROLE_MISSING = /^role "(.*)" does not exist$/;

const UNDEFINED_OBJECT = "42704", FEATURE_NOT_SUPPORTED = "0A000";
