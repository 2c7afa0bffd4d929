/** pg_dump, compiled to WebAssembly, over a running PGlite. */

import type { PGlite } from "@electric-sql/pglite";
import { MigError } from "../error.ts";
import { compilingOnce } from "./compiling_once.ts";

/**
 * Runs pg_dump. It leaves an open transaction, other settings and prepared statements behind.
 *
 * @param args of its command line; the output's file is added
 * @throws {MigError} `program-failed`, with what pg_dump said
 */
export async function runPgDump(pglite: PGlite, args: readonly string[]): Promise<string> {
  const { pgDump } = await import("@electric-sql/pglite-tools/pg_dump");
  // What it asks and sets beside pg_dump itself is undone by a reset anyway.
  const bare = {
    query: () => Promise.resolve({ rows: [{ search_path: "" }] }),
    exec: () => Promise.resolve([]),
    execProtocolRawStream: pglite.execProtocolRawStream.bind(pglite),
  } as unknown as PGlite;
  try {
    const dumped = await compilingOnce(() => pgDump({ pg: bare, args: [...args] }));
    return await dumped.text();
  } catch (cause) {
    const said = /pg_dump: error: ([^]*)/.exec((cause as Error).message)?.[1] ?? (cause as Error).message;
    throw new MigError("program-failed", `pg_dump failed: ${said.trim()}`, { cause });
  }
}
