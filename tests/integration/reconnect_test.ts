/** Connections that are lost in mid-run, for real: mig finds out what was committed, and goes on or stops with the truth. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import postgres from "postgres";
import { COPY_LINES, INSERT_LINES, writeLines } from "../support/large_file.ts";
import { type RunningMig, startMig } from "../support/mig.ts";
import { idAt, project, type RevisionLiteral } from "../support/project.ts";
import { Proxy } from "../support/proxy.ts";
import { TestServer } from "../support/server.ts";

const SLEEP = "select pg_sleep(1.2)";
const CHAIN: readonly RevisionLiteral[] = [
  { up: "create table log (s text);\ninsert into log values ('one');" },
  { up: `insert into log values ('two');\n${SLEEP};\ncreate table two (id integer);`, down: "select 1;" },
  { up: "insert into log values ('three');" },
];
const ALL = "one three two";

class Scene implements AsyncDisposable {
  private constructor(readonly server: TestServer, readonly proxy: Proxy, readonly folder: string) {}

  static async make(chain: readonly RevisionLiteral[] = CHAIN): Promise<Scene> {
    const server = await TestServer.start();
    const files = await project(chain);
    return new Scene(server, new Proxy(server.port), files.folder);
  }

  up(...args: string[]): RunningMig {
    const url = this.server.url().replace(`:${this.server.port}/`, `:${this.proxy.port}/`);
    return startMig(["up", ...args], { cwd: this.folder, env: { DATABASE_URL: url } });
  }

  async sql<T>(use: (sql: postgres.Sql) => Promise<T>): Promise<T> {
    const sql = postgres(this.server.url(), { max: 1, onnotice: () => {} });
    try {
      return await use(sql);
    } finally {
      await sql.end({ timeout: 1 });
    }
  }

  async text(query: string): Promise<string | null> {
    const [row] = await this.sql((sql) => sql.unsafe(query));
    return row === undefined ? null : String(Object.values(row)[0]);
  }

  /** Waits until a backend of mig is at that, and gives its pid. */
  async at(query: string, more = "true"): Promise<number> {
    return await this.sql(async (sql) => {
      for (let tries = 0; tries < 400; tries++) {
        const [row] = await sql.unsafe(
          `select pid from pg_stat_activity where application_name = 'mig' and state = 'active' and query like '%${query}%' and ${more}`,
        );
        if (row !== undefined) return Number(row.pid);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      throw new Error(`waited in vain for ${query}`);
    });
  }

  log(): Promise<string | null> {
    return this.text("select string_agg(s, ' ' order by s) from log");
  }

  applied(): Promise<string | null> {
    return this.text("select string_agg(id, ' ' order by seq) from mig_version where unfinished is null");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.proxy[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** Windows has no signals that stop and go on, or interrupt. */
function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, ignore: Deno.build.os === "windows" });
}

const IDS = CHAIN.map((_, i) => idAt(i)).join(" ");

test("a line that is cut: mig waits for what the server still runs, and goes on", async () => {
  await using scene = await Scene.make();
  const running = scene.up();
  await scene.at("pg_sleep");
  scene.proxy.cut();
  const { code, stdout, stderr } = await running.result;
  assertEquals(code, 0, stderr);
  assertStringIncludes(stderr, "the connection was lost; finds out what was committed");
  assertMatch(
    stderr,
    /waiting for the server to end this run's own session, whose connection was lost: pid \d+ \(application "mig"/,
  );
  assert(!stderr.includes("another run"), stderr);
  assertMatch(stderr, /connected again: 1 of 3 steps are done; goes on with up +0000a002/);
  assertStringIncludes(stdout, "Applied 3 revisions");
  assertEquals(await scene.log(), ALL);
  assertEquals(await scene.applied(), IDS);
});

test("its own session is waited for by --reconnect, however little patience there is with other runs", async () => {
  await using scene = await Scene.make();
  const running = scene.up("--lock-wait", "0");
  await scene.at("pg_sleep");
  scene.proxy.cut();
  const { code, stderr } = await running.result;
  assertEquals(code, 0, stderr);
  assertEquals(await scene.log(), ALL);
});

