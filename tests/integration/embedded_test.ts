/** The embedded database itself; what it shares with servers is in database_contract_test.ts. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { databaseOf, openEmbedded } from "../../src/embedded/database.ts";
import { EXTENSION_ARCHIVES } from "../../src/embedded/extensions.ts";
import { initialDataDir } from "../../src/embedded/initial_data.ts";
import { Instance, StartError } from "../../src/embedded/instance.ts";
import { MemoryKeeper } from "../../src/embedded/keeper.ts";
import { errorFieldsOf, messageOf, messagesIn, queryMessage } from "../../src/embedded/protocol.ts";
import { EmbeddedSocket } from "../../src/embedded/socket.ts";
import { type Notice, QueryError, type Session } from "../../src/engine/database.ts";
import { MigError } from "../../src/error.ts";
import { connectOverSocket } from "../../src/postgres/session.ts";

const temporary = await Deno.makeTempDir({ prefix: "mig-embedded-" });
const cacheDir = `${temporary}/cache`;
globalThis.addEventListener("unload", () => Deno.removeSync(temporary, { recursive: true }));

let folders = 0;
const newFolder = () => `${temporary}/${++folders}`;

function open(dataDir: string | null, waitMs = 20_000) {
  return openEmbedded({ dataDir, cacheDir, waitMs, connectSession: connectOverSocket });
}

async function inMemory(test: (session: Session, notices: Notice[]) => Promise<void>): Promise<void> {
  const notices: Notice[] = [];
  const database = open(null);
  {
    await using session = await database.connect({ onNotice: (notice) => notices.push(notice) });
    await test(session, notices);
  }
  await database.close();
}

async function value(session: Session, sql: string): Promise<string | null> {
  const { rows: [row] } = await session.send(sql);
  return Object.values(row!)[0]!;
}

async function sqlstateOf(answer: Promise<unknown>): Promise<string | undefined> {
  return (await assertRejects(() => answer, QueryError)).report?.sqlstate;
}

Deno.test("openEmbedded() touches nothing before connect()", () => {
  const folder = newFolder();
  const database = open(folder);
  assertEquals(database.description, `pglite:${folder}`);
  assertEquals(database.kind, "embedded");
  assertEquals([...Deno.readDirSync(temporary)].map(({ name }) => name), []);
});

Deno.test("a session says what it is connected to", () =>
  inMemory((session) => {
    assertEquals(session.pid, null);
    assertEquals(session.server.database, "postgres");
    assertEquals(session.server.schema, "public");
    assert(session.server.versionNumber >= 180000);
    return Promise.resolve();
  }));

Deno.test("the embedded database behaves as a server does by default", () =>
  inMemory(async (session) => {
    assertEquals(await value(session, "show search_path"), '"$user", public');
    assertEquals(await value(session, "show standard_conforming_strings"), "on");
    assertEquals(await sqlstateOf(session.send("create table pg_catalog.mine (a int)")), "42501");
  }));

Deno.test("messages in flight are answered in order, and a failed one fails the rest of its transaction", () =>
  inMemory(async (session) => {
    const answers = await Promise.allSettled([
      session.send("begin"),
      session.send("select 1 as n"),
      session.send("select 1/0"),
      session.send("select 2 as n"),
      session.send("rollback"),
      session.send("select 3 as n"),
    ]);
    const told = answers.map((answer) =>
      answer.status === "fulfilled" ? answer.value.rows[0]?.n : (answer.reason as QueryError).report?.sqlstate
    );
    assertEquals(told, [undefined, "1", "22012", "25P02", undefined, "3"]);
  }));

Deno.test("errors have positions and notices arrive", () =>
  inMemory(async (session, notices) => {
    const error = await assertRejects(() => session.send("select '🦫', nope"), QueryError);
    assertEquals(error.position, 13);
    const answer = await session.send("do $$ begin raise notice 'hello'; end $$");
    assertEquals([...notices, ...answer.notices].map(({ message }) => message), ["hello"]);
  }));

Deno.test("copyIn() brings its data, alone and among other statements", () =>
  inMemory(async (session) => {
    await session.send("create table t (a int, b text)");
    const [, copied, , counted] = await Promise.all([
      session.send("begin"),
      session.copyIn("copy t from stdin", "1\tone\n2\t\\N\n"),
      session.copyIn("insert into t values (3); copy t (a) from stdin; insert into t values (5)", "4\n"),
      session.send("select count(*) from t"),
      session.send("commit"),
    ]);
    assertEquals(copied.count, 2);
    assertEquals(counted.rows, [{ count: "5" }]);
  }));

Deno.test("copyIn() brings many megabytes", () =>
  inMemory(async (session) => {
    await session.send("create table t (a text)");
    const line = `${"x".repeat(999)}\n`;
    assertEquals((await session.copyIn("copy t from stdin", line.repeat(12_000))).count, 12_000);
    assertEquals(await value(session, "select sum(length(a)) from t"), String(999 * 12_000));
  }));

Deno.test("a COPY fails like any statement: on its data, its table, or for want of data", () =>
  inMemory(async (session) => {
    await session.send("create table t (a int)");
    const error = await assertRejects(() => session.copyIn("copy t from stdin", "1\nx\n"), QueryError);
    assertStringIncludes(error.report!.where!, "COPY t, line 2");
    assertEquals(await sqlstateOf(session.copyIn("copy nope from stdin", "1\n")), "42P01");
    assertEquals(await sqlstateOf(session.send("copy t from stdin")), "57014");
    assertEquals(await sqlstateOf(session.send("select 1; copy t from stdin; copy t from stdin")), "57014");
    assertEquals(await value(session, "select 'copy t from stdin'"), "copy t from stdin");
    assertEquals(await value(session, "select count(*) from t"), "0");
    assertEquals((await session.send("copy (select 1) to stdout")).count, 1);
  }));

Deno.test("long messages pass in both directions", () =>
  inMemory(async (session) => {
    const long = "é".repeat(4_000_000);
    assertEquals(await value(session, `select length('${long}')`), "4000000");
    assertEquals((await value(session, `select repeat('é', 4000000)`))!.length, 4_000_000);
    assertEquals((await session.send("select generate_series(1, 100000)")).rows.length, 100_000);
  }));

Deno.test("cancel() stops a statement that waits, and no other", () =>
  inMemory(async (session) => {
    await session.send("begin");
    const slow = "select pg_sleep(0.05)";
    const answers = [slow, slow, slow, "rollback"].map((sql) => session.send(sql).then(() => "done", codeOf));
    await answers[0];
    await session.cancel();
    assertEquals(await Promise.all(answers), ["done", "57014", "25P02", "done"]);
    await session.cancel();
    assertEquals(await value(session, "select 1"), "1");
  }));

function codeOf(error: QueryError): string | undefined {
  return error.report?.sqlstate;
}

Deno.test("a database in memory outlives its sessions, which are as good as new each", async () => {
  const database = open(null);
  {
    await using session = await database.connect();
    await session.send("create table kept (a int)");
    await session.send("set work_mem = '1MB'; select pg_advisory_lock(1); create temp table t (a int)");
    await session.send("begin; create table lost (a int)");
  }
  {
    await using session = await database.connect();
    assertEquals(await value(session, "select count(*) from kept"), "0");
    assertEquals(await value(session, "show work_mem"), "4MB");
    assertEquals(await value(session, "select count(*) from pg_locks where locktype = 'advisory'"), "0");
    assertEquals(await value(session, "select count(*) from pg_class where relname in ('lost', 't')"), "0");
  }
  await database.close();
  assertEquals((await assertRejects(() => database.connect(), MigError)).code, "embedded-failed");
});

Deno.test("a second session in memory waits for the first, and gives up in time", async () => {
  const database = open(null, 150);
  const first = await database.connect();
  assertEquals((await assertRejects(() => database.connect(), MigError)).code, "embedded-busy");
  const waiting = [database.connect(), database.connect()];
  await first.close();
  const second = await Promise.any(waiting);
  const settled = await Promise.allSettled(waiting);
  assertEquals(settled.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  await second.close();
  await database.close();
});

Deno.test("a database in a folder is kept, cleanly closed, and free for others between sessions", async () => {
  const folder = newFolder();
  {
    await using session = await open(folder).connect();
    await session.send("create table t as select 42 as a");
    assertEquals((await assertRejects(() => open(folder, 0).connect(), MigError)).code, "embedded-busy");
  }
  // DBState of pg_control: shut down.
  assertEquals(Buffer.from(Deno.readFileSync(`${folder}/data/global/pg_control`)).readUInt32LE(16), 1);
  assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), ["data", "lock", "pglite.json"]);
  await using session = await open(folder).connect();
  assertEquals(await value(session, "select a from t"), "42");
});

Deno.test("close() may be called twice, and what was in flight is not left half done", async () => {
  const folder = newFolder();
  const session = await open(folder).connect();
  await session.send("create table t (a int)");
  await session.send("begin");
  await session.send("insert into t values (1)");
  await Promise.all([session.close(), session.close()]);
  assertEquals((await assertRejects(() => session.send("select 1"), QueryError)).report, null);
  await using next = await open(folder).connect();
  assertEquals(await value(next, "select count(*) from t"), "0");
});

Deno.test("a damaged cache is ignored and made anew", async () => {
  const [{ name }] = [...Deno.readDirSync(cacheDir)] as [Deno.DirEntry];
  const whole = Deno.readFileSync(`${cacheDir}/${name}`);
  Deno.writeFileSync(`${cacheDir}/${name}`, whole.subarray(0, 100_000));
  await initialDataDir(null, cacheDir);
  assert(Deno.statSync(`${cacheDir}/${name}`).size > 1_000_000);
});

Deno.test("each extension of contrib can be created, and still works in the next session", async () => {
  const folder = newFolder();
  const notExtensions = ["auto_explain", "spi"];
  const names = [
    ...EXTENSION_ARCHIVES.filter((name) => !notExtensions.includes(name)),
    "moddatetime",
    "refint",
  ];
  {
    await using session = await open(folder).connect();
    for (const name of names) await session.send(`create extension "${name}" cascade`);
    await session.send("load 'auto_explain'");
  }
  await using session = await open(folder).connect();
  assertEquals(
    await value(session, "select encode(digest('a', 'md5'), 'hex')"),
    "0cc175b9c0f1b6a831c399e269772661",
  );
  assertEquals(await value(session, "select crypt('a', '$1$salt') = crypt('a', '$1$salt')"), "t");
  assertEquals(await value(session, "select 'A'::citext = 'a'"), "t");
  assertEquals(await value(session, "select ('a=>1'::hstore)->'a'"), "1");
  assertEquals(await value(session, "select similarity('phone', 'phone')"), "1");
  assertEquals(await value(session, "select unaccent('é')"), "e");
  assertEquals(await value(session, "select levenshtein('a', 'b')"), "1");
  assertEquals(await value(session, "select '1.2'::ltree @> '1.2.3'"), "t");
  assertEquals((await value(session, "select uuid_generate_v4()"))!.length, 36);
  assertEquals(
    await value(session, "select count(*) from crosstab('select 1, 2, 3') as (a int, b int)"),
    "1",
  );
  await session.send("create table g (a int, exclude using gist (a with =))");
});

Deno.test("an extension that there is not says so and what to do", () =>
  inMemory(async (session) => {
    const error = await assertRejects(() => session.send("create extension postgis"), QueryError);
    assertEquals(error.report!.sqlstate, "0A000");
    assertStringIncludes(error.report!.hint!, "name a server");
  }));

const RECURSION = `
  create function deeper(n int) returns int language sql volatile as $$ select deeper(n + 1) $$;
  select deeper(1)`;

Deno.test("recursion in PL/pgSQL is an error of its statement", () =>
  inMemory(async (session) => {
    await session.send(`
      create function deeper(n int) returns int language plpgsql as $$ begin return deeper(n + 1); end $$`);
    assertEquals(await sqlstateOf(session.send("select deeper(1)")), "54001");
    assertEquals(await value(session, "select 1"), "1");
  }));

Deno.test("a statement that kills the instance ends the session, and the next one recovers", async () => {
  const folder = newFolder();
  const session = await open(folder).connect();
  await session.send("create table t as select 1 as a");
  await session.send("begin");
  const lost = [session.send("insert into t values (2)"), session.send(RECURSION), session.send("commit")];
  const [, died, commit] = await Promise.allSettled(lost);
  assertEquals((died as PromiseRejectedResult).reason.report.severity, "FATAL");
  assertEquals((died as PromiseRejectedResult).reason.report.sqlstate, "57P02");
  assertEquals(commit!.status, "rejected");
  assertEquals((await assertRejects(() => session.send("select 1"), QueryError)).report, null);
  await session.close();
  await using next = await open(folder).connect();
  assertEquals(await value(next, "select string_agg(a::text, ',') from t"), "1");
});

Deno.test("a COPY that kills the instance ends the session as well", () =>
  inMemory(async (session) => {
    await session.send(`
      create function deeper(n int) returns int language sql volatile as $$ select deeper(n + 1) $$;
      create table t (a int check (deeper(a) > 0))`);
    const error = await assertRejects(
      () => session.copyIn("copy t from stdin", "1\n".repeat(1000)),
      QueryError,
    );
    assertEquals(error.report!.sqlstate, "57P02");
  }));

Deno.test("a database in memory is gone once it has crashed", async () => {
  const database = open(null);
  const session = await database.connect();
  await assertRejects(() => session.send(RECURSION), QueryError);
  await session.close();
  assertEquals((await assertRejects(() => database.connect(), MigError)).code, "embedded-failed");
  await database.close();
});

Deno.test("a data directory from which PostgreSQL does not start is told with PostgreSQL's reason", async () => {
  const folder = newFolder();
  await (await open(folder).connect()).close();
  Deno.writeFileSync(`${folder}/data/global/pg_control`, new Uint8Array(8192));
  const error = await assertRejects(() => open(folder).connect(), MigError);
  assertEquals(error.code, "embedded-failed");
  assertStringIncludes(error.hints.join(), `delete the folder "${folder}"`);
  Deno.removeSync(`${folder}/data/global/pg_control`);
  assertStringIncludes((await assertRejects(() => open(folder).connect(), MigError)).message, "pg_control");
});

Deno.test("a query may hold several hundred buffers at once, as one over the partitions of a year does", () =>
  inMemory(async (session) => {
    await session.send("create table events (at date not null, n int) partition by range (at)");
    await session.send(`do $$ begin
      for day in 0..364 loop
        execute format('create table events_%s partition of events for values from (%L) to (%L)', day,
          date '2026-01-01' + day, date '2026-01-02' + day);
      end loop;
    end $$`);
    await session.send(
      "insert into events select date '2026-01-01' + day, n from generate_series(0, 364) day, generate_series(1, 20) n",
    );
    await session.send("create index on events (n)");
    await session.run("vacuum analyze events");
    // Each partition's index is read beside the others.
    await session.send("set enable_seqscan = off");
    await session.send("set enable_sort = off");
    assertEquals(
      await value(session, "select count(*) from (select n from events order by n limit 5) first"),
      "5",
    );
  }));

Deno.test("files that are no data directory are told", async () => {
  const whole = await initialDataDir(null, cacheDir);
  for (const missing of ["PG_VERSION", "global/pg_control"]) {
    const files = whole.filter(({ name }) => name !== missing);
    assertEquals(files.length, whole.length - 1);
    await assertRejects(() => Instance.start({ files }, null), StartError);
  }
});

Deno.test("databases in memory that begin with the same files change neither those nor each other", async () => {
  const files = await initialDataDir(null, cacheDir);
  const sum = async () => {
    const parts = await Promise.all(
      files.map(({ content }) => crypto.subtle.digest("SHA-256", new Uint8Array(content ?? []))),
    );
    return parts.map((part) => new Uint8Array(part).toHex()).join();
  };
  const before = await sum();
  const first = new MemoryKeeper({ waitMs: 0, cacheDir, files });
  const second = new MemoryKeeper({ waitMs: 0, cacheDir, files });
  try {
    const database = databaseOf(first, "first", { connectSession: connectOverSocket });
    {
      await using session = await database.connect();
      await session.send("create table only_here (a int)");
      await session.send("insert into only_here select generate_series(1, 5000)");
      await session.send("comment on database postgres is 'changed'");
    }
    const instance = await first.take();
    const changed = new Map((await instance.dataFiles()).map(({ name, content }) => [name, content]));
    const segments = [...changed.keys()].filter((name) => /^pg_wal\/[0-9A-F]+$/.test(name));
    assert(segments.length > 0 && segments.length <= 2, segments.join());
    const copied = files.filter(({ name, content }) =>
      content !== null && changed.get(name)?.buffer !== content.buffer
    );
    assert(
      copied.length > 0 && copied.length < files.length / 2,
      `${copied.length} of ${files.length} copied`,
    );
    await first.giveBack();
    const other = databaseOf(second, "second", { connectSession: connectOverSocket });
    await using session = await other.connect();
    assertEquals(await value(session, "select to_regclass('only_here')"), null);
    const comments = await value(
      session,
      "select string_agg(shobj_description(oid, 'pg_database'), ', ') from pg_database",
    );
    assert(!comments?.includes("changed"), comments ?? "");
  } finally {
    await first.close();
    await second.close();
  }
  assertEquals(await sum(), before);
});

/** A conversation in bytes, for what a driver never does. */
async function withSocket(
  test: (socket: EmbeddedSocket, instance: Instance) => Promise<void>,
): Promise<void> {
  const instance = await Instance.start({ files: await initialDataDir(null, cacheDir) }, null);
  const socket = new EmbeddedSocket(instance);
  try {
    await test(socket, instance);
  } finally {
    if (!socket.destroy().closed) await once(socket, "close");
    await instance.close();
  }
}

