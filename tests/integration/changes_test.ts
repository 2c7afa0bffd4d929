/** The corpus of changes: each is planned both ways, and proven or listed as what cannot be expressed. */

import { assert, assertEquals } from "@std/assert";
import { differ } from "../../src/diff/differ.ts";
import { openEmbedded } from "../../src/embedded/database.ts";
import type { Catalog, Difference } from "../../src/engine/difference.ts";
import { dumpForProof, type Proof, proveDifference } from "../../src/engine/prove_difference.ts";
import type { SchemaDump } from "../../src/engine/schema_dump.ts";
import { connectOverSocket } from "../../src/postgres/session.ts";
import { readChanges, type Schema } from "../support/changes.ts";
import { wipe } from "../support/wipe.ts";

const VERBOSE = Deno.env.get("MIG_CHANGES") ?? "";

Deno.test("every change of the corpus is proven both ways, or listed", async () => {
  const cacheDir = await Deno.makeTempDir({ prefix: "mig-changes-" });
  const database = openEmbedded({ dataDir: null, cacheDir, connectSession: connectOverSocket });
  const outcomes: string[] = [];
  const wrong: string[] = [];
  try {
    await inSession("create role reader; create role writer");
    for (const change of await readChanges()) {
      if (VERBOSE !== "" && !change.name.includes(VERBOSE)) continue;
      const target = await build(change.b);
      const a = await build(change.a);
      await step(`${change.name}, a to b`, a.catalog, target, change.b.cannot);
      const b = await build(change.b);
      await step(`${change.name}, b to a`, b.catalog, a, change.a.cannot);
    }
  } finally {
    await database.close();
    await Deno.remove(cacheDir, { recursive: true });
  }
  console.log(outcomes.join("\n"));
  assertEquals(wrong.join("\n"), "");
  assert(outcomes.length > 0);

  async function inSession<Result>(work: string | ((session: Awaited<ReturnType<typeof database.connect>>) => Promise<Result>)) {
    await using session = await database.connect();
    return typeof work === "string" ? await session.run(work) as Result : await work(session);
  }

  /** Makes a schema, and leaves it there with its rows. */
  async function build(schema: Schema) {
    const catalogs = await inSession(async (session) => {
      await wipe(session);
      await session.run(schema.sql);
      if (schema.rows !== "") await session.run(schema.rows);
      const plain = await differ.extractCatalog(session);
      return { plain, catalog: schema.renames.length === 0 ? plain : await differ.extractCatalog(session, schema.renames) };
    });
    return { ...catalogs, dump: await dumpForProof(database) };
  }

  async function step(
    name: string,
    from: Catalog,
    to: { readonly plain: Catalog; readonly dump: SchemaDump },
    cannot: readonly string[],
  ) {
    const difference = differ.planDifference(from, to.plain);
    const proof = await proveDifference(database, difference, to.dump);
    const listed = difference.cannot.map(({ object }) => object.name);
    const outcome = proof.proven ? "proven" : listed.length > 0 && proof.failed.length === 0 ? "listed" : "WRONG";
    outcomes.push(`${outcome.padEnd(8)} ${name}`);
    if (VERBOSE !== "") console.log(`\n===== ${name}\n${story(difference, proof)}`);
    if (outcome === "WRONG" || JSON.stringify(listed) !== JSON.stringify(cannot)) {
      wrong.push(`\n===== ${name}: ${outcome}\n${story(difference, proof)}`);
    }
  }
});

/** All that is known of a case, for whoever has to mend it. */
function story({ statements, cannot, candidates }: Difference, proof: Proof): string {
  return [
    ...(proof.failed.length > 0 ? statements : proof.statements).map(({ sql, segment, loss }) =>
      `${sql}; -- ${segment}${loss === null ? "" : ` loses ${loss}`}`
    ),
    ...cannot.map(({ object, reason }) => `CANNOT ${object.kind} ${object.name}: ${reason}`),
    ...candidates.map(({ kind, from, to, likeness }) => `RENAMED? ${kind} ${from} to ${to} (${likeness})`),
    ...proof.failed.map(({ statement, error }) => `FAILED ${statement.sql}: ${error.message}`),
    ...proof.differs.map(({ object, got, wanted }) => `DIFFERS ${object}\n  got:\n${got}\n  wanted:\n${wanted}`),
    ...proof.lost.map(({ object, what }) => `LOST the ${what} of ${object}`),
  ].join("\n");
}