test("a session that does not end in time is called its own, with how to end it", async () => {
  // A backend that is stopped notices nothing, as one that waits for its disk does.
  await using scene = await Scene.make();
  const running = scene.up("--reconnect", "1s", "--lock-wait", "1s");
  const pid = await scene.at("pg_sleep");
  Deno.kill(pid, "SIGSTOP");
  scene.proxy.cut();
  const { code, stderr } = await running.result;
  Deno.kill(pid, "SIGCONT");
  assertEquals(code, 1, stderr);
  assertMatch(stderr, /this run's own session, whose connection was lost, still holds the lock .* after 1 s/);
  assertStringIncludes(stderr, `select pg_terminate_backend(${pid})`);
});

for (const [what, lines] of Object.entries({ "COPY data": COPY_LINES, "INSERTs": INSERT_LINES })) {
  for (const how of ["cut line", "killed backend"] as const) {
    test(`a large file of ${what} begins again from its first statement behind a ${how}`, async () => {
      await using scene = await Scene.make([CHAIN[0]!, { up: "" }, CHAIN[2]!]);
      const half = `create function slow() returns trigger language plpgsql as
        $$ begin if new.id = 20000 then perform pg_sleep(1.2); end if; return new; end $$;
        create trigger slow before insert on big for each row execute function slow();\n`;
      const [create, ...rest] = lines.head.split("\n");
      const up = `${scene.folder}/migrations/20260101T0001_0000a002/up.sql`;
      const head = [create, half, ...rest].join("\n");
      const rows = await writeLines(up, { ...lines, head }, 9 << 20);
      // What waits for no disk may be lost with the server.
      const running = scene.up("--flush", "revision");
      const pid = await scene.at("", "wait_event = 'PgSleep'");
      if (how === "cut line") scene.proxy.cut();
      else Deno.kill(pid, "SIGKILL");
      const { code, stdout, stderr } = await running.result;
      assertEquals(code, 0, stderr);
      assertMatch(
        stderr,
        /connected again: 1 of 3 steps are done;( 1 of them committed just before;)? goes on with up +0000a002/,
      );
      assertStringIncludes(stdout, "Applied 3 revisions");
      assertEquals(await scene.text("select count(*) from big"), String(rows));
      assertEquals(await scene.text("select count(distinct id) from big"), String(rows));
      assertEquals(await scene.log(), "one three");
      assertEquals(await scene.applied(), IDS);
    });
  }
}

test("a large file whose line is cut with --reconnect 0 leaves nothing, and says so", async () => {
  await using scene = await Scene.make([CHAIN[0]!, { up: "" }]);
  const up = `${scene.folder}/migrations/20260101T0001_0000a002/up.sql`;
  await writeLines(up, { ...INSERT_LINES, head: `${INSERT_LINES.head}${SLEEP};\n` }, 9 << 20);
  const running = scene.up("--reconnect", "0");
  await scene.at("pg_sleep");
  scene.proxy.cut();
  const { code, stderr } = await running.result;
  assertEquals(code, 1);
  // While the file is read, the answer to what came before it may not have been heard yet.
  assertStringIncludes(stderr, "the last one applied is 0000a001");
  assertEquals(await scene.applied(), idAt(0));
  assertEquals(await scene.text("select to_regclass('big')"), "null");
});

for (const mode of ["immediate", "fast"] as const) {
  test(`a server that is stopped (${mode}) and started again: mig waits for it, and goes on`, async () => {
    await using scene = await Scene.make();
    const running = scene.up();
    await scene.at("pg_sleep");
    await scene.server.stop(mode);
    await new Promise((resolve) => setTimeout(resolve, 800));
    await scene.server.start();
    const { code, stderr } = await running.result;
    assertEquals(code, 0, stderr);
    assertMatch(stderr, /the connection was lost(: terminating connection due to .*)?; finds out/);
    assertEquals(await scene.log(), ALL);
    assertEquals(await scene.applied(), IDS);
  });
}

test("a backend that is killed: the server recovers, and mig goes on", async () => {
  await using scene = await Scene.make();
  const running = scene.up();
  Deno.kill(await scene.at("pg_sleep"), "SIGKILL");
  const { code, stderr } = await running.result;
  assertEquals(code, 0, stderr);
  assertEquals(await scene.log(), ALL);
  assertEquals(await scene.applied(), IDS);
});

test("mig's session is ended by somebody: it says so, and does not go on by itself", async () => {
  await using scene = await Scene.make();
  const running = scene.up();
  const pid = await scene.at("pg_sleep");
  await scene.text(`select pg_terminate_backend(${pid})`);
  const { code, stderr } = await running.result;
  assertEquals(code, 1);
  assertStringIncludes(stderr, 'cannot apply revision 0000a002 "revision 2": terminating connection due to');
  assertStringIncludes(stderr, `somebody has ended mig's session, pid ${pid} (pg_terminate_backend)`);
  assertStringIncludes(stderr, "nothing of this revision was kept; ");
  assertStringIncludes(stderr, "the last one applied is 0000a001");
  assertEquals(await scene.log(), "one");
  assertEquals(await scene.applied(), idAt(0));
});

test("a statement that brings the server down each time is not tried for ever", async () => {
  await using scene = await Scene.make([CHAIN[0]!, {
    // As the kernel does it to a backend that takes too much memory.
    up: `insert into log values ('two');
      create function crash() returns void language plpgsql as $$ begin
        execute format('copy (select 1) to program %L', 'sleep 0.2; kill -9 ' || pg_backend_pid());
      end $$;\nselect crash();`,
  }]);
  const { code, stderr } = await scene.up().result;
  assertEquals(code, 1, stderr);
  assertStringIncludes(stderr, "the connection was lost 3 times at the same place");
  assertStringIncludes(stderr, "the last one applied is 0000a001");
  assertEquals(await scene.log(), "one");
  assertEquals((await scene.server.log()).match(/terminated by signal 9/g)?.length, 3);
});

test("--reconnect 0 stops when the connection is lost, and tells what is applied", async () => {
  await using scene = await Scene.make();
  const running = scene.up("--reconnect", "0");
  await scene.at("pg_sleep");
  scene.proxy.cut();
  const { code, stderr } = await running.result;
  assertEquals(code, 1);
  assertStringIncludes(stderr, "the connection to the server was lost");
  assertStringIncludes(stderr, "nothing of this revision was kept; ");
  assertEquals(await scene.applied(), idAt(0));
});

test("a server that does not come back in time: mig stops, and claims nothing", async () => {
  await using scene = await Scene.make();
  const running = scene.up("--reconnect", "1s", "--json");
  await scene.at("pg_sleep");
  await scene.server.stop("immediate");
  const { code, stdout } = await running.result;
  const { error } = JSON.parse(stdout);
  assertEquals([code, error.code, error.data.applied], [1, "connection-lost", undefined]);
  assertMatch(error.hints.join("\n"), /could not be reached again within 1 s: [^]*cannot be asked now/);
  await scene.server.start();
});

test("Ctrl-C ends the wait for a server that is away", async () => {
  await using scene = await Scene.make();
  const running = scene.up();
  await scene.at("pg_sleep");
  await scene.server.stop("immediate");
  await new Promise((resolve) => setTimeout(resolve, 500));
  running.process.kill("SIGINT");
  const { code, stderr } = await running.result;
  assertEquals(code, 130, stderr);
  assertStringIncludes(stderr, "cannot be asked now");
  await scene.server.start();
});

test("the connection is lost during COMMIT: the version table tells whether it was done", async () => {
  await using scene = await Scene.make([CHAIN[0]!, {
    // Whoever waits in a deferred trigger is in the middle of its COMMIT.
    up:
      `create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.8); return null; end $$;
      create constraint trigger slow after insert on log deferrable initially deferred
        for each row execute function slow();
      insert into log values ('two');`,
  }, { up: "drop trigger slow on log;\ninsert into log values ('three');" }]);
  const running = scene.up();
  await scene.at("release savepoint", "wait_event = 'PgSleep'");
  scene.proxy.cut();
  const { code, stderr } = await running.result;
  assertEquals(code, 0, stderr);
  assertMatch(stderr, /connected again: [12] of 3 steps are done/);
  assertEquals(await scene.log(), ALL);
  assertEquals(await scene.applied(), IDS);
});

test("another run that gets in between: mig stops, and says that somebody else was at it", async () => {
  await using scene = await Scene.make();
  const running = scene.up("--flush", "revision");
  await scene.at("pg_sleep");
  // Whoever does this has to be quicker than mig's next attempt.
  running.process.kill("SIGSTOP");
  await scene.server.stop("immediate");
  await scene.server.start();
  await scene.sql((sql) =>
    sql.unsafe(
      `insert into mig_version select 'other', 9, parents, depends_on, labels, 'by hand', up_sql, down_sql,
      checksum, now(), applied_by, 1 from mig_version limit 1`,
    )
  );
  running.process.kill("SIGCONT");
  const { code, stderr } = await running.result;
  assertEquals(code, 1, stderr);
  assertStringIncludes(stderr, "somebody else has changed the version table meanwhile: see `mig status`");
  assertEquals(await scene.log(), "one");
});

test("a no-transaction file goes on behind the last statement that is done", async () => {
  await using scene = await Scene.make([CHAIN[0]!, {
    up:
      `-- mig: no-transaction\ninsert into log values ('two');\ncreate index concurrently log_s on log (s);\n${SLEEP};`,
  }, CHAIN[2]!]);
  const running = scene.up();
  await scene.at("pg_sleep");
  await scene.server.stop("immediate");
  await scene.server.start();
  const { code, stderr } = await running.result;
  assertEquals(code, 0, stderr);
  assertStringIncludes(stderr, "goes on after statement 2 of 3");
  assertEquals(await scene.log(), ALL);
});
