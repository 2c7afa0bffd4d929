/** What `--json` prints: one object, a contract with a version number (docs/json.md). */

import type { Data } from "../commands/data.ts";
import { EXIT_CODES, MigError, type SourceLocation } from "../error.ts";

/** The version of the contract. It grows when a field goes or changes its meaning, not when one is added. */
export const JSON_VERSION = 1;

/** The answer of a verb. */
export function renderJson(command: string, data: Data): string {
  // How people see it is nothing to a program.
  const { kind: _kind, view: _view, ...rest } = { view: null, ...data };
  return JSON.stringify({ version: JSON_VERSION, command, ok: true, data: rest }, null, 2);
}

/** The answer of a verb that failed. */
export function renderJsonError(command: string | null, error: MigError): string {
  return JSON.stringify({ version: JSON_VERSION, command, ok: false, error: errorObject(error) }, null, 2);
}

function errorObject(error: MigError): Record<string, unknown> {
  return {
    code: error.code,
    exitCode: EXIT_CODES[error.code],
    message: error.message,
    hints: error.hints,
    locations: error.locations.map(locationObject),
    server: error.server ?? null,
    data: error.data,
    errors: error.errors.map(errorObject),
  };
}

function locationObject({ path, line, column, excerpt, note }: SourceLocation): Record<string, unknown> {
  return {
    path,
    line: line ?? null,
    column: column ?? null,
    excerpt: excerpt ?? null,
    note: note ?? null,
  };
}
