/** What is on disk when: a run flushes once, before mig says what is done. The server crashes in between. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { mig, startMig } from "../support/mig.ts";
import { idAt, project, type RevisionLiteral } from "../support/project.ts";
import { TestServer } from "../support/server.ts";

const CHAIN: readonly RevisionLiteral[] = [1, 2, 3].map((n) => ({
  up: `create table t${n} (id integer);\ninsert into t${n} values (${n});`,
  down: `drop table t${n};`,
}));

/** A server that writes what is committed without a flush only after seconds, and logs every statement. */
async function lazyServer(): Promise<TestServer> {
  return await TestServer.start({
    fsync: true,
    settings: { wal_writer_delay: "10s", wal_writer_flush_after: "1GB", log_statement: "all" },
  });
}

/** Ends every process of the server at once, with what it had only in memory, and starts it again. */
async function crash(server: TestServer): Promise<void> {
  await server.stop("immediate");
  await server.start();
}

async function applied(server: TestServer): Promise<string[]> {
  const { default: postgres } = await import("postgres");
  const sql = postgres(server.url(), { max: 1, onnotice: () => {} });
  try {
    return (await sql`select id from mig_version order by seq`).map(({ id }) => id);
  } finally {
    await sql.end();
  }
}

async function countInLog(server: TestServer, text: string): Promise<number> {
  return (await server.log()).split(text).length - 1;
}

Deno.test("what a run says is done survives a crash of the server, and it flushes once", async () => {
  await using server = await lazyServer();
  await using files = await project(CHAIN);
  const run = (...args: string[]) => mig(args, { cwd: files.folder, env: { DATABASE_URL: server.url() } });
  assertEquals((await run("up")).code, 0);
  await crash(server);
  assertEquals(await applied(server), [idAt(0), idAt(1), idAt(2)]);
  assertEquals(await countInLog(server, "set local synchronous_commit = off"), 2);

  assertEquals((await run("down", "base", "--flush", "revision")).code, 0);
  await crash(server);
  assertEquals(await applied(server), []);
  assertEquals(await countInLog(server, "set local synchronous_commit = off"), 2);
});

Deno.test("what a failed run says is applied survives a crash of the server", async () => {
  await using server = await lazyServer();
  await using files = await project([...CHAIN, { up: "select 1/0;" }]);
  const { code, stderr } = await mig(["up"], { cwd: files.folder, env: { DATABASE_URL: server.url() } });
  assertEquals(code, 1);
  assertStringIncludes(stderr, `the last one applied is ${idAt(2)}`);
  await crash(server);
  assertEquals(await applied(server), [idAt(0), idAt(1), idAt(2)]);
});

Deno.test("a crash in mid-run leaves a shorter chain, never a wrong one, and the next run completes it", async () => {
  await using server = await lazyServer();
  await using files = await project([...CHAIN, { up: "select pg_sleep(30);" }, {
    up: "create table t5 (id integer);",
  }]);
  const env = { DATABASE_URL: server.url() };
  assertEquals((await mig(["up", "+1"], { cwd: files.folder, env })).code, 0);
  const running = startMig(["up", "--reconnect", "0"], { cwd: files.folder, env });
  for (let tries = 0; (await countInLog(server, "pg_sleep(30)")) === 0; tries++) {
    if (tries > 200) throw new Error("the run did not come so far");
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  await crash(server);
  const { code, stderr } = await running.result;
  assertEquals(code, 1, stderr);
  const ids = CHAIN.map((_, i) => idAt(i));
  const left = await applied(server);
  assertEquals(left, ids.slice(0, left.length));
  await files.add({ up: "select 4;" }, 3);
  const next = await mig(["up"], { cwd: files.folder, env });
  assertEquals(next.code, 0, next.stderr);
  assertEquals((await applied(server)).length, 5);
});
