/** Who blocks a run is told while it waits, and ended only where that was asked for. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import postgres from "postgres";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { mig, startMig } from "../support/mig.ts";
import { idAt, project, type TestProject } from "../support/project.ts";
import { TestServer } from "../support/server.ts";

/** A project whose second revision changes the table people, and what another session does to that. */
class Scene implements AsyncDisposable {
  readonly #sessions: postgres.Sql[] = [];
  private constructor(readonly database: TestDatabase, readonly files: TestProject) {}

  static async make(second = "alter table people add column phone text;"): Promise<Scene> {
    const database = await freshDatabase();
    const scene = new Scene(
      database,
      await project([{ up: "create table people (id integer);" }, { up: second }]),
    );
    const { code, stderr } = await mig(["up", "+1"], scene.options());
    assertEquals(code, 0, stderr);
    return scene;
  }

  options(user?: string) {
    const url = new URL(this.database.url);
    if (user !== undefined) url.username = user;
    return { cwd: this.files.folder, env: { DATABASE_URL: url.href } };
  }

  /** Begins a transaction that reads people, in a session that calls itself "web"; gives what ends it. */
  async block(
    sql = "select 'a secret', 4111111111111111 from people where id = 42",
  ): Promise<() => Promise<void>> {
    const session = this.database.session();
    this.#sessions.push(session);
    await session.unsafe("set application_name = 'web'");
    await session.unsafe("begin");
    await session.unsafe(sql);
    return async () => void await session.unsafe("rollback").catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of this.#sessions) await session.end({ timeout: 0 });
    await this.database[Symbol.asyncDispose]();
    await this.files[Symbol.asyncDispose]();
  }
}

Deno.test("while it waits, a run tells once who blocks it, without what stands in the query", async () => {
  await using scene = await Scene.make();
  const release = await scene.block();
  const running = startMig(["up", "--lock-timeout", "5s"], scene.options());
  setTimeout(release, 3500);
  const { code, stderr } = await running.result;
  assertEquals(code, 0, stderr);
  assertMatch(
    stderr,
    /blocked by pid \d+ \(user "\w+", application "web".*transaction open for \d+ s, idle; its last query began \d+ s ago: select\)/,
  );
  assertEquals(stderr.split("blocked by").length, 2, stderr);
  assert(!stderr.includes("secret") && !stderr.includes("411111"), stderr);
  assertEquals(await scene.database.applied(), [0, 1].map(idAt));
});

Deno.test("a run that gives up says who was in the way, and how to end that", async () => {
  await using scene = await Scene.make();
  await scene.block("update people set id = 1");
  const args = ["up", "--lock-timeout", "900ms", "--lock-retries", "1", "--json"];
  const { code, stderr, stdout } = await mig(args, scene.options());
  assertEquals(code, 1);
  assertMatch(stderr, /waited too long for a lock \(pid \d+\); rolled back, tries again in/);
  assertMatch(stderr, /hint: blocked by pid \d+ \(.*application "web".*: update people\)/);
  assertMatch(stderr, /select pg_terminate_backend\(\d+\)/);
  assertStringIncludes(stderr, "--kill-blockers");
  const { error } = JSON.parse(stdout);
  assertEquals([error.code, error.data.blockers[0].application], ["lock-timeout", "web"]);
  assertEquals(error.data.tries, 2);
  assertMatch(error.message, /^cannot apply revision 0000a002 .*: canceling .* \(tried 2 times\)$/);
  assertEquals(await scene.database.applied(), [idAt(0)]);
});

