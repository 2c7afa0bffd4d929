/** Behind a pooler that hands out another server session for each transaction. */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import postgres from "postgres";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { mig, startMig } from "../support/mig.ts";
import { Pooler } from "../support/pooler.ts";
import { idAt, project, type RevisionLiteral } from "../support/project.ts";
import { Proxy } from "../support/proxy.ts";

const CHAIN: readonly RevisionLiteral[] = [
  ...[1, 2, 3, 4].map((n) => ({
    up: `create table t${n} (id integer);\nset lock_timeout = '3s';\nselect pg_sleep(0.05);`,
    down: `drop table t${n};`,
  })),
  {
    up: "-- mig: no-transaction\ncreate index concurrently t1_id on t1 (id);\ninsert into t1 values (1);",
    down: "-- mig: no-transaction\ndrop index concurrently t1_id;\ndelete from t1;",
  },
];

/** The server is shared with other tests, each of which has a database of its own. */
const LOCKS = `select 1 from pg_locks join pg_database d on d.oid = pg_locks.database
  where locktype = 'advisory' and datname = current_database()`;

/** What stands between mig and the server; null where this machine has none. */
const BETWEEN = {
  "PgBouncer": (port: number) => Pooler.start(port),
  "what looks like a pooler": (port: number) => Promise.resolve(new Proxy(port, { likePooler: true })),
};

for (const [name, start] of Object.entries(BETWEEN)) {
  Deno.test(`runs through ${name} wait for each other, and leave no lock behind`, async () => {
    await using database = await freshDatabase();
    const url = new URL(database.url);
    await using between = await start(Number(url.port));
    if (between === null) return;
    url.port = String(between.port);
    await using files = await project(CHAIN);
    const run = (...args: string[]) => mig(args, { cwd: files.folder, env: { DATABASE_URL: url.href } });

    const runs = await Promise.all([run("up"), run("up"), run("up")]);
    for (const { code, stderr } of runs) assertEquals(code, 0, stderr);
    assertEquals(runs.filter(({ stdout }) => stdout.includes("Applied 5")).length, 1);
    assertEquals(await database.applied(), CHAIN.map((_, i) => idAt(i)));
    assertEquals(await database.query(LOCKS), []);

    await files.add({ up: "create table t6 (id integer);\nselect 1/0;" }, 5);
    const failed = await run("up");
    assertEquals(failed.code, 1);
    assertStringIncludes(failed.stderr, "division by zero");
    assertEquals(await database.query(LOCKS), []);
    assertEquals((await run("down", "base")).code, 0);
    assertEquals(await database.applied(), []);
    const verbose = await run("up", "+1", "--verbose");
    assertStringIncludes(verbose.stderr, "pooler");
    // Nothing that a file has set stays with the server's sessions.
    const [row] = await database.query(
      "select count(*)::int as n from pg_stat_activity where state = 'active'",
    );
    assertEquals(row.n >= 1, true);
  });
}

/** A project behind a pooler; nothing is held where this machine has none. */
async function behindPooler(
  revisions: readonly RevisionLiteral[],
  hold: (scene: {
    readonly database: TestDatabase;
    readonly options: { readonly cwd: string; readonly env: Record<string, string> };
  }) => Promise<void>,
  settings = "",
): Promise<void> {
  await using database = await freshDatabase();
  const url = new URL(database.url);
  await using pooler = await Pooler.start(Number(url.port), "postgres", settings);
  if (pooler === null) return;
  url.port = String(pooler.port);
  await using files = await project(revisions);
  await hold({ database, options: { cwd: files.folder, env: { DATABASE_URL: url.href } } });
}

const PEOPLE = { up: "create table people (id integer);" };

