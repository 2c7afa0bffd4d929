/** Rebuilds databases of servers in the embedded one, and tells what differs from the same SQL run there. */

import { differ } from "../../src/diff/differ.ts";
import { openEmbedded } from "../../src/embedded/database.ts";
import type { Session } from "../../src/engine/database.ts";
import type { Catalog } from "../../src/engine/difference.ts";
import { tryStatements } from "../../src/engine/try_statements.ts";
import { connectOverSocket } from "../../src/postgres/session.ts";
import { openPostgres } from "../../src/postgres/database.ts";
import { parseDatabaseUrl } from "../../src/postgres/url.ts";
import { systemSurroundings } from "../../src/postgres/surroundings.ts";
import { wipe } from "./wipe.ts";

/** A schema, and what came of it. */
export interface Rebuild {
  readonly name: string;
  /** `equal`: no phantom; `unsupported`: the server's version does not know its SQL. */
  readonly verdict: "equal" | "differs" | "unsupported";
  readonly story: string;
}

/** Makes each schema on the server and in the embedded database, and compares them by way of a rebuild. */
export async function* rebuildAll(
  url: string,
  schemas: readonly { readonly name: string; readonly sql: string }[],
): AsyncGenerator<Rebuild> {
  const cacheDir = await Deno.makeTempDir({ prefix: "mig-rebuild-" });
  const embedded = openEmbedded({ dataDir: null, cacheDir, connectSession: connectOverSocket });
  const server = openPostgres(parseDatabaseUrl(url, systemSurroundings({})), () => {});
  try {
    await using live = await server.connect();
    await using shadow = await embedded.connect();
    for (const session of [live, shadow]) await session.run("create role reader; create role writer");
    await wipe(shadow);
    const empty = await differ.extractCatalog(shadow);
    for (const { name, sql } of schemas) {
      yield {
        name,
        ...await rebuild(live, shadow, empty, sql).catch((error: Error) => ({
          verdict: "differs" as const,
          story: `ERROR ${error.message}`,
        })),
      };
    }
  } finally {
    await embedded.close();
    await Deno.remove(cacheDir, { recursive: true });
  }
}

async function rebuild(
  live: Session,
  shadow: Session,
  empty: Catalog,
  sql: string,
): Promise<Omit<Rebuild, "name">> {
  await wipe(live);
  try {
    await live.run(sql);
  } catch (error) {
    return { verdict: "unsupported", story: (error as Error).message };
  }
  const catalog = await differ.extractCatalog(live);
  await wipe(shadow);
  const { statements, cannot } = differ.planDifference(empty, catalog);
  const { failed } = await tryStatements(shadow, statements);
  const rebuilt = await differ.extractCatalog(shadow, { versionNumber: catalog.versionNumber });
  await wipe(shadow);
  await shadow.run(sql);
  const original = await differ.extractCatalog(shadow);
  const phantoms = differ.planDifference(original, rebuilt);
  const story = [
    ...cannot.map(({ object, reason }) => `CANNOT ${object.name}: ${reason}`),
    ...failed.map(({ statement, error }) => `FAILED ${statement.sql}: ${error.message}`),
    ...phantoms.statements.map(({ sql }) => `PHANTOM ${sql}`),
  ];
  return { verdict: story.length === 0 ? "equal" : "differs", story: story.join("\n") };
}
