/** A standby that really receives: what only reads works there, and what writes says where to go. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { mig } from "../support/mig.ts";
import { project } from "../support/project.ts";
import { TestServer } from "../support/server.ts";

Deno.test("a standby answers what only reads, and refuses the rest with the primary's address", async () => {
  await using primary = await TestServer.start();
  await using files = await project([
    { message: "users", up: "create table users (id int);", down: "drop table users;" },
    { message: "phone", up: "alter table users add phone text;", down: "alter table users drop phone;" },
  ]);
  const on = (server: TestServer, user: string, ...args: string[]) =>
    mig(args, { cwd: files.folder, env: { DATABASE_URL: server.url("postgres", user) } });
  assertEquals((await on(primary, "postgres", "up", "+1")).code, 0);
  await using standby = await primary.standby();
  // What is written from now on arrives by replication.
  assertEquals((await on(primary, "postgres", "up", "+1")).code, 0);
  for (let wait = 0; wait < 100; wait++) {
    const { stdout } = await on(standby, "postgres", "current");
    if (stdout.includes("0000a002")) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }

  const status = await on(standby, "postgres", "status");
  assertEquals(status.code, 0, status.stderr);
  assertStringIncludes(status.stdout, "applied   2 of 2");
  for (
    const args of [["check"], ["history"], ["show", "head", "--applied"], ["up", "-n"], [
      "down",
      "base",
      "-n",
    ]]
  ) {
    const { code, stderr } = await on(standby, "postgres", ...args);
    assertEquals(code, 0, `${args}: ${stderr}`);
  }
  for (const args of [["up"], ["down", "base"], ["stamp", "base"], ["redo"]]) {
    const { code, stderr } = await on(standby, "postgres", ...args);
    assertEquals(code, 1, stderr);
    assertStringIncludes(stderr, "is a standby, which only reads");
    assertStringIncludes(
      stderr,
      `connect to the primary, from which it receives its data: 127.0.0.1:${primary.port}`,
    );
    assert(!stderr.includes("in-the-conninfo"), stderr);
  }

  // A role that may not see the receiver, and a standby whose primary is gone.
  await mig(["up"], { cwd: files.folder, env: { DATABASE_URL: primary.url() } });
  await primary.stop("immediate");
  const alone = await on(standby, "postgres", "up");
  assertStringIncludes(alone.stderr, `receives its data: 127.0.0.1:${primary.port}`);
});

Deno.test("a role that may not see where a standby receives from is told how to find out", async () => {
  await using primary = await TestServer.start();
  await using files = await project([{ up: "select 1;" }]);
  await mig(["up"], { cwd: files.folder, env: { DATABASE_URL: primary.url() } });
  await files.add({ up: "create role guest login; grant select on mig_version to guest;" }, 1);
  assertEquals((await mig(["up"], { cwd: files.folder, env: { DATABASE_URL: primary.url() } })).code, 0);
  await using standby = await primary.standby();
  const env = { DATABASE_URL: standby.url("postgres", "guest") };
  assertEquals((await mig(["status"], { cwd: files.folder, env })).code, 0);
  const { code, stderr } = await mig(["up", "--json"], { cwd: files.folder, env });
  assertEquals(code, 1, stderr);
  const { stdout } = await mig(["up", "--json"], { cwd: files.folder, env });
  const { error } = JSON.parse(stdout);
  assertEquals([error.code, error.data.primary], ["read-only-server", null]);
  assertStringIncludes(error.hints[0], "pg_stat_wal_receiver");
  assert(!stdout.includes("in-the-conninfo"));
});
