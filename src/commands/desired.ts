/** The schema that is wanted: files, or a database. */

import { resolve } from "node:path";
import type { SchemaSource } from "../engine/schema_source.ts";
import { MigError } from "../error.ts";
import type { SchemaFile } from "../engine/schema_files.ts";
import { FIRST_WORDS } from "../sql/schema_text.ts";
import type { App } from "./app.ts";

/** A schema, and what people call it. */
export interface NamedSource {
  readonly name: string;
  readonly source: SchemaSource;
}

/**
 * The files that a path names, or those of the setting `schema`.
 * @throws {MigError} `file-failed`, `sql-unreadable`; `config-invalid` for the file that runs write
 */
export async function desiredFiles(path: string | undefined, app: App): Promise<NamedSource> {
  const name = path ?? app.schemaPath;
  if (app.dumpFile !== null && resolve(name) === resolve(app.dumpFile)) throw writtenByRuns(name);
  const files = await readFiles(name, app);
  if (files !== null) {
    warnOfDumps(files, app);
    return { name, source: { kind: "files", files } };
  }
  throw new MigError(
    "file-failed",
    `there is no file or folder ${name}, which is to say what the schema is to be`,
    {
      hint: [
        "write it: one SQL file that makes the schema, or a folder of them; `mig schema > schema.sql` begins one",
        ...path === undefined
          ? ['or say where it is: "schema" in mig.json, or `mig new --auto "…" --from FILE`']
          : [],
      ],
    },
  );
}

/** What somebody writes there is gone after the next run. */
function writtenByRuns(path: string): MigError {
  return new MigError(
    "config-invalid",
    `${path} cannot say what the schema is to be: every run writes it anew, as the setting "dump" has it`,
    {
      hint: [
        'let runs write another file: "dump": "structure.sql" in mig.json',
        'or keep the wanted schema elsewhere: "schema": "models.sql"; `mig schema > models.sql` begins it',
      ],
    },
  );
}

/** A dump says what the schema was, and the next one goes over it. It may also be where somebody has begun. */
function warnOfDumps(files: readonly SchemaFile[], app: App): void {
  for (const { path } of files.filter(({ text }) => text.startsWith(FIRST_WORDS))) {
    app.show([
      `warning: ${path} is what \`mig dump\` wrote: whatever the chain has got since then is not in it, and counts as unwanted`,
      "hint: where it is to say what is wanted, delete its first line; no dump goes over it then",
    ]);
  }
}

/** A database: the URL of one, or `database` for that of the settings. */
export async function desiredDatabase(url: string, app: App): Promise<NamedSource> {
  const database = await app.openDatabase(url === "database" ? undefined : url);
  return { name: database.description, source: { kind: "database", database } };
}

async function readFiles(path: string, app: App) {
  try {
    return await app.readSchema(path);
  } catch (error) {
    if (error instanceof MigError && error.code === "file-failed" && error.data.missing === true) return null;
    throw error;
  }
}
