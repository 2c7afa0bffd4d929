/** `-- mig: batch`: repeated until nothing is left, whoever kills it in between. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { open } from "../../src/mod.ts";
import { freshDatabase } from "../support/database.ts";
import { mig, startMig } from "../support/mig.ts";
import { project, type RevisionLiteral } from "../support/project.ts";
import { clientMajor, psql } from "../support/psql.ts";
import { targetTests } from "../support/target.ts";

const TABLE: RevisionLiteral = {
  message: "users",
  up:
    "create table users (id serial primary key, name text not null, slug text, touched integer default 0);\n" +
    "insert into users (name) select 'User ' || n from generate_series(1, 1050) n;",
  down: "drop table users;",
};

const fill = (directive = "-- mig: batch"): RevisionLiteral => ({
  message: "slugs",
  up: `-- mig: no-transaction
alter table users add noted integer;

${directive}
update users set slug = lower(name), touched = touched + 1
 where id in (select id from users where slug is null order by id limit 100);

create index concurrently users_slug on users (slug);`,
  down: `-- mig: no-transaction
drop index concurrently users_slug;
-- mig: batch
update users set slug = null where id in (select id from users where slug is not null limit 500);
alter table users drop noted;`,
});

const { testOnBoth } = targetTests();

testOnBoth(
  "a batch is repeated until it changes no row, up and down",
  [TABLE, fill("-- mig: batch pause 1ms")],
  async (target) => {
    const dry = await target.run("up", "--dry-run");
    assertStringIncludes(dry.stdout, "statement 2 is repeated until it changes no row, with a pause of 1 ms");
    const { code, stdout, stderr } = await target.run("up", "--json", "--verbose");
    assertEquals(code, 0, stderr);
    assertMatch(stderr, /round 11: 50 rows; 1050 rows in 11 rounds, \d+ rows\/s/);
    assertMatch(stderr, / 2 of 3 {2}update users: 1050 rows in 11 rounds, \d+ rows\/s, /);
    const { steps } = JSON.parse(stdout).data;
    const { ms, ...batch } = steps[1].batches[0];
    assertEquals(batch, { statement: 2, line: 5, pauseMs: 1, rounds: 11, rows: 1050 });
    assert(ms > 0);
    assertEquals(steps[0].batches, []);
    assertEquals(
      await target.value("(select count(*) from users where slug = lower(name) and touched = 1)"),
      "1050",
    );
    assertEquals(await target.value("(select count(*) from mig_version where batch_rows is not null)"), "0");

    assertEquals((await target.run("down", "-1")).code, 0);
    assertEquals(await target.value("(select count(*) from users where slug is null)"), "1050");
  },
);

testOnBoth("a batch that fails goes on with the rows that are left", [TABLE, {
  ...fill(),
  up: fill().up.replace("lower(name)", "lower(name) || left((1 / (id - 250))::text, 0)"),
}], async (target) => {
  const failed = await target.run("up");
  assertEquals(failed.code, 1);
  assertStringIncludes(failed.stderr, "division by zero");
  assertStringIncludes(
    failed.stderr,
    "1 of its 3 statements is done and stays, and so do 200 rows of the next one",
  );
  const status = await target.run("status");
  assertStringIncludes(status.stdout, "was interrupted after 1 statement and 200 rows of the next one");
  assertEquals(
    JSON.parse((await target.run("show", "head", "--json")).stdout).data.revision.applied.unfinished,
    { direction: "up", statementsDone: 1, batchRows: 200 },
  );
  await target.files.write("migrations/20260101T0001_0000a002/up.sql", fill().up);
  const again = await target.run("up");
  assertEquals(again.code, 0, again.stderr);
  assertStringIncludes(again.stderr, "goes on after statement 1 of 3 and 200 rows of the next one");
  assertStringIncludes(again.stderr, "850 rows (and 200 before) in 9 rounds");
  assertEquals(
    await target.value("(select count(*) from users where slug = lower(name) and touched = 1)"),
    "1050",
  );
});

testOnBoth("a batch that would never end is stopped, and says why", [TABLE, {
  message: "for ever",
  up: "-- mig: no-transaction\n-- mig: batch\nupdate users set touched = touched + 1\n where touched >= 0;",
}], async (target) => {
  const { code, stderr } = await target.run("up");
  assertEquals(code, 1);
  assertStringIncludes(
    stderr,
    "error: the batch does not come to an end: it has changed 2100 rows, and the table has 1050",
  );
  assertStringIncludes(stderr, "up.sql:3:1");
  const file = "migrations/20260101T0001_0000a002/up.sql";
  await target.files.write(
    file,
    "-- mig: no-transaction\n-- mig: batch rounds 3\nupdate users set touched = touched + 1;",
  );
  const bounded = await target.run("up");
  assertStringIncludes(bounded.stderr, "it changed rows in each of 3 rounds");
  const counted = "-- mig: batch rounds 50\nupdate users set touched = touched + 1 where touched < 20;";
  await target.files.write(file, `-- mig: no-transaction\n${counted}`);
  const done = await target.run("up");
  assertEquals(done.code, 0, done.stderr);
});

testOnBoth(
  "a version table that an earlier mig has made gets what a batch needs",
  [TABLE],
  async (target) => {
    assertEquals((await target.run("up")).code, 0);
    await target.execute("alter table mig_version drop column batch_rows");
    assertEquals((await target.run("status")).code, 0);
    await target.files.add(fill(), 1);
    const up = await target.run("up");
    assertEquals(up.code, 0, up.stderr);
    assertEquals(await target.value("(select count(batch_rows) from mig_version)"), "0");
  },
);

Deno.test("a batch that is killed at any moment, and again, changes each row once", async () => {
  await using database = await freshDatabase();
  const slow = fill("-- mig: batch pause 5ms").up.replace("limit 100", "limit 20");
  await using files = await project([TABLE, { ...fill(), up: slow }]);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  await mig(["up", "+1"], options);
  let killed = 0, halfway = 0;
  for (let round = 0; round < 60; round++) {
    const running = startMig(["up", "--lock-wait", "20s"], options);
    const timer = setTimeout(() => {
      try {
        running.process.kill("SIGKILL");
      } catch {
        // It has just ended.
      }
    }, 150 + 20 * round + Math.random() * 200);
    const { code } = await running.result;
    clearTimeout(timer);
    if (code === 0) break;
    killed++;
    const done = Number(await database.text("select count(*) from users where slug is not null"));
    const [row] = await database.query<{ rows: string }>(
      "select coalesce(batch_rows, 0) as rows from mig_version where unfinished = 'up' and statements_done = 1",
    );
    // A backend that is orphaned may still commit a round between these two questions.
    if (row !== undefined) assert(Math.abs(Number(row.rows) - done) <= 20, `${row.rows} noted, ${done} done`);
    if (done > 0 && done < 1050) halfway++;
  }
  assertEquals((await mig(["up"], options)).code, 0);
  assert(halfway > 0, `${killed} kills, none of them in the middle`);
  assertEquals(await database.query("select touched, count(*)::int from users group by 1"), [{
    touched: 1,
    count: 1050,
  }]);
  assertEquals(
    await database.text("select indisvalid from pg_index where indexrelid = 'users_slug'::regclass"),
    "true",
  );
});

Deno.test("Ctrl-C ends a batch between rounds and in its pause, and the next run goes on", async () => {
  await using database = await freshDatabase();
  await using files = await project([TABLE, fill("-- mig: batch pause 1h")]);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  const running = startMig(["up"], options);
  for (;;) {
    const [row] = await database.query("select 1 from mig_version where batch_rows > 0").catch(() => []);
    if (row !== undefined) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  running.process.kill("SIGINT");
  const { code, stderr } = await running.result;
  assertEquals(code, 130, stderr);
  assertStringIncludes(stderr, "and so do 100 rows of the next one");
  assertStringIncludes(stderr, "`mig up` goes on from there");
  await files.write("migrations/20260101T0001_0000a002/up.sql", fill().up);
  assertEquals((await mig(["up"], options)).code, 0);
  assertEquals(await database.text("select count(*) from users where touched = 1"), "1050");
});

Deno.test("a round has the time-outs of a statement", async () => {
  await using database = await freshDatabase();
  const slow = fill("-- mig: batch").up.replace(
    "lower(name)",
    "lower(name) || case when id = 150 then left(pg_sleep(5)::text, 0) else '' end",
  );
  await using files = await project([TABLE, { ...fill(), up: slow }]);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  const { code, stderr } = await mig(["up", "--statement-timeout", "300ms"], options);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "canceling statement due to statement timeout");
  assertStringIncludes(stderr, "and so do 100 rows of the next one");
});

Deno.test("the library tells of each round", async () => {
  const events: string[] = [];
  await using library = await open({
    database: "pglite::memory:",
    migrations: [TABLE, fill()].map(({ up, down }, at) => ({
      id: `${at}a`,
      parent: at === 0 ? null : `${at - 1}a`,
      message: "x",
      up,
      down,
    })),
    onEvent: (event) => {
      if (event.type === "batch-round") events.push(`${event.round}:${event.roundRows}:${event.rows}`);
      if (event.type === "batch-finished") events.push(`${event.rounds}:${event.rows}`);
    },
  });
  const { steps } = await library.up();
  assertEquals(steps[1]!.batches[0]!.rows, 1050);
  assertEquals([events.length, events[0], events.at(-2), events.at(-1)], [
    12,
    "1:100:100",
    "11:50:1050",
    "11:1050",
  ]);
});

const ignore = clientMajor("psql") === null;
Deno.test(
  "a script repeats a batch as mig does, and mig goes on where the script stopped",
  { ignore },
  async () => {
    await using database = await freshDatabase();
    const failing = fill("-- mig: batch pause 1ms").up.replace(
      "lower(name)",
      "lower(name) || left((1 / (id - 250))::text, 0)",
    );
    await using files = await project([TABLE, { ...fill(), up: failing }]);
    const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
    const sql = ["up", "--sql", "--statement-timeout", "10s", "--output"];
    assertEquals((await mig([...sql, "failing.sql"], options)).code, 0);
    const failed = await psql(database, ["-X", "-f", `${files.folder}/failing.sql`]);
    assertEquals(failed.code, 3, failed.stderr);
    assertStringIncludes(failed.stderr, "division by zero");
    assertEquals(await database.text("select batch_rows from mig_version where unfinished = 'up'"), "200");
    await files.write("migrations/20260101T0001_0000a002/up.sql", fill().up);
    assertEquals((await mig(["up"], options)).code, 0);
    assertEquals(await database.text("select count(*) from users where touched = 1"), "1050");

    assertEquals((await mig(["down", "base"], options)).code, 0);
    assertEquals((await mig([...sql, "whole.sql"], options)).code, 0);
    const ran = await psql(database, ["-X", "-f", `${files.folder}/whole.sql`]);
    assertEquals(ran.code, 0, ran.stderr);
    assertEquals(await database.text("select count(*) from users where touched = 1"), "1050");
    assertEquals((await mig(["check"], options)).code, 0);
  },
);
