import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { freshDatabase } from "../support/database.ts";
import { mig, startMig } from "../support/mig.ts";
import { idAt, project, type RevisionLiteral } from "../support/project.ts";

const TABLES: readonly RevisionLiteral[] = [1, 2, 3].map((n) => ({
  up: `create table t${n} (id integer primary key);\ninsert into t${n} values (${n});`,
  down: `drop table t${n};`,
}));

Deno.test("mig up applies every revision, and mig down base undoes them all", async () => {
  await using database = await freshDatabase();
  await using files = await project(TABLES);
  const run = (...args: string[]) => mig(args, { cwd: files.folder, env: { DATABASE_URL: database.url } });
  const empty = await database.schema();

  const up = await run("up");
  assertEquals(up.code, 0, up.stderr);
  assertEquals(await database.applied(), [idAt(0), idAt(1), idAt(2)]);
  assertStringIncludes(up.stdout, "Applied 3 revisions");

  const again = await run("up");
  assertEquals(again.code, 0);
  assertStringIncludes(again.stdout, "Nothing to do");

  const down = await run("down", "base");
  assertEquals(down.code, 0, down.stderr);
  assertEquals(await database.applied(), []);
  assertEquals(await database.schema(), empty);
});

Deno.test("mig up and mig down stop where they are told to", async () => {
  await using database = await freshDatabase();
  await using files = await project(TABLES);
  const run = (...args: string[]) => mig(args, { cwd: files.folder, env: { DATABASE_URL: database.url } });
  await run("up", "+1");
  assertEquals(await database.applied(), [idAt(0)]);
  await run("up", idAt(1).slice(0, 8).toUpperCase());
  assertEquals(await database.applied(), [idAt(0), idAt(1)]);
  await run("up");
  await run("down", idAt(0));
  assertEquals(await database.applied(), [idAt(0)]);
  await run("up", "head");
  await run("down", "-1");
  assertEquals(await database.applied(), [idAt(0), idAt(1)]);
});

Deno.test("an SQL error tells the file, line and column, and leaves no trace of its revision", async () => {
  await using database = await freshDatabase();
  const broken =
    "-- one\n-- two\ncreate table here (id integer);\n\n-- 👍 five\n\n  create tabel there (id integer);\n";
  await using files = await project([TABLES[0]!, { up: broken }, TABLES[2]!]);
  const result = await mig(["up"], { cwd: files.folder, env: { DATABASE_URL: database.url } });
  assertEquals(result.code, 1);
  assertMatch(result.stderr, /migrations\/[^:\s]*_0000a002\/up\.sql:7:10/);
  assertStringIncludes(result.stderr, "create tabel there");
  assertStringIncludes(result.stderr, "SQLSTATE 42601");
  assertEquals(await database.applied(), [idAt(0)]);
  assertEquals(await database.query("select to_regclass('here') as there"), [{ there: null }]);
});

Deno.test("two runs at once on an empty database apply each revision exactly once and both succeed", async () => {
  await using database = await freshDatabase();
  await using files = await project(
    TABLES.map((revision) => ({ ...revision, up: `${revision.up}\nselect pg_sleep(0.1);` })),
  );
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  const results = await Promise.all([1, 2, 3, 4].map(() => mig(["up"], options)));
  for (const { code, stderr } of results) assertEquals(code, 0, stderr);
  assertEquals(await database.applied(), [idAt(0), idAt(1), idAt(2)]);
  assertEquals(results.filter(({ stdout }) => stdout.includes("Applied 3")).length, 1);
});

Deno.test("after kill -9 in the middle of a statement the next mig up finishes", async () => {
  await using database = await freshDatabase();
  await using files = await project([
    TABLES[0]!,
    { up: "create table slow (id integer);\nselect pg_sleep(1.5);\ncreate table after_slow (id integer);" },
    TABLES[2]!,
  ]);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  const running = startMig(["up"], options);
  await waitFor(async () =>
    (await database.query(
      "select 1 from pg_stat_activity where query like '%pg_sleep(1.5)%' and application_name = 'mig'",
    ))
      .length > 0
  );
  running.process.kill("SIGKILL");
  await running.result;
  const next = await mig(["up"], options);
  assertEquals(next.code, 0, next.stderr);
  assertEquals(await database.applied(), [idAt(0), idAt(1), idAt(2)]);
});

Deno.test("Ctrl-C cancels the statement on the server, rolls back, says what is applied, and exits 130", async () => {
  await using database = await freshDatabase();
  await using files = await project([TABLES[0]!, {
    up: "create table slow (id integer);\nselect pg_sleep(60);",
  }]);
  const running = startMig(["up"], { cwd: files.folder, env: { DATABASE_URL: database.url } });
  const sleeping = () =>
    database.query(
      "select 1 from pg_stat_activity where query like '%pg_sleep(60)%' and application_name = 'mig'",
    );
  await waitFor(async () => (await sleeping()).length > 0);
  running.process.kill("SIGINT");
  const { code, stderr } = await running.result;
  assertEquals(code, 130, stderr);
  assertStringIncludes(stderr, `the last one applied is ${idAt(0)}`);
  assertEquals(await sleeping(), []);
  assertEquals(await database.applied(), [idAt(0)]);
  assertEquals(await database.query("select to_regclass('slow') as there"), [{ there: null }]);
});

