/** What the engine expects of a database, held against a server and against the embedded one. */

import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { openEmbedded } from "../../src/embedded/database.ts";
import { type Database, type Notice, QueryError, type Session } from "../../src/engine/database.ts";
import { openPostgres } from "../../src/postgres/database.ts";
import { connectOverSocket } from "../../src/postgres/session.ts";
import { systemSurroundings } from "../../src/postgres/surroundings.ts";
import { parseDatabaseUrl } from "../../src/postgres/url.ts";
import { freshDatabase } from "../support/database.ts";

interface Subject {
  readonly database: Database;
  readonly dispose: () => Promise<void>;
}

const SUBJECTS: Readonly<Record<string, () => Promise<Subject>>> = {
  "a server": async () => {
    const fresh = await freshDatabase();
    return {
      database: openPostgres(parseDatabaseUrl(fresh.url, systemSurroundings({}))),
      dispose: () => fresh[Symbol.asyncDispose](),
    };
  },
  "the embedded database": () => {
    const database = openEmbedded({
      dataDir: null,
      connectSession: connectOverSocket,
      cacheDir: "/tmp/mig-test-xdg/mig",
    });
    return Promise.resolve({ database, dispose: () => database.close() });
  },
};

/** Each runs in a session of its own; those of one subject share its database. */
const CONTRACT: Readonly<
  Record<string, (session: Session, database: Database, notices: Notice[]) => Promise<void>>
> = {
  "tells what server it is": (session) => {
    assert(session.server.versionNumber >= 140000);
    assertEquals(session.server.schema, "public");
    assertEquals(session.server.inRecovery, false);
    return Promise.resolve();
  },
  "gives rows as text, and null": async (session) => {
    const { rows, count } = await session.send(
      "select 9007199254740993::bigint as big, true as yes, null as nothing, 'é👍' as text",
    );
    assertEquals(rows, [{ big: "9007199254740993", yes: "t", nothing: null, text: "é👍" }]);
    assertEquals(count, 1);
  },
  "gives the rows of the last of several statements": async (session) => {
    assertEquals((await session.send("select 1 as a; select 2 as b")).rows, [{ b: "2" }]);
  },
  "takes a message without a statement": async (session) => {
    assertEquals((await session.send("")).rows, []);
    assertEquals((await session.send("-- nothing")).rows, []);
  },
  "counts the rows that a statement changed": async (session) => {
    await session.send("create temp table counted (id integer)");
    assertEquals((await session.send("insert into counted select generate_series(1, 7)")).count, 7);
    assertEquals((await session.send("update counted set id = 0 where id > 5")).count, 2);
    assertEquals((await session.send("delete from counted where id = 99")).count, 0);
  },
  "tells an error with its code and its position in code points": async (session) => {
    const error = await assertRejects(() => session.send("select '👍👍',\r\n nope"), QueryError);
    assertEquals(error.report!.sqlstate, "42703");
    assertEquals(error.position, 16);
  },
  "goes on after an error": async (session) => {
    await assertRejects(() => session.send("select 1/0"), QueryError, "division by zero");
    assertEquals((await session.send("select 1 as one")).rows, [{ one: "1" }]);
  },
  "answers in order what is sent without waiting": async (session) => {
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, i) => session.send(`select ${i} as i`)),
    );
    assertEquals(answers.map(({ rows }) => Number(rows[0]!.i)), Array.from({ length: 300 }, (_, i) => i));
  },
  "fails everything behind an error in a transaction, and commits nothing of it": async (session) => {
    await session.send("create table failed_behind (id integer)");
    const messages = [
      "begin",
      "insert into failed_behind values (1)",
      "select 1/0",
      "insert into failed_behind values (2)",
    ];
    const settled = await Promise.allSettled(messages.map((message) => session.send(message)));
    assertEquals(settled.map(({ status }) => status), ["fulfilled", "fulfilled", "rejected", "rejected"]);
    const last = (settled[3] as PromiseRejectedResult).reason;
    assertInstanceOf(last, QueryError);
    assertEquals(last.report!.sqlstate, "25P02");
    await session.send("rollback");
    assertEquals((await session.send("select * from failed_behind")).rows, []);
  },
  "stops at an error inside one message": async (session) => {
    await assertRejects(() => session.send("create table half (id integer); select 1/0"), QueryError);
    assertEquals((await session.send("select to_regclass('half') as there")).rows, [{ there: null }]);
  },
  "passes notices on": async (session, _database, live) => {
    const { notices } = await session.send(
      "do $$ begin raise notice 'hello %', 7; raise warning 'careful'; end $$",
    );
    assertEquals([...live, ...notices].map(({ severity, message }) => [severity, message]), [
      ["NOTICE", "hello 7"],
      ["WARNING", "careful"],
    ]);
  },
  "copies data in that is made while it is sent, and asks for no more once the server refuses": async (
    session,
  ) => {
    await session.send("create temp table made (id integer)");
    let asked = 0;
    function* pieces(count: number) {
      for (asked = 1; asked <= count; asked++) yield `${asked}\n`.repeat(20_000);
    }
    const [copy, rows] = await Promise.all([
      session.copyIn("copy made from stdin", pieces(10)),
      session.send("select sum(id) as sum from made"),
    ]);
    assertEquals([copy.count, rows.rows], [200_000, [{ sum: "1100000" }]]);
    // The embedded database takes all of it at once.
    if (session.pid === null) return;
    await assertRejects(
      () => session.copyIn("copy missing from stdin", pieces(2000)),
      QueryError,
      "not exist",
    );
    assert(asked < 2000, `${asked}`);
    assertEquals((await session.send("select count(*) as n from made")).rows, [{ n: "200000" }]);
  },
  "copies data in, in order with other messages": async (session) => {
    await session.send("create temp table copied (id integer, name text)");
    const [, copy, rows] = await Promise.all([
      session.send("begin"),
      session.copyIn("copy copied from stdin", "1\tone\n2\t\\N\n3\ta\\tb é👍\n"),
      session.send("select id, name from copied order by id"),
      session.send("commit"),
    ]);
    assertEquals(copy.count, 3);
    assertEquals(rows.rows, [{ id: "1", name: "one" }, { id: "2", name: null }, {
      id: "3",
      name: "a\tb é👍",
    }]);
  },
  "refuses bad data of a copy, and goes on": async (session) => {
    await session.send("create temp table refused (id integer)");
    const error = await assertRejects(() => session.copyIn("copy refused from stdin", "1\nx\n"), QueryError);
    assertEquals(error.report!.sqlstate, "22P02");
    await assertRejects(() => session.copyIn("copy missing from stdin", "1\n"), QueryError, "does not exist");
    assertEquals((await session.send("select count(*) as n from refused")).rows, [{ n: "0" }]);
  },
  "copies no rows where there are none": async (session) => {
    await session.send("create temp table empty (id integer)");
    assertEquals((await session.copyIn("copy empty from stdin", "")).count, 0);
  },
  "does not wait for data that nobody sends": async (session) => {
    await session.send("create temp table waited (id integer)");
    await assertRejects(() => session.send("copy waited from stdin"), QueryError);
    assertEquals((await session.send("select 1 as one")).rows, [{ one: "1" }]);
  },
  "drops what a copy to stdout gives": async (session) => {
    await session.send("copy (select generate_series(1, 10000)) to stdout");
    assertEquals((await session.send("select 1 as one")).rows, [{ one: "1" }]);
  },
  "carries a large message and a large answer": async (session) => {
    const text = "x".repeat(3_000_000);
    const { rows } = await session.send(`select length('${text}') as sent, repeat('y', 3000000) as got`);
    assertEquals(rows[0]!.sent, "3000000");
    assertEquals(rows[0]!.got!.length, 3_000_000);
  },
  "keeps settings within the session": async (session, database) => {
    await session.send("set search_path = 'nowhere'");
    await session.send("create temp table mine (id integer)");
    await session.close();
    await using other = await database.connect();
    assertEquals((await other.send("show search_path")).rows[0]!.search_path!.includes("nowhere"), false);
    assertEquals((await other.send("select to_regclass('mine') as there")).rows, [{ there: null }]);
  },
  "rolls back what is open when it is closed": async (session, database) => {
    await session.send("create table kept_open (id integer)");
    await session.send("begin");
    await session.send("insert into kept_open values (1)");
    await session.close();
    await using other = await database.connect();
    assertEquals((await other.send("select * from kept_open")).rows, []);
  },
  "hands a notice out while its message runs, and brings what is left with the answer": async (
    session,
    _database,
    live,
  ) => {
    const raise = (text: string) => `do $$ begin raise notice '${text}'; end $$`;
    const [first, second, third] = await Promise.all([
      session.send("select 1"),
      session.send(`${raise("a")}; ${raise("b")}; select 2`),
      session.send("select 3"),
    ]);
    const early = live.map(({ message }) => message);
    const own = second!.notices.map(({ message }) => message);
    assertEquals([...early, ...own], ["a", "b"]);
    assertEquals([first!.notices, third!.notices], [[], []]);
    const error = await assertRejects(() => session.send(`${raise("c")}; select 1/0`), QueryError);
    assertEquals([...live.slice(early.length), ...error.notices].map(({ message }) => message), ["c"]);
  },
  "refuses to send once it is closed": async (session) => {
    await session.close();
    const error = await assertRejects(() => session.send("select 1"), QueryError);
    assertEquals(error.report, null);
    await session.close();
  },
};

