/** A revision that meets other sessions' locks: it gives up soon, lets them pass, and tries again by itself. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { type RunResult, startMig } from "../support/mig.ts";
import { idAt, project, type RevisionLiteral } from "../support/project.ts";

const FAST = ["--lock-timeout", "200ms"];
const PEOPLE = "create table people (id integer);";

/** Runs mig up while another session has the table people locked, which it gives free after that many milliseconds. */
async function upWhileLocked(
  revisions: readonly RevisionLiteral[],
  { args = FAST, lockedMs, lock = "lock table people in access exclusive mode", database }: {
    readonly args?: readonly string[];
    readonly lockedMs: number;
    readonly lock?: string;
    readonly database: TestDatabase;
  },
): Promise<RunResult> {
  await using files = await project([{ up: PEOPLE, down: "drop table people;" }, ...revisions]);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  const first = await startMig(["up", "+1"], options).result;
  assertEquals(first.code, 0, first.stderr);
  const other = database.session();
  let free: () => void = () => {};
  const locked = Promise.withResolvers<void>();
  const holding = other.begin(async (sql) => {
    await sql.unsafe(lock);
    locked.resolve();
    await new Promise<void>((resolve) => free = resolve);
  });
  await locked.promise;
  const running = startMig(["up", ...args], options);
  const timer = setTimeout(() => free(), lockedMs);
  const result = await running.result;
  clearTimeout(timer);
  free();
  await holding.catch(() => {});
  await other.end({ timeout: 1 });
  return result;
}

const AFTER = [3, 4, 5].map((n) => ({ up: `create table t${n} (id integer);` }));

Deno.test("a step that waits too long for a lock is rolled back, and tried again until it gets it", async () => {
  await using database = await freshDatabase();
  const { code, stderr, stdout } = await upWhileLocked(
    [{ up: "create table t2 (id integer);\nalter table people add column phone text;" }, ...AFTER],
    { lockedMs: 1500, database },
  );
  assertEquals(code, 0, stderr);
  assertMatch(stderr, /up +0000a002 .*line 2, alter table people add column phone text: waited too long/);
  assertMatch(stderr, /\(try 2 of 7\)/);
  assertStringIncludes(stdout, "Applied 4");
  assertEquals(await database.applied(), [0, 1, 2, 3, 4].map(idAt));
});

Deno.test("after the last retry the error says so, and nothing of the revision is kept", async () => {
  await using database = await freshDatabase();
  const { code, stderr } = await upWhileLocked(
    [{ up: "create table t2 (id integer);\nalter table people add column phone text;" }, ...AFTER],
    { args: [...FAST, "--lock-retries", "1"], lockedMs: 60_000, database },
  );
  assertEquals(code, 1, stderr);
  assertMatch(stderr, /\(try 2 of 2\)/);
  assertStringIncludes(stderr, "SQLSTATE 55P03");
  assertMatch(stderr, /error: cannot apply revision 0000a002 .*: canceling .* \(tried 2 times\)/);
  assertMatch(stderr, /0000a002\/up\.sql:2:/);
  assertEquals(await database.applied(), [idAt(0)]);
  assertEquals(await database.text("select to_regclass('t2')"), null);
});

Deno.test("--lock-retries 0 gives up at once", async () => {
  await using database = await freshDatabase();
  const { code, stderr } = await upWhileLocked(
    [{ up: "alter table people add column phone text;" }],
    { args: [...FAST, "--lock-retries", "0"], lockedMs: 60_000, database },
  );
  assertEquals(code, 1);
  assert(!stderr.includes("tries again") && !stderr.includes("(tried"), stderr);
});

