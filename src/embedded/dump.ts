/** The schema of the embedded database as SQL, by a pg_dump that mig carries: none has to be installed. */

import type { Dump, DumpOptions } from "../engine/database.ts";
import { schemaArguments } from "../engine/dump_arguments.ts";
import type { Keeper } from "./keeper.ts";

/**
 * Dumps the schema, as `Database.dumpSchema` says. Waits for the session to be closed that has the database.
 *
 * @throws {MigError} `program-failed`, and what `Keeper.take` throws
 */
export async function dumpEmbedded(keeper: Keeper, options: DumpOptions): Promise<Dump> {
  const instance = await keeper.take();
  try {
    const text = await instance.dump(schemaArguments(options));
    const version = /^-- Dumped by pg_dump version (\S+)/m.exec(text)?.[1] ?? "";
    return { text, program: `pg_dump ${version}`.trimEnd() };
  } finally {
    await keeper.giveBack(instance);
  }
}