for (const [name, open] of Object.entries(SUBJECTS)) {
  Deno.test(`a session of ${name}`, async (test) => {
    const { database, dispose } = await open();
    try {
      for (const [promise, hold] of Object.entries(CONTRACT)) {
        await test.step(promise, async () => {
          const notices: Notice[] = [];
          await using session = await database.connect({ onNotice: (notice) => notices.push(notice) });
          await hold(session, database, notices);
        });
      }
    } finally {
      await dispose();
    }
  });
}

Deno.test("a session of a server cancels what runs, and goes on", async () => {
  const { database, dispose } = await SUBJECTS["a server"]!();
  try {
    await using session = await database.connect();
    const sleeping = assertRejects(
      () => session.send("select pg_sleep(30)"),
      QueryError,
      "canceling statement",
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    await session.cancel();
    await sleeping;
    assertEquals((await session.send("select 1 as one")).rows, [{ one: "1" }]);
  } finally {
    await dispose();
  }
});

Deno.test("a session that the server ends tells why, and never connects anew by itself", async () => {
  const { database, dispose } = await SUBJECTS["a server"]!();
  try {
    await using session = await database.connect();
    const error = await assertRejects(
      () => session.send("select pg_terminate_backend(pg_backend_pid())"),
      QueryError,
    );
    assertEquals(error.report?.sqlstate, "57P01");
    const next = await assertRejects(() => session.send("select 1"), QueryError);
    assertEquals(next.report, null);
  } finally {
    await dispose();
  }
});
