/** Where features meet: batches, retries, lost connections, variables, repeatable scripts, tables of an earlier mig. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { mig, startMig } from "../support/mig.ts";
import { project, type RevisionLiteral } from "../support/project.ts";
import { Proxy } from "../support/proxy.ts";
import { clientMajor, psql } from "../support/psql.ts";

const ROWS: RevisionLiteral = {
  message: "numbers",
  up:
    "create table numbers (id integer primary key, done boolean);\ninsert into numbers select generate_series(1, 100);",
};
const ROUND = `-- mig: batch pause 60ms
update numbers set done = true where id in (select id from numbers where done is null order by id limit 5);`;
const BATCH: RevisionLiteral = { message: "batch", up: `-- mig: no-transaction\n${ROUND}` };
const DONE = "select count(*) from numbers where done";
const FAST = ["--lock-timeout", "100ms", "--lock-retries", "1"];

/** Waits until a query gives a number that large. */
async function until(database: TestDatabase, query: string, least: number): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (Number(await database.text(query).catch(() => null)) >= least) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`waited in vain for ${query}`);
}

/** Holds locks until it is told to let go. */
async function hold(database: TestDatabase, ...locks: readonly string[]): Promise<() => Promise<void>> {
  const other = database.session();
  const locked = Promise.withResolvers<void>(), free = Promise.withResolvers<void>();
  const holding = other.begin(async (sql) => {
    for (const lock of locks) await sql.unsafe(lock);
    locked.resolve();
    await free.promise;
  });
  holding.catch(() => {});
  await locked.promise;
  return async () => {
    free.resolve();
    await holding.catch(() => {});
    await other.end({ timeout: 1 });
  };
}

Deno.test("a batch that loses its connection again and again goes on, since each time it came further", async () => {
  await using database = await freshDatabase();
  await using files = await project([ROWS, BATCH]);
  await using proxy = new Proxy(Number(new URL(database.url).port));
  const url = new URL(database.url);
  url.port = String(proxy.port);
  const running = startMig(["up", "--json"], { cwd: files.folder, env: { DATABASE_URL: url.href } });
  for (const rows of [5, 25, 45, 65]) {
    await until(database, DONE, rows);
    proxy.cut();
  }
  const { code, stdout, stderr } = await running.result;
  assertEquals(code, 0, stderr);
  assertEquals(JSON.parse(stdout).data.steps[1].batches[0].rows, 100);
  assertEquals(stderr.match(/connected again/g)?.length, 4, stderr);
  assertEquals(await database.text(DONE), "100");
});

Deno.test("each round of a batch has all the retries", async () => {
  await using database = await freshDatabase();
  await using files = await project([ROWS, BATCH]);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  assertEquals((await mig(["up", "+1"], options)).code, 0);
  const letGo = [];
  for (const id of [12, 42, 72]) {
    letGo.push(await hold(database, `select from numbers where id = ${id} for update`));
  }
  const running = startMig(["up", ...FAST], options);
  for (const [at, rows] of [10, 40, 70].entries()) {
    await until(database, DONE, rows);
    await new Promise((resolve) => setTimeout(resolve, 250));
    await letGo[at]!();
  }
  const { code, stderr } = await running.result;
  assertEquals(code, 0, stderr);
  assertEquals(stderr.match(/tries again/g)?.length, 3, stderr);
});

Deno.test("a version table of an earlier mig gets its column once, before anything runs, and keeps count over a retry", async () => {
  await using database = await freshDatabase();
  await using files = await project([ROWS]);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  assertEquals((await mig(["up"], options)).code, 0);
  await database.query("alter table mig_version drop column batch_rows");
  await files.add({ message: "batches", up: `${BATCH.up}\n${ROUND}` }, 1);

  const free = await hold(database, "lock table mig_version in access share mode");
  const refused = await mig(["up", ...FAST], options);
  await free();
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.stderr, "cannot give the version table");
  assertStringIncludes(refused.stderr, "nothing was run");

  const row = await hold(database, "select from numbers where id = 12 for update");
  const running = startMig(["up", "--lock-timeout", "100ms"], options);
  await until(database, DONE, 10);
  await new Promise((resolve) => setTimeout(resolve, 250));
  await row();
  const { code, stderr } = await running.result;
  assertEquals(code, 0, stderr);
  assertStringIncludes(stderr, "update numbers: 100 rows in 20 rounds");
  assert(!/notice/i.test(stderr), stderr);
});

Deno.test({
  name: "a script with a batch runs on a version table of an earlier mig",
  ignore: clientMajor("psql") === null,
  async fn() {
    await using database = await freshDatabase();
    await using files = await project([ROWS]);
    const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
    assertEquals((await mig(["up"], options)).code, 0);
    await database.query("alter table mig_version drop column batch_rows");
    await files.add(BATCH, 1);
    assertEquals((await mig(["up", "--sql", "current:head", "--output", "up.sql"], options)).code, 0);
    const ran = await psql(database, ["-X", "-q", "-f", `${files.folder}/up.sql`]);
    assertEquals(ran.code, 0, ran.stderr);
    assert(!ran.stderr.includes("NOTICE"), ran.stderr);
    assertEquals(await database.text(DONE), "100");
    assertEquals((await mig(["check"], options)).code, 0);
  },
});

