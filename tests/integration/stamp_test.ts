/** What `mig stamp` does to the version table, on a server and on the embedded database alike. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { freshDatabase } from "../support/database.ts";
import { mig } from "../support/mig.ts";
import { idAt, project, type RevisionLiteral } from "../support/project.ts";
import { TARGETS } from "../support/target.ts";

const TABLES: readonly RevisionLiteral[] = [1, 2, 3].map((n) => ({
  message: `table ${n}`,
  up: `create table t${n} (id integer primary key);\n`,
  down: `drop table t${n};\n`,
}));

for (const [kind, make] of Object.entries(TARGETS)) {
  Deno.test(`mig stamp records without running, up goes on from there, and down undoes it (${kind})`, async () => {
    await using target = await make(TABLES);
    await target.execute("create table t1 (id integer primary key)");
    const { code, stderr, stdout } = await target.run("stamp", "+1");
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, 'made the version table "public"."mig_version"');
    assertEquals(await target.applied(), [idAt(0)]);
    assertEquals(
      await target.value(
        "(select concat(up_sql, down_sql, duration_ms, unfinished, statements_done, applied_by = session_user) from mig_version)",
      ),
      `${TABLES[0]!.up}${TABLES[0]!.down}t`,
    );

    assertEquals((await target.run("up")).code, 0);
    assertEquals((await target.run("stamp", idAt(0))).code, 0);
    assertEquals(await target.applied(), [idAt(0)]);
    assertEquals(await target.value("to_regclass('t3') is not null"), "true", "stamping drops no table");

    assertEquals((await target.run("stamp", "head")).code, 0);
    assertEquals((await target.run("down", "base")).code, 0);
    assertEquals(await target.schema(), "");
  });

  Deno.test(`mig stamp base makes the version table and leaves it empty (${kind})`, async () => {
    await using target = await make(TABLES);
    assertEquals((await target.run("stamp", "base", "--dry-run")).code, 0);
    assertEquals(await target.value("to_regclass('mig_version')"), null, "a dry run only reads");
    assertEquals((await target.run("stamp", "base")).code, 0);
    assertEquals(await target.value("(select count(*) from mig_version)"), "0");
    const again = await target.run("stamp", "base");
    assertStringIncludes(again.stdout, "Nothing to record: the database is at base");
  });

  Deno.test(`mig stamp past an interrupted revision says so, and mig up goes on behind it (${kind})`, async () => {
    await using target = await make([
      TABLES[0]!,
      { message: "half", up: "-- mig: no-transaction\ncreate table t2 (id integer);\nselect 1 / 0;\n" },
      TABLES[2]!,
    ]);
    assertEquals((await target.run("up")).code, 1);
    assertEquals((await target.run("up", "--dry-run")).code, 0);
    const { code, stdout, stderr } = await target.run("stamp", idAt(1));
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, "its up was interrupted after 1 statement; now it counts as applied");
    assertStringIncludes((await target.run("history")).stdout, "stamped");
    const up = await target.run("up");
    assertEquals(up.code, 0, up.stderr);
    assertEquals(await target.applied(), [idAt(0), idAt(1), idAt(2)]);
  });
}

Deno.test("mig stamp --purge takes rows that the folder lacks with it, and nothing else does", async () => {
  await using database = await freshDatabase();
  await using files = await project(TABLES);
  const run = (...args: string[]) => mig(args, { cwd: files.folder, env: { DATABASE_URL: database.url } });
  await run("up");
  await Deno.remove(`${files.migrations}/20260101T0002_${idAt(2)}`, { recursive: true });
  const refused = await run("stamp", "base");
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.stderr, "--purge");
  assertEquals((await database.applied()).length, 3);
  const purged = await run("stamp", "+0", "--purge");
  assertEquals(purged.code, 1, "where the database is cannot be told");
  assertEquals((await run("stamp", "head", "--purge")).code, 0);
  assertEquals(await database.applied(), [idAt(0), idAt(1)]);
});

Deno.test("mig stamp changes nothing when the rows change between its look and its transaction", async () => {
  await using database = await freshDatabase();
  await using files = await project(TABLES);
  const run = (...args: string[]) => mig(args, { cwd: files.folder, env: { DATABASE_URL: database.url } });
  await run("up", "+1");
  // As behind a pooler that breaks session locks: somebody without the run lock is at the table.
  const other = database.session();
  await other`begin`;
  await other`lock table mig_version in share row exclusive mode`;
  const late = await run("stamp", "head", "--lock-timeout", "100ms");
  assertEquals([late.code, await database.applied()], [1, [idAt(0)]]);
  const waiting = run("stamp", "head");
  // Other tests wait on the same server, in databases of their own.
  const waits =
    "select count(*) from pg_locks where not granted and relation = 'mig_version'::regclass and " +
    "database = (select oid from pg_database where datname = current_database())";
  while (await database.text(waits) === "0") await pause();
  await other`delete from mig_version`;
  await other`commit`;
  await other.end();
  const refused = await waiting;
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.stderr, "another run has changed the state");
  assertEquals(await database.applied(), []);
});

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

Deno.test("two stamps at once: one waits for the other", async () => {
  await using database = await freshDatabase();
  await using files = await project(TABLES);
  const run = (...args: string[]) => mig(args, { cwd: files.folder, env: { DATABASE_URL: database.url } });
  const results = await Promise.all([run("stamp", "head"), run("stamp", "head"), run("up")]);
  assertEquals(results.map(({ code }) => code).filter((code) => code !== 0).length <= 1, true);
  assertEquals(await database.applied(), [idAt(0), idAt(1), idAt(2)]);
});