const STARTUP = Buffer.concat([Buffer.from([0, 0, 0, 23, 0, 3, 0, 0]), Buffer.from("user\0postgres\0\0")]);

/** Writes, and gives the types of what is answered up to `last`, ParameterStatus left out. */
async function talk(socket: EmbeddedSocket, bytes: Uint8Array, last: RegExp): Promise<string> {
  let answer = Buffer.alloc(0);
  const told = () => [...messagesIn(answer)].map((message) => String.fromCharCode(message[0]!)).join("");
  socket.write(bytes);
  while (!last.test(told())) {
    const [chunk] = await once(socket, "data") as [Buffer];
    answer = Buffer.concat([answer, chunk]);
  }
  return told().replaceAll("S", "");
}

const text = (value: string) => Buffer.from(`${value}\0`);
const parse = (sql: string) => messageOf(0x50, Buffer.concat([text(""), text(sql), Buffer.alloc(2)]));
const bind = messageOf(0x42, Buffer.concat([text(""), text(""), Buffer.alloc(6)]));
const execute = messageOf(0x45, Buffer.concat([text(""), Buffer.alloc(4)]));
const sync = messageOf(0x53), terminate = messageOf(0x58), copyDone = messageOf(0x63);

Deno.test("the socket declines encryption, and gives no key to cancel with", () =>
  withSocket(async (socket) => {
    socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]));
    assertEquals(String((await once(socket, "data"))[0]), "N");
    assertEquals(await talk(socket, STARTUP, /Z$/), "RZ");
  }));

