/**
 * Rebuilds the schemas of the whole corpus from servers of every version in the embedded database, as `mig drift` does, and tells
 * what differs from the same SQL run there: none of it may be a phantom.
 *
 *     deno task rebuilds               both sides of every case, on PostgreSQL 14 to 18: about a quarter of an hour
 *
 *     --versions 14,16                 some versions alone
 *     --only columns/,grants           the cases whose name begins so
 *     --verbose                        also what a version does not know
 *
 * A version may not know the SQL of a case; that is counted. It exits with 1 for a phantom.
 */

import { parseArgs } from "@std/cli/parse-args";
import { VERSIONS } from "../tests/support/binaries.ts";
import { readChanges } from "../tests/support/changes.ts";
import { rebuildAll } from "../tests/support/rebuilds.ts";
import { TestServer } from "../tests/support/server.ts";

if (import.meta.main) Deno.exit(await main(Deno.args));

async function main(args: readonly string[]): Promise<number> {
  const flags = parseArgs([...args], { string: ["versions", "only"], boolean: ["verbose"] });
  const versions = flags.versions?.split(",").map(Number) ?? Object.keys(VERSIONS).map(Number);
  const beginnings: readonly string[] = flags.only?.split(",") ?? [""];
  const schemas = (await readChanges())
    .filter(({ name }) => beginnings.some((beginning) => name.startsWith(beginning)))
    .flatMap(({ name, a, b }) => [{ name: `${name} a`, sql: a.sql }, { name: `${name} b`, sql: b.sql }]);
  let phantoms = 0;
  for (const major of versions) {
    await using server = await TestServer.start({ major });
    const counts = { equal: 0, differs: 0, unsupported: 0 };
    for await (const { name, verdict, story } of rebuildAll(server.url(), schemas)) {
      counts[verdict]++;
      if (verdict === "differs" || (flags.verbose && verdict === "unsupported")) {
        console.log(`PostgreSQL ${major}, ${name}: ${story}`);
      }
    }
    console.log(
      `PostgreSQL ${major}: ${counts.equal} of ${schemas.length} schemas rebuilt as they are, \
${counts.unsupported} not known to it, ${counts.differs} with a phantom`,
    );
    phantoms += counts.differs;
  }
  return phantoms === 0 ? 0 : 1;
}
