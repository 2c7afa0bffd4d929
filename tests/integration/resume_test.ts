/** No-transaction files that die in the middle of each kind of statement, for real, and the run that goes on with them. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { mig, startMig } from "../support/mig.ts";
import { idAt, project, type TestProject } from "../support/project.ts";

/** What stands before every file: a table with rows, and a trace of how often each statement ran. */
const BASE = `create table t (id integer, n integer);
create index t_n on t (n);
insert into t select i, i from generate_series(1, 1000) i;
create table trace (s text);
create table parted (at integer not null) partition by range (at);
create table part_a partition of parted for values from (0) to (100);
create table part_b partition of parted for values from (100) to (200);
create table other (id integer);
create type mood as enum ('sad');`;

interface Scene {
  readonly files: TestProject;
  readonly database: TestDatabase;
  /** Runs `mig up` to its end. */
  up(): Promise<{ code: number; stdout: string; stderr: string }>;
  /** Starts `mig up`, kills it with SIGKILL once `when` is true, then lets go of what stood in its way, and waits for its backend. */
  kill(when: string, ...holders: Holder[]): Promise<void>;
}

/** SQL that a session of its own runs and then keeps its transaction open. */
interface Holder {
  readonly sql: string;
  /** The condition upon which it begins; at once where it is left out. */
  readonly when?: string;
  /** Lets go as soon as the next one holds; else when mig is dead. */
  readonly until?: "next";
}