Deno.test("a deadlock is tried again", async () => {
  await using database = await freshDatabase();
  await using files = await project([
    { up: "create table a (id integer);\ncreate table b (id integer);" },
    { up: "alter table a add column n integer;\nselect pg_sleep(1);\nalter table b add column n integer;" },
    { up: "create table c (id integer);" },
  ]);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  assertEquals((await startMig(["up", "+1"], options).result).code, 0);
  // Whoever has waited longer than its deadlock_timeout looks, and is the one to fail.
  const running = startMig(["up"], options);
  const other = database.session();
  const otherDone = other.begin(async (sql) => {
    await sql.unsafe("set local deadlock_timeout = '20s'");
    await sql.unsafe("lock table b in access exclusive mode");
    for (;;) {
      const [row] = await database.query(
        "select count(*)::int as n from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()",
      );
      if (row.n > 0) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await sql.unsafe("lock table a in access share mode");
  });
  const { code, stderr } = await running.result;
  await otherDone;
  await other.end({ timeout: 1 });
  assertEquals(code, 0, stderr);
  assertStringIncludes(stderr, "deadlock with another session");
  assertEquals(await database.applied(), [0, 1, 2].map(idAt));
});

/** The same table with an old transaction, which CREATE INDEX CONCURRENTLY waits for. */
const OLD = "select 1 from people; insert into people values (1)";

Deno.test("an index that is built concurrently waits for old transactions without a limit", async () => {
  await using database = await freshDatabase();
  const { code, stderr } = await upWhileLocked(
    [{ up: "-- mig: no-transaction\ncreate index concurrently people_id on people (id);" }],
    { lockedMs: 1500, lock: OLD, database },
  );
  assertEquals(code, 0, stderr);
  assert(!stderr.includes("tries again"), stderr);
  assertStringIncludes(await database.schema(), "index people_id");
});

for (
  const [limit, text] of Object.entries({
    directive: "-- mig: lock-timeout 200ms",
    file: "set lock_timeout = 200;",
  })
) {
  Deno.test(`with a limit of its own (${limit}) such an index is cleaned up and built again`, async () => {
    await using database = await freshDatabase();
    const { code, stderr } = await upWhileLocked(
      [{
        up: `-- mig: no-transaction\n${text}\ncreate table t2 (id integer);
create index concurrently people_id on people (id);\ninsert into t2 values (1);`,
      }, ...AFTER],
      { args: [], lockedMs: 1200, lock: OLD, database },
    );
    assertEquals(code, 0, stderr);
    assertMatch(stderr, /line 4, create index concurrently people_id on people: waited too long/);
    assertStringIncludes(stderr, 'drops the INVALID index "people_id"');
    assert(!stderr.includes("was interrupted"), stderr);
    assertMatch(await database.schema(), /index people_id .*valid=t/);
    assertEquals(await database.text("select count(*) from t2"), "1");
    assertEquals(await database.applied(), [0, 1, 2, 3, 4].map(idAt));
  });
}

Deno.test("what may have committed half of its work is not tried again", async () => {
  await using database = await freshDatabase();
  const { code, stderr } = await upWhileLocked(
    [{
      up: `-- mig: no-transaction
do $$ begin insert into people values (2); commit; alter table people add column n integer; end $$;`,
    }],
    { lock: OLD, lockedMs: 60_000, database },
  );
  assertEquals(code, 1);
  assert(!stderr.includes("tries again"), stderr);
  assertStringIncludes(stderr, "0 of its 1 statements are done");
  assertEquals(await database.text("select count(*) from people where id = 2"), "1");
});

Deno.test("a statement of a no-transaction file that was rolled back is tried again, under the file's own settings", async () => {
  await using database = await freshDatabase();
  const { code, stderr } = await upWhileLocked(
    [{
      up: `-- mig: no-transaction
create schema elsewhere;
set search_path = elsewhere, public;
alter table people add column n integer;
create table here (id integer);`,
    }],
    { lockedMs: 900, database },
  );
  assertEquals(code, 0, stderr);
  assertStringIncludes(stderr, "tries again");
  assertEquals(await database.text("select to_regclass('elsewhere.here') is not null"), "true");
});

Deno.test("a file's own lock_timeout counts, and a limit of the role is left as it is", async () => {
  await using database = await freshDatabase();
  const showing = "do $$ begin raise notice 'limit %', current_setting('lock_timeout'); end $$;";
  await using files = await project([
    { up: showing },
    { up: `-- mig: lock-timeout 7s\n${showing}` },
    { up: `set lock_timeout = '8s';\n${showing}` },
    {
      up:
        `-- mig: lock-timeout 0\n-- mig: statement-timeout 9s\n${showing}\ndo $$ begin raise notice 'limit %', current_setting('statement_timeout'); end $$;`,
    },
  ]);
  const limits = async (url: string, ...args: string[]) => {
    const { code, stderr } = await startMig(["up", ...args], {
      cwd: files.folder,
      env: { DATABASE_URL: url },
    }).result;
    assertEquals(code, 0, stderr);
    await database.query("drop table mig_version");
    return [...stderr.matchAll(/limit (\S+)/g)].map(([, limit]) => limit);
  };
  assertEquals(await limits(database.url), ["5s", "7s", "8s", "0", "9s"]);
  assertEquals(await limits(database.url, "--lock-timeout", "3s"), ["3s", "7s", "8s", "0", "9s"]);
  assertEquals(await limits(`${database.url}?options=-c%20lock_timeout%3D1min`), [
    "1min",
    "7s",
    "8s",
    "0",
    "9s",
  ]);
});

Deno.test("a statement that takes longer than --statement-timeout fails, and is not tried again", async () => {
  await using database = await freshDatabase();
  await using files = await project([{ up: "select pg_sleep(20);" }]);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  const { code, stderr } = await startMig(["up", "--statement-timeout", "300ms"], options).result;
  assertEquals(code, 1);
  assertStringIncludes(stderr, "SQLSTATE 57014");
  assert(!stderr.includes("tries again"), stderr);
});

Deno.test("Ctrl-C during the pause before a retry stops the run, and says what is applied", async () => {
  await using database = await freshDatabase();
  await using files = await project([{ up: PEOPLE }, { up: "alter table people add column n integer;" }]);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  assertEquals((await startMig(["up", "+1"], options).result).code, 0);
  const other = database.session();
  await other.unsafe("begin; lock table people");
  const running = startMig(["up", "--lock-timeout", "50ms"], options);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  running.process.kill("SIGINT");
  const { code, stderr } = await running.result;
  await other.end({ timeout: 0 });
  assertEquals(code, 130, stderr);
  assertStringIncludes(stderr, `the last one applied is ${idAt(0)}`);
});

Deno.test("a SQL hook that waits too long for a lock is tried again too", async () => {
  await using database = await freshDatabase();
  await using files = await project([{ up: "create table t (id integer);" }]);
  await files.write("mig.json", JSON.stringify({ hooks: { before_up: { sql: "before.sql" } } }));
  await files.write("before.sql", "lock table people;");
  await database.query(PEOPLE);
  const other = database.session();
  await other.unsafe("begin; lock table people");
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  const running = startMig(["up", ...FAST], options);
  setTimeout(() => other.end({ timeout: 0 }), 1000);
  const { code, stderr } = await running.result;
  assertEquals(code, 0, stderr);
  assertMatch(stderr, /before_up +before\.sql: waited too long for a lock; rolled back, tries again/);
});
