/** The schema file: the same text for the same schema, whoever keeps it, and never in the way of a run. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { freshDatabase, TestDatabase } from "../support/database.ts";
import { MANY_KINDS } from "../support/many_kinds.ts";
import { mig } from "../support/mig.ts";
import { project, type RevisionLiteral, type TestProject } from "../support/project.ts";
import { clientMajor } from "../support/psql.ts";
import { faultsOf } from "../support/schemas.ts";
import { TestServer } from "../support/server.ts";

/** What all versions from 14 on describe in the same words, and in the order in which each of them dumps it. */
const SCHEMA: readonly RevisionLiteral[] = [{
  message: "everything",
  up: `create extension if not exists pg_trgm;
${MANY_KINDS}comment on table users is 'people; größe 👍';
create schema app;
create table app.settings (name text primary key);
grant select on users to public;
insert into users (email) values ('a@b');
`,
  down: null,
}];

const MAJOR = clientMajor("pg_dump");
const PG_DUMP = MAJOR !== null && MAJOR >= 14;

async function dumped(files: TestProject, url?: string): Promise<string> {
  const env: Record<string, string> = url === undefined ? {} : { DATABASE_URL: url };
  for (const args of [["up"], ["dump", "--json"]]) {
    const { code, stdout, stderr } = await mig(args, { cwd: files.folder, env });
    assertEquals(code, 0, stderr);
    if (args[0] !== "dump") continue;
    assertEquals(faultsOf("dump", JSON.parse(stdout)), []);
    return JSON.parse(stdout).data.schema;
  }
  throw new Error("unreachable");
}

Deno.test("the embedded database and servers of other versions give the same text", async (test) => {
  await using files = await project(SCHEMA);
  const embedded = await dumped(files);
  for (const major of [14, 15, 16, 17, 18]) {
    if (!PG_DUMP || major > MAJOR!) continue;
    await test.step(`PostgreSQL ${major}`, async () => {
      await using server = await TestServer.start({ major });
      assertEquals(await dumped(files, server.url()), embedded);
    });
  }
  await test.step("it holds the schema, and nothing of versions, owners, data or mig", () => {
    for (
      const part of ["CREATE TABLE public.users", "GRANT SELECT ON TABLE public.users TO PUBLIC", "größe 👍"]
    ) {
      assertStringIncludes(embedded, part);
    }
    assertEquals(
      /Dumped|restrict|OWNER|mig_version|a@b|^COPY|^INSERT|_timeout/m.test(embedded),
      false,
      embedded,
    );
  });
  await test.step("it makes the same schema", async () => {
    await using copy = await project([{ up: embedded, down: null }]);
    assertEquals(await dumped(copy), embedded);
  });
});

Deno.test("each run that changes something writes the schema file, and only what has changed", async () => {
  await using files = await project(TABLES);
  await files.write("mig.json", JSON.stringify({ dump: "db/schema.sql", repeatable: "repeatable" }));
  await files.write("repeatable/.keep", "");
  const run = (...args: string[]) => mig(args, { cwd: files.folder });
  const schema = () => Deno.readTextFile(`${files.folder}/db/schema.sql`).catch(() => null);
  await run("up", "--dry-run");
  await run("up", "+1", "--no-dump");
  assertEquals(await schema(), null);
  const down = await run("down", "base");
  assertMatch(down.stdout, /^Wrote db.schema\.sql$/m);
  assertEquals((await schema())!.includes("CREATE TABLE"), false);
  const up = await run("up");
  assertMatch(up.stdout, /^Applied 2 revisions: .*\nWrote db.schema\.sql$/m);
  assertStringIncludes((await schema())!, "CREATE TABLE public.two (");
  assertEquals((await schema())!.includes("mig_version"), false);
  await Deno.writeTextFile(`${files.folder}/db/schema.sql`, "by hand");
  assertMatch((await run("up")).stdout, /^Nothing to do/);
  assertEquals(await schema(), "by hand", "nothing ran");
  // Somebody's own file, such as the one for `mig new --auto`, is not lost; what mig wrote and somebody edited is written anew.
  const kept = await run("redo", "--json");
  assertEquals(kept.code, 0);
  const problem = '"db/schema.sql" is a file that mig did not write; it stays as it is';
  assertEquals(JSON.parse(kept.stdout).data.dump, { path: "db/schema.sql", changed: null, problem });
  const refused = await run("dump", "-o", "db/schema.sql");
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.stderr, problem);
  assertEquals(await schema(), "by hand");
  await Deno.writeTextFile(`${files.folder}/db/schema.sql`, (await run("dump")).stdout + "-- edited");
  const redo = JSON.parse((await run("redo", "--json")).stdout).data;
  assertEquals(redo.dump, { path: "db/schema.sql", changed: true, problem: null });
  assertMatch((await run("redo")).stdout, /^Nothing changes in db.schema\.sql$/m);
  await files.write("repeatable/v.sql", "create or replace view v as select id from two;");
  await run("up");
  assertStringIncludes((await schema())!, "CREATE VIEW public.v");
  assertEquals((await schema())!.includes("mig_version_repeatable"), false);
  const again = await run("dump", "-o", "db/schema.sql");
  assertMatch(again.stdout, /^Nothing to do: db.schema\.sql is the schema already$/m);
});

Deno.test("where the schema cannot be read, the run has succeeded all the same, and says so", async () => {
  await using database = await freshDatabase();
  await using files = await project(TABLES);
  await files.write("mig.json", JSON.stringify({ dump: "schema.sql" }));
  const env = { DATABASE_URL: database.url, PATH: files.folder };
  const up = await mig(["up", "--json"], { cwd: files.folder, env });
  assertEquals(up.code, 0, up.stderr);
  assertMatch(
    up.stderr,
    /^warning: the run succeeded, but schema\.sql was not written: .*no pg_dump on the PATH$/m,
  );
  assertMatch(up.stderr, /^hint: then write it with: mig dump --output schema\.sql$/m);
  const { dump, steps } = JSON.parse(up.stdout).data;
  assertEquals([dump.path, dump.changed, steps.length], ["schema.sql", null, 2]);
  assertMatch(dump.problem, /no pg_dump on the PATH/);
  assertEquals((await database.applied()).length, 2);
  const failed = await mig(["dump"], { cwd: files.folder, env });
  assertEquals([failed.code, failed.stdout], [1, ""]);
  assertMatch(
    failed.stderr,
    /^hint: install PostgreSQL's client programs, version \d+ or later, and put them on the PATH$/m,
  );
});

Deno.test({
  name: "what holds a password is no part of the schema file",
  ignore: !PG_DUMP,
  async fn() {
    await using server = await TestServer.start({
      major: Math.min(MAJOR!, 18),
      settings: { wal_level: "logical" },
    });
    await using database = new TestDatabase(server.url(), "mig_test_none");
    await database.query(`create foreign data wrapper w; create server s foreign data wrapper w;
      create user mapping for current_user server s options (password 'TOKEN');
      create subscription sub connection 'host=nowhere password=TOKEN' publication p with (connect = false)`);
    await using files = await project(TABLES);
    const text = await dumped(files, server.url());
    await database.query("alter subscription sub set (slot_name = none)");
    await database.query("drop subscription sub");
    assert(!text.includes("TOKEN"), text);
    assertStringIncludes(text, "CREATE SERVER s");
  },
});

const TABLES: readonly RevisionLiteral[] = ["one", "two"].map((name) => ({
  message: name,
  up: `create table ${name} (id integer);`,
  down: `drop table ${name} cascade;`,
}));