async function scene(statements: readonly string[], act: (scene: Scene) => Promise<void>): Promise<void> {
  await using database = await freshDatabase();
  const file = [
    "insert into trace values ('before');",
    ...statements.map((statement) => `${statement};`),
    "insert into trace values ('after');",
  ].join("\n");
  await using files = await project([{ up: BASE }, { up: `-- mig: no-transaction\n${file}` }]);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  assertEquals((await mig(["up", "+1"], options)).code, 0);
  const holds = async (condition: string) => await database.text(`select (${condition})::text`) === "true";
  const until = async (condition: string) => {
    for (let tries = 0; !await holds(condition); tries++) {
      if (tries > 400) throw new Error(`waited for 10 s in vain: ${condition}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  await act({
    files,
    database,
    up: () => mig(["up"], options),
    async kill(when, ...holders) {
      const open: { close: () => Promise<void> }[] = [];
      const hold = async (sql: string) => {
        const session = database.session();
        const connection = await session.reserve();
        await connection.unsafe(`begin; ${sql}`);
        const close = async () => {
          await connection.unsafe("rollback");
          connection.release();
          await session.end();
        };
        open.push({ close });
        return close;
      };
      const waiting = holders.filter((holder) => holder.when !== undefined);
      const closers = new Map<Holder, () => Promise<void>>();
      for (const holder of holders) {
        if (holder.when === undefined) closers.set(holder, await hold(holder.sql));
      }
      const running = startMig(["up"], options);
      try {
        for (const holder of waiting) {
          await until(holder.when!);
          closers.set(holder, await hold(holder.sql));
          for (const [other, close] of closers) {
            if (other.until !== undefined && other !== holder) {
              open.splice(open.findIndex((one) => one.close === close), 1);
              await close();
            }
          }
        }
        await until(when);
        running.process.kill("SIGKILL");
        await running.result;
        // What it was in the middle of must not be done by the backend that it leaves behind. Not every server notices by itself.
        if (Deno.build.os !== "linux") {
          await database.query(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'mig'",
          );
        }
        await until(
          `not exists (select from pg_stat_activity where datname = current_database() and application_name = 'mig')`,
        );
      } finally {
        for (const { close } of open) await close();
      }
    },
  });
}

/** The trace must tell of each statement once. */
async function onceEach(database: TestDatabase): Promise<void> {
  assertEquals(await database.text("select string_agg(s, ' ' order by s) from trace"), "after before");
  assertEquals(await database.applied(), [idAt(0), idAt(1)]);
  assertEquals(await database.text("select count(*) from mig_version where unfinished is not null"), "0");
}

async function invalid(database: TestDatabase): Promise<string | null> {
  return await database.text(
    `select string_agg(indexrelid::regclass::text, ' ' order by indexrelid::regclass::text) from pg_index where not indisvalid`,
  );
}

const WRITER = { sql: "insert into t values (0, 0)" };
/** Keeps whoever wants to note something in the journal. */
const JOURNAL = { sql: `select from mig_version where id = '${idAt(1)}' for update` };
const inWait = (statement: string) =>
  `exists (select from pg_stat_activity where application_name = 'mig' and datname = current_database()
     and wait_event_type = 'Lock' and query ilike '%${statement}%')`;
const noting = inWait("set statements_done");

for (const ifNotExists of ["", "if not exists "]) {
  Deno.test(`killed while CREATE INDEX CONCURRENTLY ${ifNotExists}waits: the INVALID index is built anew`, async () => {
    await scene(
      [`create index concurrently ${ifNotExists}t_id on t (id)`],
      async ({ kill, up, database }) => {
        await kill(inWait("t_id"), WRITER);
        assertEquals(await invalid(database), "t_id");
        const { code, stderr } = await up();
        assertEquals(code, 0, stderr);
        assertStringIncludes(stderr, "goes on after statement 1 of 3");
        assertStringIncludes(stderr, 'drops the INVALID index "t_id" that was left behind');
        assertEquals(await invalid(database), null);
        assertEquals(
          await database.text("select indisvalid from pg_index where indexrelid = 't_id'::regclass"),
          "true",
        );
        await onceEach(database);
      },
    );
  });
}

Deno.test("killed between CREATE INDEX CONCURRENTLY and its note: it is noted, and not built twice", async () => {
  await scene(["create index concurrently t_id on t (id)"], async ({ kill, up, database }) => {
    await kill(noting, { ...WRITER, until: "next" }, { ...JOURNAL, when: inWait("t_id") });
    const built = await database.text("select 't_id'::regclass::oid");
    const { code, stderr } = await up();
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "was done when the run ended, and is noted now");
    assertEquals(await database.text("select 't_id'::regclass::oid"), built);
    await onceEach(database);
  });
});

Deno.test("an index that was there before is not taken for the one that a file makes", async () => {
  await scene(["create index concurrently t_id on t (id)"], async ({ up, database }) => {
    await database.query("create index t_id on t (n)");
    for (let time = 0; time < 3; time++) {
      const { code, stderr } = await up();
      assertEquals(code, 1);
      assertStringIncludes(stderr, 'relation "t_id" already exists');
    }
    await database.query("drop index t_id");
    assertEquals((await up()).code, 0);
    await onceEach(database);
  });
});

Deno.test("an index that was not there before does not count as dropped", async () => {
  await scene(["drop index concurrently t_nn"], async ({ up, files }) => {
    for (let time = 0; time < 2; time++) {
      const { code, stderr } = await up();
      assertEquals(code, 1);
      assertStringIncludes(stderr, 'index "t_nn" does not exist');
    }
    await files.add({
      up: "-- mig: no-transaction\ninsert into trace values ('before');\ndrop index concurrently t_n;",
    }, 1);
    assertEquals((await up()).code, 0);
  });
});

Deno.test("killed while DROP INDEX CONCURRENTLY waits, and after it", async () => {
  await scene(["drop index concurrently t_n"], async ({ kill, up, database }) => {
    await kill(inWait("t_n"), WRITER);
    assertEquals(await invalid(database), "t_n");
    await kill(noting, { ...WRITER, until: "next" }, { ...JOURNAL, when: inWait("t_n") });
    const { code, stderr } = await up();
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "was done when the run ended");
    assertEquals(await database.text("select to_regclass('t_n')"), null);
    await onceEach(database);
  });
});

Deno.test("a unique index that failed is put away when its statement is corrected under another name", async () => {
  await scene(["create unique index concurrently once on other (id)"], async ({ up, files, database }) => {
    await database.query("insert into other values (1), (1)");
    const failed = await up();
    assertEquals(failed.code, 1);
    assertEquals(await invalid(database), "once");
    await files.add({
      up:
        "-- mig: no-transaction\ninsert into trace values ('before');\ncreate index concurrently often on other (id);\ninsert into trace values ('after');",
    }, 1);
    const { code, stderr } = await up();
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, 'drops the INVALID index "once"');
    assertEquals(await invalid(database), null);
    assertEquals(await database.text("select to_regclass('once')"), null);
    await onceEach(database);
  });
});

for (
  const what of ["index concurrently t_n", "table concurrently t", "(concurrently, verbose) schema public"]
) {
  Deno.test(`killed in REINDEX ${what}: the new or the old index that it leaves is put away`, async () => {
    await scene([`reindex ${what}`], async ({ kill, up, database }) => {
      await kill(
        `exists (select from pg_class where relname = 't_n_ccnew') and ${inWait("reindex")}`,
        WRITER,
      );
      assertEquals(await invalid(database), "t_n_ccnew");
      // The old index, once the new one has taken its place: who reads the table keeps it from being dropped.
      await kill(
        `exists (select from pg_class where relname = 't_n_ccold') and ${inWait("reindex")}`,
        { sql: "set transaction isolation level repeatable read; select from other", until: "next" },
        { sql: "select from t", when: inWait("reindex") },
      );
      assert((await invalid(database))?.includes("t_n_ccold"));
      const { code, stderr } = await up();
      assertEquals(code, 0, stderr);
      assertStringIncludes(stderr, 'drops the INVALID index "t_n_ccold"');
      assertEquals(await invalid(database), null);
      assertEquals(await database.text("select count(*) from pg_class where relname ~ '_cc(new|old)'"), "0");
      assertEquals(
        await database.text("select indisvalid from pg_index where indexrelid = 't_n'::regclass"),
        "true",
      );
      await onceEach(database);
    });
  });
}

Deno.test("killed in DETACH PARTITION CONCURRENTLY: it is finished, and noted where it was done", async () => {
  const detach = "alter table parted detach partition part_a concurrently";
  for (const moment of ["half", "unnoted"] as const) {
    await scene([detach], async ({ kill, up, database }) => {
      const reader = { sql: "select from parted" };
      if (moment === "half") await kill(inWait("detach"), reader);
      else await kill(noting, { ...reader, until: "next" }, { ...JOURNAL, when: inWait("detach") });
      assertEquals(
        await database.text("select inhdetachpending from pg_inherits where inhrelid = 'part_a'::regclass"),
        moment === "half" ? "true" : null,
      );
      const { code, stderr } = await up();
      assertEquals(code, 0, stderr);
      assertStringIncludes(stderr, moment === "half" ? "and is finished now" : "and is noted now");
      assertEquals(
        await database.text("select count(*) from pg_inherits where inhrelid = 'part_a'::regclass"),
        "0",
      );
      await onceEach(database);
    });
  }
});

Deno.test("killed while the index of a partition is built: the partitioned index ends valid", async () => {
  await scene([
    "create index parted_at on only parted (at)",
    "create index concurrently part_a_at on part_a (at)",
    "alter index parted_at attach partition part_a_at",
    "create index concurrently part_b_at on part_b (at)",
    "alter index parted_at attach partition part_b_at",
  ], async ({ kill, up, database }) => {
    await kill(inWait("part_b_at"), { sql: "insert into part_b values (150)" });
    assertEquals(await invalid(database), "part_b_at parted_at");
    const { code, stderr } = await up();
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "goes on after statement 4 of 7");
    assertEquals(await invalid(database), null);
    await onceEach(database);
  });
});

Deno.test("killed at ALTER TYPE ADD VALUE: the value is added once, together with its note", async () => {
  await scene(
    ["alter type mood add value 'ok'", "insert into trace values ('ok'::mood::text)"],
    async (scene) => {
      const { kill, up, database } = scene;
      await kill(noting, { sql: "lock table pg_enum in share mode", until: "next" }, {
        ...JOURNAL,
        when: inWait("add value"),
      });
      assertEquals(
        await database.text("select statements_done from mig_version where unfinished = 'up'"),
        "1",
      );
      const { code, stderr } = await up();
      assertEquals(code, 0, stderr);
      assertEquals(
        await database.text("select string_agg(enumlabel, ' ' order by enumsortorder) from pg_enum"),
        "sad ok",
      );
      assertEquals(await database.text("select string_agg(s, ' ' order by s) from trace"), "after before ok");
    },
  );
});

Deno.test("killed in VACUUM: it says that the statement runs once more", async () => {
  await scene(["vacuum t"], async ({ kill, up, database }) => {
    await kill(inWait("vacuum"), { sql: "lock table t in share mode" });
    const { code, stderr } = await up();
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "vacuum t was under way when the run ended, and runs once more");
    await onceEach(database);
  });
});

Deno.test("killed after CREATE DATABASE and after DROP DATABASE, before the note", async () => {
  const name = `mig_test_${crypto.randomUUID().slice(0, 8).replaceAll("-", "")}`;
  const beside = { sql: "lock table pg_database in share mode", until: "next" as const };
  for (
    const [statement, there] of [[`create database ${name}`, "1"], [`drop database ${name}`, "0"]] as const
  ) {
    await scene([statement], async ({ kill, up, database }) => {
      const databases = `select count(*) from pg_database where datname = '${name}'`;
      await kill(noting, beside, { ...JOURNAL, when: inWait(statement) });
      assertEquals(await database.text(databases), there);
      const { code, stderr } = await up();
      assertEquals(code, 0, stderr);
      assertStringIncludes(stderr, `${statement} was done when the run ended`);
      assertEquals(await database.text(databases), there);
      await onceEach(database);
    });
  }
});
