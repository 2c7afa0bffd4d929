/** Plans and proves changes both ways, in a database to throw away. */

import { differ } from "../../src/diff/differ.ts";
import { openEmbedded } from "../../src/embedded/database.ts";
import type { Session } from "../../src/engine/database.ts";
import type { Catalog, Difference } from "../../src/engine/difference.ts";
import { remarksOf } from "../../src/engine/difference_text.ts";
import { dumpForProof, type Proof, proveDifference } from "../../src/engine/prove_difference.ts";
import type { SchemaDump } from "../../src/engine/schema_dump.ts";
import { connectOverSocket } from "../../src/postgres/session.ts";
import type { Change, Schema } from "./changes.ts";
import { wipe } from "./wipe.ts";

/** What came of a change in one direction. */
export interface Outcome {
  /** `columns/add, a to b`. */
  readonly name: string;
  /** `listed`: it is said what cannot be expressed, and that is what is known of it. */
  readonly verdict: "proven" | "listed" | "wrong";
  /** All that is known, for whoever has to mend it. */
  readonly story: string;
}

/** Runs changes one after the other, in one instance: a new one for each would take most of the time. */
export async function* runChanges(changes: readonly Change[]): AsyncGenerator<Outcome> {
  const cacheDir = await Deno.makeTempDir({ prefix: "mig-changes-" });
  const database = openEmbedded({ dataDir: null, cacheDir, connectSession: connectOverSocket });
  try {
    await inSession((session) => session.run("create role reader; create role writer"));
    for (const change of changes) {
      const b = await build(change.b);
      const a = await build(change.a);
      yield await judge(`${change.name}, a to b`, a.catalog, b, change.b);
      await inSession((session) => make(session, change.b));
      yield await judge(`${change.name}, b to a`, b.catalog, a, change.a);
    }
  } finally {
    await database.close();
    await Deno.remove(cacheDir, { recursive: true });
  }

  async function inSession<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    await using session = await database.connect();
    return await work(session);
  }

  async function build(schema: Schema) {
    const catalogs = await inSession(async (session) => {
      await make(session, schema);
      const plain = await differ.extractCatalog(session);
      const { renames } = schema;
      return {
        plain,
        catalog: renames.length === 0 ? plain : await differ.extractCatalog(session, { renames }),
      };
    });
    return { ...catalogs, dump: await dumpForProof(database, TABLE) };
  }

  async function judge(
    name: string,
    from: Catalog,
    to: { readonly plain: Catalog; readonly dump: SchemaDump },
    { cannot }: Schema,
  ): Promise<Outcome> {
    const difference = differ.planDifference(from, to.plain);
    const proof = await proveDifference(database, difference, to.dump, TABLE);
    const listed = difference.cannot.map(({ object }) => object.name);
    const isKnown = JSON.stringify(listed) === JSON.stringify(cannot);
    const verdict = !isKnown || proof.failed.length + proof.lost.length > 0
      ? "wrong"
      : proof.proven
      ? "proven"
      : listed.length > 0
      ? "listed"
      : "wrong";
    return { name, verdict, story: story(difference, proof) };
  }
}

/** Mig's own, which is not there. */
const TABLE = "public.mig_version";

/** Makes a schema in the place of what is there, with its rows. */
async function make(session: Session, { sql, rows }: Schema): Promise<void> {
  await wipe(session);
  await session.run(sql);
  if (rows !== "") await session.run(rows);
}

function story({ statements, cannot, candidates }: Difference, proof: Proof): string {
  return [
    ...(proof.failed.length > 0 ? statements : proof.statements).map((statement) =>
      `${statement.sql}; -- ${[statement.segment, ...remarksOf(statement)].join(" ")}`
    ),
    ...cannot.map(({ object, reason }) => `CANNOT ${object.kind} ${object.name}: ${reason}`),
    ...candidates.map(({ kind, from, to, likeness }) => `RENAMED? ${kind} ${from} to ${to} (${likeness})`),
    ...proof.failed.map(({ statement, error }) => `FAILED ${statement.sql}: ${error.message}`),
    ...proof.differs.map(({ object, got, wanted }) =>
      `DIFFERS ${object}\n  got:\n${got}\n  wanted:\n${wanted}`
    ),
    ...proof.lost.map(({ object, what }) => `LOST the ${what} of ${object}`),
  ].join("\n");
}
