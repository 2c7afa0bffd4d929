/** Deno lets mig do only what it was started with leave for. What is refused for want of it is no bug, and no other's fault. */

import { MigError } from "../error.ts";

/**
 * The error as it is; or, where a permission of Deno is at its bottom, one that says so: the hints of the place where it was
 * noticed would send the user elsewhere.
 */
export function explainDenial(error: unknown): unknown {
  const denial = denialIn(error);
  if (denial === null) return error;
  if (error instanceof MigError) {
    return new MigError(error.code, error.message, { ...error, hint: HINT, cause: error.cause });
  }
  return new MigError("usage", `Deno does not permit it: ${denial.message}`, { cause: error, hint: HINT });
}

/** The environment; an empty one where it may not be read, so that there is a console on which to say so. */
export function permittedEnv(env: Environment): Environment {
  try {
    void env.TERM;
    return env;
  } catch (error) {
    if (denialIn(error) === null) throw error;
    return {};
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Deno's own error, whatever it was wrapped in. */
function denialIn(error: unknown): Error | null {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if (inner.name === "NotCapable") return inner;
  }
  return null;
}

const HINT =
  'start mig by `deno task mig`, or with the permissions that the README lists under "Permissions"';
