/** What failed in the shadow, told so that nobody looks for it in a database. */

import { MigError } from "../../error.ts";
import type { Database } from "../database.ts";
import { adviceFor } from "../advice.ts";

/** An error of a replay: nothing was done to any database of the user's. */
export function replayFailure(error: MigError, kind: Database["kind"]): MigError {
  const { server } = error;
  return new MigError(error.code, error.message.replace(/^cannot (apply|undo)/, "in the shadow: cannot $1"), {
    locations: error.locations,
    server,
    cause: error.cause,
    errors: error.errors,
    data: { revision: error.data.revision, direction: error.data.direction },
    hint: server === undefined
      ? error.errors.length > 0 || error.code === "interrupted" ? error.hints.slice(0, 0) : error.hints
      : [
        ...adviceFor(server).filter((line) => !line.includes("mig drift")),
        ...missing(server.sqlstate, server.message, kind),
      ],
  });
}

/** What a chain takes for granted that an empty database does not have. */
function missing(sqlstate: string, message: string, kind: Database["kind"]): string[] {
  const [, role] = sqlstate === UNDEFINED_OBJECT ? /^role "(.*)" does not exist$/.exec(message) ?? [] : [];
  if (role !== undefined) {
    return [
      `the shadow begins empty, without the roles of your server: put \`create role "${role}";\` into a file, and name that in \
mig.json: "shadow_setup": "shadow.sql"`,
    ];
  }
  if (kind === "embedded" && sqlstate === FEATURE_NOT_SUPPORTED && message.includes("extension")) {
    return ["the shadow can be a scratch database on a server that has it: --shadow-url postgres://…"];
  }
  return ["nothing was done to any database but the shadow"];
}

const UNDEFINED_OBJECT = "42704", FEATURE_NOT_SUPPORTED = "0A000";
