/** `mig dump`: the schema as a file that reviews can read. */

import { MigError } from "../error.ts";
import type { Database } from "../engine/database.ts";
import { dumpSchema } from "../engine/dump_schema.ts";
import { FIRST_WORDS } from "../sql/schema_text.ts";
import type { App } from "./app.ts";
import type { Command, FlagSpec, Input } from "./command.ts";
import type { DumpData, SavedDump } from "./data.ts";

export const dump: Command<DumpData> = {
  spec: {
    name: "dump",
    operands: "",
    arity: [0, 0],
    about: [
      "Writes the schema of the database as SQL that is the same for the same schema: no data, no owners, no word of versions, and \
without mig's own tables. Grants are in it; subscriptions and user mappings are not, for they hold passwords. It only reads.",
      '"dump": "schema.sql" in mig.json has each run that changed something write it there, so that a review sees what a revision does.',
      "A server is read by pg_dump, which must be on the PATH and no older than the server; mig carries one for the embedded database.",
    ],
    flags: [{
      name: "output",
      short: "o",
      value: "FILE",
      summary: "Where it is written to (standard output)",
    }],
    examples: [
      { command: "mig dump", does: "print the schema" },
      { command: "mig dump -o schema.sql", does: "write it to a file" },
    ],
  },
  missingDatabase: "refuse",
  async run(input, app) {
    const database = await app.openDatabase();
    const { text, program } = await dumpSchema(database, app.table);
    const { output } = input.values;
    // A file of somebody's own is not to be lost.
    const changed = output === undefined ? null : app.saveText(output, text, FIRST_WORDS);
    return {
      kind: "dump",
      database: database.description,
      program,
      output: output ?? null,
      changed,
      schema: output === undefined ? text : null,
    };
  },
};

/** The switch that leaves the schema file alone. */
export const NO_DUMP: FlagSpec = { name: "no-dump", summary: "Do not write the schema file of mig.json" };

/**
 * Writes the schema file after a run that changed something. What goes wrong is told and not thrown: the run has succeeded.
 *
 * @returns null where none is wanted
 */
export async function dumpAfterRun(
  database: Database,
  input: Input,
  app: Pick<App, "dumpFile" | "table" | "saveText" | "show">,
): Promise<SavedDump | null> {
  const { dumpFile: path } = app;
  if (path === null || input.switches.has("no-dump")) return null;
  try {
    const { text } = await dumpSchema(database, app.table);
    return { path, changed: app.saveText(path, text, FIRST_WORDS), problem: null };
  } catch (error) {
    // Whatever it is, it must not look as if the run had failed.
    const problem = error instanceof Error ? error.message : String(error);
    app.show([
      `warning: the run succeeded, but ${path} was not written: ${problem}`,
      ...(error instanceof MigError ? error.hints : []).map((hint) => `hint: ${hint}`),
      `hint: then write it with: mig dump --output ${path}`,
    ]);
    return { path, changed: null, problem };
  }
}