for (const what of ["before_up", "after_up", "repeatable"] as const) {
  Deno.test(`the same for a SQL file of ${what}`, async () => {
    await using scene = await Scene.make("create table other (id integer);");
    const { files } = scene;
    const settings = what === "repeatable"
      ? { repeatable: "scripts" }
      : { hooks: { [what]: { sql: "scripts/lock.sql" } } };
    await files.write("mig.json", JSON.stringify(settings));
    await files.write("scripts/lock.sql", "select 1;\nalter table people add column phone text;");
    await scene.block("update people set id = 1");
    const args = ["up", "--lock-timeout", "900ms", "--lock-retries"];
    const { code, stderr, stdout } = await mig([...args, "1", "--json"], scene.options());
    assertEquals(code, 1);
    assertEquals(stderr.match(/^⏸ blocked by pid \d+ \(.*application "web"/gm)?.length, 1, stderr);
    assertMatch(stderr, /lock\.sql: waited too long for a lock \(pid \d+\); rolled back, tries again in/);
    const { error } = JSON.parse(stdout);
    assertEquals(error.code, what === "repeatable" ? "lock-timeout" : "hook-failed");
    assertMatch(error.message, /: canceling statement .* \(tried 2 times\)$/);
    assertEquals([error.data.tries, error.data.blockers[0].application], [2, "web"]);
    assertMatch(error.hints[0], /^blocked by pid \d+ \(.*: update people\)$/);
    assertMatch(error.hints[1], /select pg_terminate_backend\(\d+\)/);
    assertEquals(await scene.database.applied(), [0, 1].slice(0, what === "before_up" ? 1 : 2).map(idAt));

    const killing = await mig([...args, "3", "--kill-blockers"], scene.options());
    // A hook of a run that is done is not run again; there is nothing left to wait for.
    if (what !== "after_up") assertMatch(killing.stderr, /ended the session of pid \d+/);
    assertEquals(killing.code, 0, killing.stderr);
  });
}

Deno.test("--kill-blockers ends who blocks for longer than the lock timeout, and says so", async () => {
  await using scene = await Scene.make();
  await scene.block();
  const { code, stderr } = await mig(["up", "--kill-blockers", "--lock-timeout", "1s"], scene.options());
  assertEquals(code, 0, stderr);
  assertMatch(stderr, /ended the session of pid \d+ \(.*application "web"/);
  assertEquals(await scene.database.applied(), [0, 1].map(idAt));
});

Deno.test("a role that may not end sessions is told what an administrator has to grant", async () => {
  await using scene = await Scene.make();
  const role = `mig_locks_${crypto.randomUUID().slice(0, 8)}`;
  await scene.database.query(`create role ${role} login; alter table people owner to ${role};
    alter table mig_version owner to ${role}; grant create on schema public to ${role}`);
  const release = await scene.block();
  try {
    const args = ["up", "--kill-blockers", "--lock-timeout", "700ms", "--lock-retries", "2"];
    const { code, stderr } = await mig(args, scene.options(role));
    assertEquals(code, 1);
    assertMatch(stderr, new RegExp(`cannot end the session of pid .*grant pg_signal_backend to "?${role}`));
    assertEquals(stderr.split("cannot end the session").length, 2);
    assertEquals(await scene.database.applied(), [idAt(0)]);
  } finally {
    await release();
    await scene.database.query(`drop owned by ${role} cascade; drop role ${role}`);
  }
});

Deno.test("a prepared transaction in the way is named as one", async () => {
  await using server = await TestServer.start({ settings: { max_prepared_transactions: "1" } });
  await using files = await project([{ up: "create table people (id integer);" }, {
    up: "drop table people;",
  }]);
  const options = { cwd: files.folder, env: { DATABASE_URL: server.url() } };
  assertEquals((await mig(["up", "+1"], options)).code, 0);
  const sql = postgres(server.url(), { max: 1 });
  await sql.unsafe("begin; lock table people; prepare transaction 'of nobody'");
  await sql.end();
  const { stderr } = await mig(["up", "--lock-timeout", "900ms", "--lock-retries", "0"], options);
  assertStringIncludes(stderr, "pg_prepared_xacts");
});

Deno.test("a run that nobody blocks opens no second connection, however long its statements are", async () => {
  await using scene = await Scene.make("select pg_sleep(0.5);\nselect pg_sleep(0.5);\nselect pg_sleep(0.3);");
  const { code, stderr } = await mig(["up", "--verbose"], scene.options());
  assertEquals(code, 0, stderr);
  assertEquals(stderr.split("connected to").length, 2, stderr);
});

Deno.test("a run that cannot open a second connection goes on without", async () => {
  await using scene = await Scene.make();
  const role = `mig_one_${crypto.randomUUID().slice(0, 8)}`;
  await scene.database.query(
    `create role ${role} login connection limit 1; alter table people owner to ${role};
    alter table mig_version owner to ${role}; grant create on schema public to ${role}`,
  );
  const release = await scene.block();
  try {
    const running = startMig(["up", "--verbose"], scene.options(role));
    setTimeout(release, 2500);
    const { code, stderr } = await running.result;
    assertEquals(code, 0, stderr);
    assertMatch(stderr, /cannot see what blocks the run.*too many connections/);
  } finally {
    await release();
    await scene.database.query(`drop owned by ${role} cascade; drop role ${role}`);
  }
});