Deno.test("what is said of a retry has no value of a variable", async () => {
  await using database = await freshDatabase();
  await using files = await project([ROWS, {
    up:
      "-- mig: env TENANT\ncreate table ${TENANT} (id integer);\nalter table numbers rename to ${TENANT}_2;",
  }]);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url, TENANT: "acme_secret" } };
  assertEquals((await mig(["up", "+1"], options)).code, 0);
  await using _ = { [Symbol.asyncDispose]: await hold(database, "lock table numbers in access share mode") };
  for (const format of [[], ["--json"]]) {
    const { code, stderr, stdout } = await mig(["up", "--verbose", ...FAST, ...format], options);
    assertEquals(code, 1);
    assertStringIncludes(stderr, "alter table numbers rename to ${TENANT}");
    assert(!`${stdout}${stderr}`.includes("acme_secret"), stdout + stderr);
  }
});

Deno.test("a repeatable script that becomes due by the run itself says nothing of a value either", async () => {
  await using database = await freshDatabase();
  await using files = await project([ROWS]);
  await files.write("mig.json", JSON.stringify({ repeatable: "repeatable" }));
  await files.write(
    "repeatable/view.sql",
    "-- mig: env SECRET\ncreate or replace view v as select id from numbers;\n" +
      "do $$ begin raise notice 'it is %', '${SECRET}'; end $$;",
  );
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url, SECRET: "hunter2hunter2" } };
  assertEquals((await mig(["up"], options)).code, 0);
  await files.add({ up: "drop view v;" }, 1);
  const { code, stderr } = await mig(["up", "--verbose"], options);
  assertEquals(code, 0, stderr);
  assertStringIncludes(stderr, "it is ${SECRET}");
  assert(!stderr.includes("hunter2"), stderr);
});

Deno.test({
  name: "a script for psql applies a repeatable script whose view a revision drops, and warns of its values",
  ignore: clientMajor("psql") === null,
  async fn() {
    await using database = await freshDatabase();
    await using files = await project([ROWS]);
    await files.write("mig.json", JSON.stringify({ repeatable: "repeatable" }));
    await files.write(
      "repeatable/view.sql",
      "-- mig: env WORD\ncreate or replace view v as select id, '${WORD}' as word from numbers;",
    );
    const options = { cwd: files.folder, env: { DATABASE_URL: database.url, WORD: "hunter2" } };
    assertEquals((await mig(["up"], options)).code, 0);
    await files.add({ up: "drop view v;\nalter table numbers alter id type bigint;" }, 1);
    const { stderr } = await mig(["up", "--sql", "current:head", "--output", "up.sql"], options);
    assertStringIncludes(stderr, "the script holds the values of WORD");
    const ran = await psql(database, ["-X", "-q", "-1", "-f", `${files.folder}/up.sql`]);
    assertEquals(ran.code, 0, ran.stderr);
    assertEquals(await database.text("select min(word) from v"), "hunter2");
    assertEquals((await mig(["check"], options)).code, 0);
  },
});

Deno.test("a procedure that has run, and whose note met a lock, is not run again by itself", async () => {
  await using database = await freshDatabase();
  await using files = await project([ROWS, {
    up: "-- mig: no-transaction\ncall work();",
  }]);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  assertEquals((await mig(["up", "+1"], options)).code, 0);
  await database.query(`create table ran (at timestamptz default clock_timestamp());
    create procedure work() language plpgsql as $$ begin insert into ran default values; commit; perform pg_sleep(0.6); end $$`);
  const running = startMig(["up", "--lock-timeout", "100ms"], options);
  await until(database, "select count(*) from ran", 1);
  const free = await hold(database, "lock table mig_version in exclusive mode");
  const { code, stderr } = await running.result;
  await free();
  assertEquals(code, 1, stderr);
  assertStringIncludes(
    stderr,
    "call work has run to its end, but that could not be noted: the next run runs it once more",
  );
  assertEquals(await database.text("select count(*) from ran"), "1");
});

Deno.test("a dry run refuses what a run would refuse: a file that was begun outside of a transaction and is in one now", async () => {
  await using database = await freshDatabase();
  await using files = await project([ROWS, { up: "-- mig: no-transaction\nselect 1;\nselect 1 / 0;" }]);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  assertEquals((await mig(["up"], options)).code, 1);
  const [folder] = [...Deno.readDirSync(files.migrations)].map(({ name }) => name).sort().slice(1);
  await Deno.writeTextFile(`${files.migrations}/${folder}/up.sql`, "select 1;\nselect 2;");
  const said = await Promise.all([["up"], ["up", "--dry-run"]].map((args) => mig(args, options)));
  for (const { code, stderr } of said) {
    assertEquals(code, 1);
    assertStringIncludes(stderr, "runs in a transaction now");
  }
});
