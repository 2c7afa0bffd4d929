/** What `mig up` and `mig down` promise, on a server and on the embedded database alike. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { idAt, type RevisionLiteral } from "../support/project.ts";
import { type Target, TARGETS, targetTests } from "../support/target.ts";

const TABLES: readonly RevisionLiteral[] = [1, 2, 3].map((n) => ({
  up: `create table t${n} (id integer primary key);\ninsert into t${n} values (${n});`,
  down: `drop table t${n};`,
}));

const { testOnBoth } = targetTests();

testOnBoth("mig up applies every revision, and mig down base undoes them all", TABLES, async (target) => {
  const empty = await target.schema();

  const up = await target.run("up");
  assertEquals(up.code, 0, up.stderr);
  assertEquals(await target.applied(), [idAt(0), idAt(1), idAt(2)]);
  assertStringIncludes(up.stdout, "Applied 3 revisions");

  const again = await target.run("up");
  assertEquals(again.code, 0);
  assertStringIncludes(again.stdout, "Nothing to do");

  const down = await target.run("down", "base");
  assertEquals(down.code, 0, down.stderr);
  assertEquals(await target.applied(), []);
  assertEquals(await target.schema(), empty);
});

testOnBoth("mig up and mig down stop where they are told to", TABLES, async (target) => {
  await target.run("up", "+1");
  assertEquals(await target.applied(), [idAt(0)]);
  await target.run("up", idAt(1).slice(0, 8).toUpperCase());
  assertEquals(await target.applied(), [idAt(0), idAt(1)]);
  await target.run("up");
  await target.run("down", idAt(0));
  assertEquals(await target.applied(), [idAt(0)]);
  await target.run("up", "head");
  await target.run("down", "-1");
  assertEquals(await target.applied(), [idAt(0), idAt(1)]);
});

const BROKEN =
  "-- one\n-- two\ncreate table here (id integer);\n\n-- 👍 five\n\n  create tabel there (id integer);\n";

testOnBoth(
  "an SQL error tells the file, line and column, and leaves no trace of its revision",
  [TABLES[0]!, { up: BROKEN }, TABLES[2]!],
  async (target) => {
    const result = await target.run("up");
    assertEquals(result.code, 1);
    assertMatch(result.stderr, /migrations\/[^:\s]*_0000a002\/up\.sql:7:10/);
    assertStringIncludes(result.stderr, "create tabel there");
    assertStringIncludes(result.stderr, "SQLSTATE 42601");
    assertEquals(await target.applied(), [idAt(0)]);
    assertEquals(await target.value("to_regclass('here')"), null);
  },
);

testOnBoth(
  "runs at once on an empty database apply each revision exactly once and all succeed",
  TABLES.map((revision) => ({ ...revision, up: `${revision.up}\nselect pg_sleep(0.1);` })),
  async (target) => {
    const results = await Promise.all([1, 2, 3].map(() => target.run("up")));
    for (const { code, stderr } of results) assertEquals(code, 0, stderr);
    assertEquals(await target.applied(), [idAt(0), idAt(1), idAt(2)]);
    assertEquals(results.filter(({ stdout }) => stdout.includes("Applied 3")).length, 1);
  },
);

testOnBoth(
  "after kill -9 in the middle of a statement the next mig up finishes",
  [
    TABLES[0]!,
    { up: "create table slow (id integer);\nselect pg_sleep(1.5);\ncreate table after_slow (id integer);" },
    TABLES[2]!,
  ],
  async (target) => {
    const running = target.start("up");
    if (target.kind === "server") await waitFor(() => sleeps(target, "1.5"));
    else await new Promise((resolve) => setTimeout(resolve, 1200));
    running.process.kill("SIGKILL");
    await running.result;
    const next = await target.run("up");
    assertEquals(next.code, 0, next.stderr);
    assertEquals(await target.applied(), [idAt(0), idAt(1), idAt(2)]);
    assertEquals(await target.value("select count(*) from t1, t3"), "1");
  },
);

Deno.test("Ctrl-C cancels the statement on the server, rolls back, says what is applied, and exits 130", async () => {
  await using target = await TARGETS.server([
    TABLES[0]!,
    { up: "create table slow (id integer);\nselect pg_sleep(60);" },
  ]);
  const running = target.start("up");
  await waitFor(() => sleeps(target, "60"));
  running.process.kill("SIGINT");
  const { code, stderr } = await running.result;
  assertEquals(code, 130, stderr);
  assertStringIncludes(stderr, `the last one applied is ${idAt(0)}`);
  assertEquals(await sleeps(target, "60"), false);
  assertEquals(await target.applied(), [idAt(0)]);
  assertEquals(await target.value("to_regclass('slow')"), null);
});

testOnBoth(
  "a file with COMMIT in it is refused before anything runs",
  [TABLES[0]!, { up: "create table a (id integer);\ncommit;\nbegin;\ncreate table b (id integer);" }],
  async (target) => {
    const result = await target.run("up");
    assertEquals(result.code, 1);
    assertMatch(result.stderr, /_0000a002\/up\.sql:2:1/);
    assertMatch(result.stderr, /_0000a002\/up\.sql:3:1/);
    assertEquals(await target.applied(), []);
  },
);

testOnBoth(
  "a COMMIT that hides in a procedure is noticed before anything is recorded",
  [TABLES[0]!, {
    up: "create procedure escape() language plpgsql as $$ begin commit; end $$;\ncall escape();",
  }],
  async (target) => {
    const result = await target.run("up");
    assertEquals(result.code, 1);
    assertMatch(result.stderr, /_0000a002\/up\.sql/);
    assertEquals(await target.applied(), [idAt(0)]);
  },
);

testOnBoth(
  "a statement that cannot run in a transaction is refused with the directive that helps",
  [TABLES[0]!, { up: "create index concurrently t1_id on t1 (id);" }],
  async (target) => {
    const refused = await target.run("up");
    assertEquals(refused.code, 1);
    assertStringIncludes(refused.stderr, "-- mig: no-transaction");
    assertMatch(refused.stderr, /_0000a002\/up\.sql:1:1/);
    assertEquals(await target.applied(), []);
    await target.files.add({ up: "-- mig: no-transaction\ncreate index concurrently t1_id on t1 (id);" }, 1);
    const { code, stderr } = await target.run("up");
    assertEquals(code, 0, stderr);
    assertStringIncludes(await target.schema(), "index t1_id");
  },
);

testOnBoth(
  "what a file sets for its session does not reach the version table or the next file",
  [
    {
      up: "create role mig_test_nobody;\nset search_path = '';\nset role mig_test_nobody;\nselect 1;",
      down: "drop role mig_test_nobody;",
    },
    { up: "create temp table leftover (id integer);\ncreate table t2 (id integer);" },
    { up: "create temp table leftover (id integer);" },
  ],
  async (target) => {
    const { code, stderr } = await target.run("up");
    assertEquals(code, 0, stderr);
    assertEquals(await target.value("to_regclass('public.t2') is not null"), "true");
    assertEquals((await target.run("down", "base")).code, 0);
  },
);

testOnBoth(
  "what a file prepares or deallocates is not in the way of the next ones",
  [
    { up: "prepare mig_insert as select 1;\nprepare other as select 2;" },
    { up: "prepare other as select 3;" },
    { up: "deallocate all;\ncreate table t2 (id integer);" },
    { up: "create table t3 (id integer);\ndiscard plans;" },
    { up: "create table t4 (id integer);\ndeallocate prepare all;" },
    { up: "create table t5 (id integer);" },
  ],
  async (target) => {
    const { code, stderr } = await target.run("up");
    assertEquals(code, 0, stderr);
    assertEquals((await target.applied()).length, 6);
    const down = await target.run("down", "base");
    assertEquals(down.code, 0, down.stderr);
  },
);

testOnBoth(
  "a failed statement is not undone by a ROLLBACK TO behind it",
  [{
    up:
      "savepoint a;\ncreate table t1 (id integer);\nselect 1/0;\nrollback to a;\ncreate table t2 (id integer);",
  }],
  async (target) => {
    const { code, stderr } = await target.run("up");
    assertEquals(code, 1);
    assertStringIncludes(stderr, "up.sql:3:");
    assertEquals(await target.applied(), []);
    assertEquals(await target.value("to_regclass('t2')"), null);
  },
);

function copyFile(rows: string): string {
  return `copy people from stdin;\n${rows}\\.\n`;
}

testOnBoth(
  "COPY data in a file arrives, and an error in it tells the data's line",
  [{
    up: "create table people (id integer, name text);\n" + copyFile("1\tAda\n2\t\\N\n3\ttab\\there\n") +
      "select count(*) from people;\n",
  }],
  async (target) => {
    assertEquals((await target.run("up")).code, 0);
    assertEquals(
      await target.value("select json_agg(coalesce(name, '-') order by id) from people"),
      '["Ada", "-", "tab\\there"]',
    );
    await target.files.add({ up: "truncate people;\n" + copyFile("1\tA\nx\tB\n") }, 1);
    const failed = await target.run("up");
    assertEquals(failed.code, 1);
    assertMatch(failed.stderr, /_0000a002\/up\.sql:4:1/);
    assertEquals(await target.value("select count(*) from people"), "3");
  },
);

function stepwise(second: string): string {
  return `-- mig: no-transaction\ncreate table t1 (id integer);\ninsert into t1 values (1);\n${second};\n` +
    "create table t3 (id integer);";
}

testOnBoth(
  "an interrupted no-transaction file goes on after its last statement",
  [{ up: stepwise("insert into t2 values (2)") }],
  async (target) => {
    const failed = await target.run("up");
    assertEquals(failed.code, 1);
    assertStringIncludes(failed.stderr, "2 of its 4 statements are done");
    assertStringIncludes((await target.run("status")).stdout, "interrupted");

    await target.files.add({ up: stepwise("insert into t1 values (2)") }, 0);
    const resumed = await target.run("up");
    assertEquals(resumed.code, 0, resumed.stderr);
    assertStringIncludes(resumed.stderr, "goes on after statement 2 of 4");
    assertEquals(await target.value("select string_agg(id::text, ' ' order by id) from t1"), "1 2");
  },
);

testOnBoth(
  "an INVALID index that an interrupted CREATE INDEX CONCURRENTLY left is built anew",
  [
    { up: "create table t1 (id integer);\ninsert into t1 values (1), (1);" },
    { up: "-- mig: no-transaction\ncreate unique index concurrently if not exists t1_id on t1 (id);" },
  ],
  async (target) => {
    const failed = await target.run("up");
    assertEquals(failed.code, 1);
    assertStringIncludes(await target.schema(), "valid=f");
    await target.execute("delete from t1 where ctid = (select min(ctid) from t1)");
    const resumed = await target.run("up");
    assertEquals(resumed.code, 0, resumed.stderr);
    assertStringIncludes(resumed.stderr, "INVALID index");
    assert(!(await target.schema()).includes("valid=f"));
    assertEquals(await target.applied(), [idAt(0), idAt(1)]);
  },
);

/** Whether mig's session runs `pg_sleep()` with these seconds. */
async function sleeps(target: Target, seconds: string): Promise<boolean> {
  const count = await target.value(`select count(*) from pg_stat_activity
    where datname = current_database() and application_name = 'mig' and query like '%pg_sleep(${seconds})%'
      and state = 'active'`);
  return count !== "0";
}

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error("waited for 5 s in vain");
}

testOnBoth(
  "a file's notices are told between the beginning and the end of its own revision",
  [1, 2, 3, 4, 5].map((n) => ({
    message: `number ${n}`,
    up: n % 2 === 0
      ? "select 1;"
      : `do $$ begin raise notice 'first of ${n}'; raise notice 'second of ${n}'; end $$;`,
  })),
  async (target) => {
    const { code, stderr } = await target.run("up");
    assertEquals(code, 0, stderr);
    const told = stderr.split("\n").flatMap((line) =>
      /(?:first|second) of \d|✓ up +\S+ +number \d/.exec(line)?.[0].replace(/✓.*number/, "done") ?? []
    );
    assertEquals(told, [
      "first of 1",
      "second of 1",
      "done 1",
      "done 2",
      "first of 3",
      "second of 3",
      "done 3",
      "done 4",
      "first of 5",
      "second of 5",
      "done 5",
    ]);
  },
);
