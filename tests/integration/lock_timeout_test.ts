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
  assertMatch(stderr, /\(2 of 7\)/);
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
  assertMatch(stderr, /\(2 of 2\)/);
  assertStringIncludes(stderr, "SQLSTATE 55P03");
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
  assert(!stderr.includes("tries again"), stderr);
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