Deno.test("behind PgBouncer a step that waits for a lock is watched, tried again, and told of", () =>
  behindPooler(
    [PEOPLE, { up: "alter table people add column n integer;" }],
    async ({ database, options }) => {
      assertEquals((await mig(["up", "+1"], options)).code, 0);
      const other = database.session();
      await other.unsafe("set application_name = 'web'");
      await other.unsafe("begin");
      await other.unsafe("lock table people");
      const running = startMig(["up", "--lock-timeout", "1500ms"], options);
      setTimeout(() => other.end({ timeout: 0 }), 2500);
      const { code, stderr } = await running.result;
      assertEquals(code, 0, stderr);
      assertMatch(stderr, /blocked by pid \d+ \(.*application "web"/);
      assertMatch(stderr, /waited too long for a lock \(pid \d+\); rolled back, tries again/);
      assertEquals(await database.applied(), [0, 1].map(idAt));
      assertEquals(await database.query(LOCKS), []);
    },
  ));

Deno.test("behind PgBouncer a limit that a file sets does not reach anybody else", () =>
  behindPooler(
    [{ up: "-- mig: lock-timeout 7s\n-- mig: statement-timeout 8s\nset lock_timeout = '9s';\nselect 1;" }],
    async ({ options }) => {
      const { code, stderr } = await mig(["up"], options);
      assertEquals(code, 0, stderr);
      const sql = postgres(options.env.DATABASE_URL!, { max: 1, prepare: false });
      const limits = await sql.unsafe(
        "select current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement",
      );
      await sql.end();
      assertEquals([limits[0]?.lock, limits[0]?.statement], ["0", "0"]);
    },
  ));

for (
  const [what, up] of Object.entries({
    "SET": "-- mig: no-transaction\nset search_path = elsewhere;\ncreate table t (id integer);",
    "SELECT": "-- mig: no-transaction\nselect pg_catalog.set_config('search_path', '', false);",
    "CREATE": "-- mig: no-transaction\ncreate temp table t (id integer);\ninsert into t values (1);",
    "PREPARE": "prepare q as select 1;\nexecute q;",
  })
) {
  Deno.test(`behind PgBouncer what ${what} does to the session is refused before anything runs`, () =>
    behindPooler([PEOPLE, { up }], async ({ database, options }) => {
      assertEquals((await mig(["up", "--dry-run"], options)).code, 1);
      const { code, stderr } = await mig(["up"], options);
      assertEquals(code, 1, stderr);
      assertStringIncludes(stderr, `what ${what} does to the session would not be there`);
      const { port } = new URL(database.url);
      assertMatch(
        stderr,
        new RegExp(`the server itself, which says that it is postgres://\\w+@127.0.0.1:${port}/`),
      );
      assertEquals(await database.applied(), []);
      const direct = { ...options, env: { DATABASE_URL: database.url } };
      if (what !== "SET") assertEquals((await mig(["up"], direct)).code, 0);
    }));
}

Deno.test("behind PgBouncer mig unlock shows the session that keeps the lock", () =>
  behindPooler([{ up: "select pg_sleep(3);" }], async ({ options }) => {
    const running = startMig(["up"], options);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    const { data } = JSON.parse((await mig(["unlock", "--json"], options)).stdout);
    assertEquals(data.holder.activity, "keeping");
    const second = await mig(["up", "--lock-wait", "500ms"], options);
    assertEquals(second.code, 1);
    assertStringIncludes(second.stderr, "another run of mig holds the lock");
    assertEquals((await running.result).code, 0);
  }));

const USERS = {
  up: "create table users (id integer primary key, slug text, touched integer default 0);\n" +
    "insert into users select n from generate_series(1, 600) n;",
};

/** Fills the column slug, ten rows at a time. */
const slugs = (directive: string) => ({
  up: `-- mig: no-transaction\n${directive}
update users set slug = 's' || id, touched = touched + 1
 where id in (select id from users where slug is null order by id limit 10);
create index concurrently users_slug on users (slug);`,
});

/** Waits until a round of the batch is noted. */
async function firstRound(database: TestDatabase): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    const [row] = await database.query("select 1 from mig_version where batch_rows > 0").catch(() => []);
    if (row !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error("waited in vain for a round");
}

const EACH_ONCE = [{ touched: 1, rows: 600 }];
const touched = (database: TestDatabase) =>
  database.query("select touched, count(*)::int as rows from users group by 1 order by 1");

Deno.test("behind PgBouncer a batch changes each row once, and keeps other runs away until it is done", () =>
  behindPooler([USERS, slugs("-- mig: batch pause 20ms")], async ({ database, options }) => {
    assertEquals((await mig(["up", "+1"], options)).code, 0);
    const running = startMig(["up", "--verbose"], options);
    await firstRound(database);
    const other = await mig(["up", "--lock-wait", "200ms"], options);
    assertEquals(other.code, 1);
    assertStringIncludes(other.stderr, "another run of mig holds the lock");
    const waiting = startMig(["up"], options);
    const { code, stderr } = await running.result;
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "a pooler stands in between");
    assertMatch(stderr, / 1 of 2 {2}update users: 600 rows in 60 rounds, /);
    assertStringIncludes((await waiting.result).stdout, "Nothing to do");
    assertEquals(await touched(database), EACH_ONCE);
    assertEquals(await database.query(LOCKS), []);
  }));