Deno.test("the socket guards a COPY of the extended protocol, for which it collects no data", () =>
  withSocket(async (socket) => {
    await talk(socket, STARTUP, /Z$/);
    await talk(socket, queryMessage("create table t (a int)"), /Z$/);
    const copy = Buffer.concat([parse("copy t from stdin"), bind, execute, sync]);
    assertEquals(await talk(socket, copy, /Z$/), "12EZ");
    assertEquals(
      await talk(socket, Buffer.concat([copyDone, parse("select 1"), bind, execute, sync]), /Z$/),
      "12DCZ",
    );
  }));

Deno.test("the socket ends a COPY whose data is not sent, and runs what was sent instead", () =>
  withSocket(async (socket) => {
    await talk(socket, STARTUP, /Z$/);
    await talk(socket, queryMessage("create table t (a int)"), /Z$/);
    const both = Buffer.concat([queryMessage("copy t from stdin"), queryMessage("select 1")]);
    assertEquals(await talk(socket, both, /Z.*Z$/), "GEZTDCZ");
  }));

Deno.test("the socket does not tell the instance to terminate", () =>
  withSocket(async (socket, instance) => {
    await talk(socket, STARTUP, /Z$/);
    socket.end(Buffer.concat([queryMessage("create table t (a int)"), terminate]));
    await once(socket.resume(), "close");
    const next = new EmbeddedSocket(instance);
    await talk(next, STARTUP, /Z$/);
    assertEquals(await talk(next, queryMessage("select * from t"), /Z$/), "TCZ");
    next.destroy();
  }));