Deno.test("a file with COMMIT in it is refused before anything runs", async () => {
  await using database = await freshDatabase();
  await using files = await project([
    TABLES[0]!,
    { up: "create table a (id integer);\ncommit;\nbegin;\ncreate table b (id integer);" },
  ]);
  const result = await mig(["up"], { cwd: files.folder, env: { DATABASE_URL: database.url } });
  assertEquals(result.code, 1);
  assertMatch(result.stderr, /_0000a002\/up\.sql:2:1/);
  assertMatch(result.stderr, /_0000a002\/up\.sql:3:1/);
  assertEquals(await database.applied(), []);
});

Deno.test("a statement that cannot run in a transaction is refused with the directive that helps", async () => {
  await using database = await freshDatabase();
  await using files = await project([TABLES[0]!, { up: "create index concurrently t1_id on t1 (id);" }]);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  const refused = await mig(["up"], options);
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.stderr, "-- mig: no-transaction");
  assertMatch(refused.stderr, /_0000a002\/up\.sql:1:1/);
  assertEquals(await database.applied(), []);
  await files.add({ up: "-- mig: no-transaction\ncreate index concurrently t1_id on t1 (id);" }, 1);
  const { code, stderr } = await mig(["up"], options);
  assertEquals(code, 0, stderr);
  assertStringIncludes(await database.schema(), "index t1_id");
});

Deno.test("what a file sets for its session does not reach the version table or the next file", async () => {
  await using database = await freshDatabase();
  await using files = await project([
    {
      up: "create role mig_test_nobody;\nset search_path = '';\nset role mig_test_nobody;\nselect 1;",
      down: "drop role mig_test_nobody;",
    },
    { up: "create temp table leftover (id integer);\ncreate table t2 (id integer);" },
    { up: "create temp table leftover (id integer);" },
  ]);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  const { code, stderr } = await mig(["up"], options);
  assertEquals(code, 0, stderr);
  assertEquals(await database.query("select to_regclass('public.t2') is not null as there"), [{
    there: true,
  }]);
  assertEquals((await mig(["down", "base"], options)).code, 0);
});

Deno.test("a failed statement is not undone by a ROLLBACK TO behind it", async () => {
  await using database = await freshDatabase();
  await using files = await project([
    {
      up:
        "savepoint a;\ncreate table t1 (id integer);\nselect 1/0;\nrollback to a;\ncreate table t2 (id integer);",
    },
  ]);
  const { code, stderr } = await mig(["up"], { cwd: files.folder, env: { DATABASE_URL: database.url } });
  assertEquals(code, 1);
  assertStringIncludes(stderr, "up.sql:3:");
  assertEquals(await database.applied(), []);
  assertEquals(await database.query("select to_regclass('t2') as there"), [{ there: null }]);
});

Deno.test("COPY data in a file arrives, and an error in it tells the data's line", async () => {
  await using database = await freshDatabase();
  const copy = (rows: string) =>
    `create table people (id integer, name text);\ncopy people from stdin;\n${rows}\\.\n`;
  await using files = await project([{
    up: copy("1\tAda\n2\t\\N\n3\ttab\\there\n") + "select count(*) from people;\n",
  }]);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  assertEquals((await mig(["up"], options)).code, 0);
  assertEquals(await database.query("select * from people order by id"), [
    { id: 1, name: "Ada" },
    { id: 2, name: null },
    { id: 3, name: "tab\there" },
  ]);
  await files.add({
    up: "truncate people;\n" +
      copy("1\tA\nx\tB\n").replace("create table people (id integer, name text);\n", ""),
  }, 1);
  const failed = await mig(["up"], options);
  assertEquals(failed.code, 1);
  assertMatch(failed.stderr, /_0000a002\/up\.sql:4:1/);
  assertEquals((await database.query("select * from people")).length, 3);
});

Deno.test("an interrupted no-transaction file goes on after its last statement", async () => {
  await using database = await freshDatabase();
  const up = (second: string) =>
    `-- mig: no-transaction\ncreate table t1 (id integer);\ninsert into t1 values (1);\n${second};\ncreate table t3 (id integer);`;
  await using files = await project([{ up: up("insert into t2 values (2)") }]);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  const failed = await mig(["up"], options);
  assertEquals(failed.code, 1);
  assertStringIncludes(failed.stderr, "2 of its 4 statements are done");
  assertStringIncludes((await mig(["status"], options)).stdout, "interrupted");

  await files.add({ up: up("insert into t1 values (2)") }, 0);
  const resumed = await mig(["up"], options);
  assertEquals(resumed.code, 0, resumed.stderr);
  assertStringIncludes(resumed.stderr, "goes on after statement 2 of 4");
  assertEquals(await database.query("select id from t1 order by id"), [{ id: 1 }, { id: 2 }]);
});

Deno.test("an INVALID index that an interrupted CREATE INDEX CONCURRENTLY left is built anew", async () => {
  await using database = await freshDatabase();
  await using files = await project([
    { up: "create table t1 (id integer);\ninsert into t1 values (1), (1);" },
    { up: "-- mig: no-transaction\ncreate unique index concurrently if not exists t1_id on t1 (id);" },
  ]);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  const failed = await mig(["up"], options);
  assertEquals(failed.code, 1);
  assertStringIncludes(await database.schema(), "valid=f");
  await database.query("delete from t1 where ctid = (select min(ctid) from t1)");
  const resumed = await mig(["up"], options);
  assertEquals(resumed.code, 0, resumed.stderr);
  assertStringIncludes(resumed.stderr, "INVALID index");
  assert(!(await database.schema()).includes("valid=f"));
  assertEquals(await database.applied(), [idAt(0), idAt(1)]);
});

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error("waited for 5 s in vain");
}