Deno.test("behind PgBouncer a batch that is killed, and again, goes on behind its last round", () =>
  behindPooler([USERS, slugs("-- mig: batch pause 20ms")], async ({ database, options }) => {
    assertEquals((await mig(["up", "+1"], options)).code, 0);
    let before = 0;
    for (let kills = 0; kills < 4; kills++) {
      const running = startMig(["up"], options);
      for (let tries = 0; tries < 200; tries++) {
        const [row] = await database.query("select coalesce(sum(batch_rows), 0)::int as n from mig_version");
        if (row.n >= before + 30) break;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      running.process.kill("SIGKILL");
      await running.result;
      const [done] = await database.query("select count(slug)::int as n from users");
      assertEquals(done.n > before && done.n < 600, true, `${before} rows before, then ${done.n}`);
      before = done.n;
    }
    const { code, stderr } = await mig(["up"], options);
    assertEquals(code, 0, stderr);
    assertMatch(stderr, /was interrupted; goes on in statement 1 of 2, after \d+ rows/);
    assertEquals(await touched(database), EACH_ONCE);
    assertEquals(await database.applied(), [0, 1].map(idAt));
    assertEquals(await database.query(LOCKS), []);
  }));

/** The sessions that keep a lock for a run. */
const END_KEEPERS = `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
  and database = (select oid from pg_database where datname = current_database())`;

/** PgBouncer tells of pg_terminate_backend, or of a lost connection, by who hears of it first; and who is told to stop does. */
async function stopsAsTold(stderr: string, options: Parameters<typeof mig>[1]): Promise<void> {
  assertMatch(stderr, /mig takes that as being told to stop/);
  const { code, stderr: again } = await mig(["up"], options);
  assertEquals(code, 0, again);
}

Deno.test("behind PgBouncer a batch takes its lock anew when the session has ended that kept it", () =>
  behindPooler([USERS, slugs("-- mig: batch pause 50ms")], async ({ database, options }) => {
    assertEquals((await mig(["up", "+1"], options)).code, 0);
    const running = startMig(["up"], options);
    await firstRound(database);
    await database.query(END_KEEPERS);
    const { code, stderr } = await running.result;
    // In mid-batch, and not only at the next statement.
    assertMatch(stderr, /the connection was lost.*; finds out/);
    if (code === 0) assertMatch(stderr, /goes on in statement 1 of 2, after \d+ rows/);
    else await stopsAsTold(stderr, options);
    assertEquals(await touched(database), EACH_ONCE);
  }));

Deno.test("behind PgBouncer a batch that may not connect again says that its lock is gone, and what it has done", () =>
  behindPooler([USERS, slugs("-- mig: batch pause 50ms")], async ({ database, options }) => {
    assertEquals((await mig(["up", "+1"], options)).code, 0);
    const running = startMig(["up", "--reconnect", "0", "--json"], options);
    await firstRound(database);
    await database.query(END_KEEPERS);
    const { code, stdout } = await running.result;
    const { error } = JSON.parse(stdout);
    assertEquals([code, error.code, error.data.applied], [1, "lock-lost", [idAt(0)]]);
    assertMatch(error.message, /the session that keeps other runs away has ended/);
    assertMatch(error.hints.join("\n"), /and so do \d+ rows of the next one.*\n`mig up` goes on from there/);
    assertEquals((await mig(["up"], options)).code, 0);
    assertEquals(await touched(database), EACH_ONCE);
  }));

Deno.test("behind PgBouncer another run that gets the lock of a batch goes on with it, and the first sees that", () =>
  behindPooler([USERS, slugs("-- mig: batch pause 50ms")], async ({ database, options }) => {
    assertEquals((await mig(["up", "+1"], options)).code, 0);
    const first = startMig(["up"], options);
    await firstRound(database);
    const others = [startMig(["up"], options), startMig(["up"], options)];
    await new Promise((resolve) => setTimeout(resolve, 700));
    await database.query(END_KEEPERS);
    for (const { result } of [first, ...others]) {
      const { code, stderr } = await result;
      if (code !== 0) await stopsAsTold(stderr, options);
    }
    assertEquals(await touched(database), EACH_ONCE);
    assertEquals(await database.applied(), [0, 1].map(idAt));
    assertEquals(await database.query(LOCKS), []);
  }));

Deno.test("behind PgBouncer a batch goes on by itself when the line to the pooler is cut", () =>
  behindPooler([USERS, slugs("-- mig: batch pause 20ms")], async ({ database, options }) => {
    assertEquals((await mig(["up", "+1"], options)).code, 0);
    const url = new URL(options.env.DATABASE_URL!);
    await using line = new Proxy(Number(url.port));
    url.port = String(line.port);
    const running = startMig(["up"], { ...options, env: { DATABASE_URL: url.href } });
    await firstRound(database);
    line.cut();
    const { code, stderr } = await running.result;
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "the connection was lost; finds out what was committed");
    assertMatch(stderr, /goes on in statement 1 of 2, after \d+ rows/);
    assertEquals(await touched(database), EACH_ONCE);
    assertEquals(await database.query(LOCKS), []);
  }));

Deno.test("a PgBouncer that ends idle transactions does not keep a batch from its end", () =>
  behindPooler(
    [USERS, { up: slugs("-- mig: batch pause 2500ms").up.replace("limit 10", "limit 300") }],
    async ({ database, options }) => {
      const { code, stderr } = await mig(["up"], options);
      assertEquals(code, 0, stderr);
      assertMatch(stderr, /the connection was lost.*idle transaction timeout/);
      assertEquals(await touched(database), EACH_ONCE);
    },
    "idle_transaction_timeout = 1",
  ));
