/** Two runs on one database: the second one waits, says for whom, and gives up in the end. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { findVersionTable } from "../../src/engine/version_table.ts";
import { openPostgres } from "../../src/postgres/database.ts";
import { systemSurroundings } from "../../src/postgres/surroundings.ts";
import { parseDatabaseUrl } from "../../src/postgres/url.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { mig, type RunningMig, startMig } from "../support/mig.ts";
import { idAt, project } from "../support/project.ts";
import { faultsOf } from "../support/schemas.ts";

interface Scene {
  readonly database: TestDatabase;
  readonly run: (...args: string[]) => ReturnType<typeof mig>;
  /** A run in the middle of its only revision. */
  readonly first: RunningMig;
}

/** While a run is in the middle of a revision. */
async function duringARun(up: string, hold: (scene: Scene) => Promise<void>): Promise<void> {
  await using database = await freshDatabase();
  await using files = await project([{ up }]);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  const first = startMig(["up"], options);
  const lock = "select count(*)::int as n from pg_locks l join pg_database d on d.oid = l.database " +
    "where l.locktype = 'advisory' and d.datname = current_database()";
  while ((await database.query(lock))[0].n === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await new Promise((resolve) => setTimeout(resolve, 200));
  await hold({ database, run: (...args) => mig(args, options), first });
  await first.result;
}

Deno.test("the second run says who holds the lock and since when, waits, and finds all done", () =>
  duringARun("create table t (id integer);\nselect pg_sleep(1.5);", async ({ database, run, first }) => {
    const second = await run("up");
    assertEquals(second.code, 0, second.stderr);
    assertMatch(
      second.stderr,
      /waiting for another run of mig to finish: pid \d+ \(application "mig", user "\w+".*since \d{4}-\d\d-\d\dT/,
    );
    assertStringIncludes(second.stdout, "Nothing to do");
    assertEquals((await first.result).code, 0);
    assertEquals(await database.applied(), [idAt(0)]);
  }));

Deno.test("after --lock-wait the second run gives up, and names the holder and mig unlock", () =>
  duringARun("select pg_sleep(4);", async ({ run }) => {
    const started = performance.now();
    const { code, stderr, stdout } = await run("up", "--lock-wait", "1s", "--json");
    assert(performance.now() - started < 3500);
    assertEquals(code, 1);
    assertMatch(stderr, /another run of mig holds the lock on "public"."mig_version" after 1 s/);
    assertMatch(stderr, /hint: it is pid \d+ \(application "mig"/);
    assertStringIncludes(stderr, "`mig unlock`");
    assertEquals(JSON.parse(stdout).error.code, "lock-timeout");
  }));

Deno.test("mig unlock shows who holds the lock and how to end that, and changes nothing", () =>
  duringARun("select pg_sleep(30);", async ({ database, run, first }) => {
    const { code, stdout } = await run("unlock");
    assertEquals(code, 0);
    assertMatch(stdout, /pid \d+ holds the lock on "public"."mig_version"/);
    assertMatch(stdout, /state +active for \d+ s: select pg_sleep/);
    assertMatch(stdout, /seems +alive: it works/);
    const answer = JSON.parse((await run("unlock", "--json")).stdout);
    assertEquals(faultsOf("unlock", answer), []);
    const { holder, statement } = answer.data;
    assertEquals([holder.activity, holder.application], ["working", "mig"]);
    assertStringIncludes(stdout, statement);

    await database.query(statement);
    const ended = await first.result;
    assertEquals(ended.code, 1, ended.stderr);
    const after = await run("unlock");
    assertMatch(after.stdout, /^Nobody holds the lock on "public"."mig_version"/);
    assertEquals(faultsOf("unlock", JSON.parse((await run("unlock", "--json")).stdout)), []);
    assertEquals(await database.applied(), []);
  }));

Deno.test("mig unlock tells a run that waits for others, and for whom", async () => {
  await using database = await freshDatabase();
  await database.query("create table people (id integer)");
  const other = database.session();
  await other.unsafe("begin; lock table people");
  await using files = await project([{ up: "drop table people;" }]);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  const first = startMig(["up", "--lock-timeout", "20s"], options);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const { stdout } = await mig(["unlock"], options);
  assertMatch(
    stdout,
    /seems +alive: it waits for pid \d+ \(user "\w+", application "mig test".*lock table people\)/,
  );
  assertEquals(faultsOf("unlock", JSON.parse((await mig(["unlock", "--json"], options)).stdout)), []);
  await other.end({ timeout: 0 });
  assertEquals((await first.result).code, 0);
});

Deno.test("mig unlock tells a session whose client is silent from one that works", async () => {
  await using database = await freshDatabase();
  await using files = await project([{ up: "select 1;" }]);
  await files.write("mig.json", JSON.stringify({ hooks: { before_up: "sleep 13" } }));
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  const first = startMig(["up"], options);
  await new Promise((resolve) => setTimeout(resolve, 11_500));
  const { data } = JSON.parse((await mig(["unlock", "--json"], options)).stdout);
  assertEquals([data.holder.activity, data.holder.state], ["silent", "idle"]);
  assertStringIncludes((await mig(["unlock"], options)).stdout, "a hook may be running");
  assertEquals((await first.result).code, 0);
});

Deno.test("a version table that another run makes at this moment is never taken for one elsewhere", async () => {
  await using database = await freshDatabase();
  await using session = await openPostgres(parseDatabaseUrl(database.url, systemSurroundings({}))).connect();
  let making = true;
  const others = (async () => {
    for (let round = 0; round < 300; round++) {
      await database.query("create table mig_version (id text, up_sql text)");
      await database.query("drop table mig_version");
    }
    making = false;
  })();
  const said = new Set<string>();
  while (making) {
    await findVersionTable(session, "mig_version").catch((error) => said.add(String(error)));
  }
  await others;
  // That the table has not the columns of a version table is true.
  assertEquals([...said].filter((text) => text.includes("search_path")), []);
});