Deno.test("a second socket of the same instance is refused while the first is open", () =>
  withSocket(async (socket, instance) => {
    await talk(socket, STARTUP, /Z$/);
    const second = new EmbeddedSocket(instance);
    second.write(STARTUP);
    const [refusal] = await once(second, "data") as [Buffer];
    assertEquals(errorFieldsOf(refusal).C, "53300");
    await once(second, "close");
    assertEquals(await talk(socket, queryMessage("select 1"), /Z$/), "TDCZ");
  }));

Deno.test("a crash in the extended protocol is one, though PGlite would go on with the Sync", () =>
  withSocket(async (socket) => {
    await talk(socket, STARTUP, /Z$/);
    const [create] = RECURSION.split(";") as [string];
    await talk(socket, queryMessage(`create table t (a int); ${create}`), /Z$/);
    const crash = Buffer.concat([parse("insert into t select deeper(1)"), bind, execute, sync]);
    assertEquals(await talk(socket, crash, /E$/), "E");
  }));

interface Child extends AsyncDisposable {
  /** The lines that it has said so far. */
  readonly lines: string[];
  saysOpen(): Promise<void>;
  kill(): Promise<void>;
  readonly status: Promise<Deno.CommandStatus>;
  endInput(): Promise<void>;
}

function spawn(verb: string, folder: string, from = 0, cache = cacheDir): Child {
  const script = new URL("./embedded_child.ts", import.meta.url).pathname;
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-lock", "--no-check", script, verb, folder, cache, String(from)],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines: string[] = [];
  const { promise: opened, resolve: onOpen } = Promise.withResolvers<void>();
  const read = (async () => {
    let rest = "";
    for await (const chunk of process.stdout.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + chunk).split("\n");
      rest = parts.pop()!;
      lines.push(...parts);
      if (lines.includes("open")) onOpen();
    }
  })();
  let running = true;
  const status = process.status.then(async (status) => {
    running = false;
    await read;
    return status;
  });
  const kill = async () => {
    if (running) process.kill("SIGKILL");
    await status;
  };
  return {
    lines,
    saysOpen: () => opened,
    kill,
    status,
    endInput: () => process.stdin.close(),
    [Symbol.asyncDispose]: async () => {
      await kill();
      await process.stdin.close().catch(() => {});
    },
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

Deno.test("another process has the folder until it ends, and errors and waits say which", async () => {
  const folder = newFolder();
  await using child = spawn("hold", folder);
  await child.saysOpen();
  const error = await assertRejects(
    () => open(folder, 100).connect(),
    MigError,
    "uses the embedded database",
  );
  assertEquals(error.code, "embedded-busy");
  assert((error.data.holder as { pid: number }).pid !== Deno.pid);
  const waiting = open(folder).connect();
  await child.endInput();
  await (await waiting).close();
  assertEquals((await child.status).code, 0);
});

Deno.test("kill -9 frees the folder at once, and a process that recovers from it ends by itself", async () => {
  const folder = newFolder();
  {
    await using session = await open(folder).connect();
    await session.send("create table log (n int)");
  }
  await using writer = spawn("write", folder);
  await writer.saysOpen();
  await pause(100);
  await writer.kill();
  await using next = spawn("once", folder, -1);
  assertEquals((await next.status).code, 0);
});

Deno.test("two processes that are killed in turn lose nothing that was committed", async () => {
  const folder = newFolder();
  {
    await using session = await open(folder).connect();
    await session.send("create table log (n int primary key)");
  }
  const committed: string[] = [];
  let next: Child = spawn("write", folder, 0);
  for (let round = 1; round <= 8; round++) {
    const running = next;
    await running.saysOpen();
    // It waits for the lock until the other is killed, and starts on what that has left behind.
    if (round < 8) next = spawn("write", folder, round * 1_000_000);
    await pause(300 + Math.random() * 150);
    await running.kill();
    committed.push(...running.lines.slice(2));
  }
  assert(committed.length > 8);
  await using session = await open(folder).connect();
  const { rows } = await session.send("select n from log");
  const found = new Set(rows.map(({ n }) => n));
  assertEquals(committed.filter((n) => !found.has(n)), []);
  // At most one a process was committed and not told any more.
  assert(rows.length <= committed.length + 8, `${rows.length} rows, ${committed.length} told`);
  await session.send("reindex table log");
});

Deno.test("a process that is killed while it makes the database leaves a folder to begin again in", async () => {
  for (let round = 0; round < 8; round++) {
    const folder = newFolder();
    await using child = spawn("hold", folder);
    while (!existsSync(`${folder}/lock`)) await pause(5);
    await pause(Math.random() * 150);
    await child.kill();
    await using session = await open(folder, 0).connect();
    assertEquals(await value(session, "select count(*) from pg_database"), "3");
  }
});

Deno.test("two processes that make one database at once make it once", async () => {
  const folder = newFolder();
  await using first = spawn("hold", folder);
  await using second = spawn("hold", folder);
  await Promise.race([first.saysOpen(), second.saysOpen()]);
  await Promise.all([first.endInput(), second.endInput()]);
  assertEquals((await first.status).code, 0);
  assertEquals((await second.status).code, 0);
});

function existsSync(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
