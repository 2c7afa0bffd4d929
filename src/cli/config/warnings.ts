/** What in the settings is odd and stops nothing. */

import { sep } from "node:path";
import type { Secret } from "../../postgres/secret.ts";
import { expand } from "./expand.ts";
import { fromFile, type Sources, VARIABLES } from "./lookup.ts";
import { originText, type Setting } from "./setting.ts";

/** Sentences about settings that may not do what was meant. */
export function warningsFor(
  sources: Sources,
  settings:
    & {
      readonly environment: Setting<string | null>;
      readonly database: Setting<Secret>;
      readonly migrations: Setting<readonly string[]>;
    }
    & Readonly<Record<"templates" | "schema", Setting<string>>>
    & Readonly<Record<"repeatable" | "dump" | "shadowSetup", Setting<string | null | undefined>>>,
  separator = sep,
): readonly string[] {
  const { environment, database } = settings;
  return [
    ...notAssigned(sources),
    ...emptyVariables(sources, database),
    ...overruledEnvironment(sources, environment, database),
    ...(separator === "/" ? windowsPaths(settings) : []),
  ];
}

/** What was written on Windows is one strange name elsewhere, under which mig would find nothing, or make a file. */
function windowsPaths(
  settings: Omit<Parameters<typeof warningsFor>[1], "environment" | "database">,
): string[] {
  const { migrations, templates, repeatable, dump, schema, shadowSetup } = settings;
  return [migrations, templates, repeatable, dump, schema, shadowSetup].flatMap(({ value, origin }) =>
    [value ?? []].flat().filter((path) => origin.kind !== "default" && path.includes("\\")).map((path) =>
      `${originText(origin)} has "${path}", and only Windows separates folders so: write "${
        path.replaceAll("\\", "/")
      }", which holds everywhere`
    )
  );
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
