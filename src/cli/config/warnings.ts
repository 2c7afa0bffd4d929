/** What in the settings is odd and stops nothing. */

import type { Secret } from "../../postgres/secret.ts";
import { expand } from "./expand.ts";
import { fromFile, type Sources, VARIABLES } from "./lookup.ts";
import { originText, type Setting } from "./setting.ts";

/** Sentences about settings that may not do what was meant. */
export function warningsFor(
  sources: Sources,
  { environment, database }: {
    readonly environment: Setting<string | null>;
    readonly database: Setting<Secret>;
  },
): readonly string[] {
  return [
    ...notAssigned(sources),
    ...emptyVariables(sources, database),
    ...overruledEnvironment(sources, environment, database),
  ];
}

/** A line of .env that was meant to set one of ours, and has no `=`, sets nothing. */
function notAssigned({ dotenv }: Sources): string[] {
  return (dotenv?.text ?? "").split("\n").flatMap((line, i) =>
    /^\s*(export\s+)?(MIG_\w+|DATABASE_URL|PG[A-Z]+)(\s*$|\s+[^\s=]|:)/.test(line)
      ? [`${dotenv!.path}:${i + 1} sets nothing: write NAME=value`]
      : []
  );
}

/** An empty DATABASE_URL is often a secret that did not arrive, and the next source may be another database. */
function emptyVariables({ env }: Sources, { origin }: Setting<Secret>): string[] {
  // Where nothing else names a database, that is an error, which says what to do.
  if (origin.kind === "flag" || origin.kind === "variable" || origin.kind === "default") return [];
  return VARIABLES.database.filter((name) => env[name] === "")
    .map((name) => `${name} is set but empty, and counts as unset`);
}

/** Whoever names an environment may not know that a variable wins over its database. */
function overruledEnvironment(
  { file, env }: Sources,
  { value: name }: Setting<string | null>,
  { value: url, origin }: Setting<Secret>,
): string[] {
  if (name === null || origin.kind !== "variable") return [];
  const own = fromFile(file, ["environments", name, "database"]);
  if (own === undefined) return [];
  const filled = expand(own.value, env);
  if ("value" in filled && filled.value === url.reveal()) return [];
  return [
    `${originText(origin)} wins over the database of environment "${name}" (${originText(own.origin)})`,
  ];
}
