/** What `mig restore` says where the database does not help either: elsewhere an error would name `mig restore` itself. */

import { MigError } from "../error.ts";
import { gitLogOf } from "../revision/drift_hints.ts";

/** Does something, and turns the errors whose hints lead back here, or to what a broken chain does not give. */
export function withoutDeadEnds<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof MigError ? turned(error) : error;
  }
}

/** The error for a folder without meta.json of which the database knows nothing. */
export function noMetadata(path: string): MigError {
  return new MigError(
    "metadata-invalid",
    `the folder "${path}" has no meta.json, and nothing tells which revision of the database it is`,
    {
      locations: [{ path }],
      hint: [
        "restore it from git, or move its SQL files away for now: `mig restore` then makes the folder anew",
        "or, if this is not a revision, let the folder's name begin with `_`",
      ],
    },
  );
}

function turned(error: MigError): MigError {
  const { code, message, locations, data } = error;
  const errors = error.errors.map(turned);
  if (errors.length > 0) return new MigError(code, message, { locations, data, errors });
  if (code === "parent-missing") {
    const log = gitLogOf(String(data.missing));
    return new MigError(code, `${message}, nor in the database`, {
      locations,
      data,
      hint: `get its folder from its git branch${log === null ? "" : ` (\`${log}\`)`}, or correct this file`,
    });
  }
  if (code === "revision-unknown") {
    return new MigError(code, `${message}, neither here nor in the database`, {
      locations,
      data,
      hint: "`mig restore` without a name writes all that this folder lacks of what is applied",
    });
  }
  return error;
}
