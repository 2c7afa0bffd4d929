/** What an expert tried in order to make mig lose data or lie, each of which once worked. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { mig, startMig } from "../support/mig.ts";
import { idAt, project, type RevisionLiteral, type TestProject } from "../support/project.ts";

async function withProject(
  revisions: readonly RevisionLiteral[],
  act: (files: TestProject, database: TestDatabase) => Promise<void>,
): Promise<void> {
  await using database = await freshDatabase();
  await using files = await project(revisions);
  await act(files, database);
}

async function up(files: TestProject, database: TestDatabase, ...args: string[]) {
  return await mig(args.length === 0 ? ["up"] : args, {
    cwd: files.folder,
    env: { DATABASE_URL: database.url },
  });
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !await condition(); tries++) {
    if (tries > 200) throw new Error("waited for 5 s in vain");
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

Deno.test("COPY data keeps characters of two UTF-16 units wherever it is cut", async () => {
  const line = `${"x".repeat(65_535)}😀`;
  const many = Array.from({ length: 40 }, (_, i) => "é😀".repeat(2000 + i)).join("\n");
  await withProject([
    { up: `create table t (s text);\ncopy t from stdin;\n${line}\n${many}\n\\.\n` },
  ], async (files, database) => {
    assertEquals((await up(files, database)).code, 0);
    assertEquals(await database.text("select count(*) from t where s like '%\ufffd%'"), "0");
    assertEquals(await database.text("select right(s, 1) from t where length(s) = 65536"), "😀");
  });
});

Deno.test("a step whose beginning fails runs none of its statements", async () => {
  const chain: RevisionLiteral[] = [
    { up: "create table log (s text);" },
    { up: "prepare p as select 1;\nexecute p;\nselect pg_sleep(1);" },
    { up: "insert into log values ('A');\ninsert into log values ('B');\ncreate table half (x integer);" },
  ];
  for (const how of ["lock_timeout", "Ctrl-C"]) {
    await withProject(chain, async (files, database) => {
      assertEquals((await up(files, database, "up", "+1")).code, 0);
      const args = how === "Ctrl-C" ? ["up"] : ["up", "--lock-timeout", "300ms", "--lock-retries", "0"];
      const running = startMig(args, { cwd: files.folder, env: { DATABASE_URL: database.url } });
      await until(async () =>
        (await database.query(
          "select 1 from pg_stat_activity where query like '%pg_sleep(1)%' and datname = current_database() and pid <> pg_backend_pid()",
        ))
          .length > 0
      );
      const holder = database.session();
      await holder.begin(async (sql) => {
        await sql.unsafe("lock table mig_version");
        await new Promise((resolve) => setTimeout(resolve, 800));
        if (how === "Ctrl-C") running.process.kill("SIGINT");
        await new Promise((resolve) => setTimeout(resolve, 2000));
      }).catch(() => {});
      await holder.end();
      const { code } = await running.result;
      assert(code === 1 || code === 130, `exit code ${code}`);
      const applied = await database.applied();
      assertEquals(applied, [idAt(0), idAt(1)].slice(0, applied.length), how);
      assertEquals(await database.text("select count(*) from log"), "0", how);
      assertEquals(await database.text("select to_regclass('half')"), null, how);
    });
  }
});

Deno.test("an interrupted no-transaction down.sql that was edited at its beginning is refused", async () => {
  const down = (...lines: string[]) =>
    `-- mig: no-transaction\n${lines.map((line) => `insert into log values ('${line}');`).join("\n")}`;
  await withProject([{ up: "create table log (s text primary key);" }, {
    up: "select 1;",
    down: down("one", "one", "two"),
  }], async (files, database) => {
    assertEquals((await up(files, database)).code, 0);
    assertEquals((await up(files, database, "down", "-1")).code, 1);
    await files.add({ up: "select 1;", down: down("new", "one", "two") }, 1);
    const refused = await up(files, database, "down", "-1");
    assertEquals(refused.code, 1);
    assertStringIncludes(refused.stderr, "its statement 1, which is done, was changed since");
    await files.add({ up: "select 1;", down: down("one", "two") }, 1);
    assertEquals((await up(files, database, "down", "-1")).code, 0);
    assertEquals(await database.text("select string_agg(s, ' ' order by s) from log"), "one two");
  });
});

Deno.test("a resumed file has the search_path that it has set, as pg_dump sets it", async () => {
  const file = (second: string) =>
    `-- mig: no-transaction\nselect pg_catalog.set_config('search_path', 'app', false);\n${second};\ncreate table made (x integer);`;
  await withProject([{ up: "create schema app;" }, { up: file("select 1/0") }], async (files, database) => {
    assertEquals((await up(files, database)).code, 1);
    await files.add({ up: file("select 1") }, 1);
    const { code, stderr } = await up(files, database);
    assertEquals(code, 0, stderr);
    assertEquals(await database.text("select to_regclass('app.made') is not null"), "true");
  });
});

Deno.test("a version table that would not keep what is written is refused", async () => {
  const hostile = {
    "BEFORE triggers":
      `create function nothing() returns trigger language plpgsql as $$ begin return null; end $$;
      create trigger t before insert on mig_version for each row execute function nothing()`,
    "has rules": "create rule r as on insert to mig_version do instead nothing",
  };
  for (const [what, sql] of Object.entries(hostile)) {
    await withProject(
      [{ up: "create table log (s text);" }, { up: "insert into log values ('x');" }],
      async (files, database) => {
        await up(files, database, "up", "+1");
        await database.query(sql);
        const { code, stderr } = await up(files, database);
        assertEquals(code, 1);
        assertStringIncludes(stderr, what);
        assertEquals(await database.text("select count(*) from log"), "0");
      },
    );
  }
});

Deno.test("rows that row security hides are not taken for missing ones", async () => {
  await withProject([{ up: "create table t (x integer);" }], async (files, database) => {
    await up(files, database);
    await database.query(
      `do $$ begin create role mig_test_reader login; exception when duplicate_object then null; end $$;
      grant usage, create on schema public to mig_test_reader; grant all on mig_version to mig_test_reader;
      alter table mig_version enable row level security`,
    );
    const url = new URL(database.url);
    url.username = "mig_test_reader";
    for (const command of ["status", "up"]) {
      const { code, stderr } = await mig([command], { cwd: files.folder, env: { DATABASE_URL: url.href } });
      assertEquals(code, 1);
      assertStringIncludes(stderr, "row security");
    }
  });
});

for (
  const [line, why] of [
    ["set client_encoding = 'LATIN1';", "the file is UTF-8"],
    ["set names 'latin1';", "the file is UTF-8"],
    ["savepoint a;\nrollback to mig_step;", "mig's own"],
    ["-- mig: no-transaction\nset local lock_timeout = '1s';", "only within a transaction"],
    ["-- mig: no-transaction\nset role postgres;", "cannot change its role"],
    ["-- mig: no-transaction\ncreate index concurrently on t (x);", "without a name"],
  ] as const
) {
  Deno.test(`refused before anything runs: ${line.split("\n").at(-1)}`, async () => {
    await withProject([{ up: "create table t (x integer);" }, { up: line }], async (files, database) => {
      const { code, stderr } = await up(files, database);
      assertEquals(code, 1);
      assertStringIncludes(stderr, why);
      assertEquals(await database.applied(), []);
    });
  });
}

Deno.test("client_encoding UTF8, as pg_dump sets it, is welcome", async () => {
  await withProject([{
    up: "SET client_encoding = 'UTF8';\nset session client_encoding to utf8;\nselect 'é';",
  }], async (files, database) => {
    const { code, stderr } = await up(files, database);
    assertEquals(code, 0, stderr);
  });
});

Deno.test("an interrupted revision says what can be done, and stays in the way until it is", async () => {
  const file = "-- mig: no-transaction\ncreate table t (x integer);\nselect 1/0;";
  await withProject([{ up: file, down: "drop table t;" }], async (files, database) => {
    assertEquals((await up(files, database)).code, 1);
    await files.add({ up: "create table t (x integer);", down: "drop table t;" }, 0);
    const other = await up(files, database);
    assertEquals(other.code, 1);
    assertStringIncludes(other.stderr, "runs in a transaction now");
    for (const args of [["down", "base"], ["goto", "base", "--yes"]]) {
      const { code, stderr } = await up(files, database, ...args);
      assertEquals(code, 1);
      assertStringIncludes(stderr, "mig stamp base");
    }
    await Deno.remove(`${files.migrations}/20260101T0000_${idAt(0)}`, { recursive: true });
    const gone = await up(files, database, "goto", "head", "--yes");
    assertEquals(gone.code, 1);
    assertStringIncludes(gone.stderr, "mig restore");
    assertStringIncludes((await up(files, database, "restore")).stdout, "Restored 1 revision");
    await database.query("drop table t");
    const stamped = await up(files, database, "stamp", "base");
    assertEquals(stamped.code, 0, stamped.stderr);
    assertEquals(await database.applied(), []);
  });
});

Deno.test("a file that is still as mig new wrote it is not run", async () => {
  await withProject([], async (files, database) => {
    const made = await up(files, database, "new", "users");
    assertEquals(made.code, 0, made.stderr);
    const empty = await up(files, database);
    assertEquals(empty.code, 1);
    assertStringIncludes(empty.stderr, "is still as `mig new` wrote it");
    assertEquals((await up(files, database, "check", "--no-db")).code, 3);
    const [folder] = [...Deno.readDirSync(files.migrations)];
    await files.write(`migrations/${folder!.name}/up.sql`, "create table users ();");
    assertEquals((await up(files, database)).code, 0);
    const down = await up(files, database, "redo");
    assertEquals(down.code, 1);
    assertStringIncludes(down.stderr, "down.sql is still as `mig new` wrote it");
    assertEquals((await database.applied()).length, 1);
  });
});

Deno.test("a SELECT of many rows in a file takes no memory to speak of", async () => {
  await withProject(
    [{ up: "select repeat('x', 100) from generate_series(1, 300000);\nselect 1;" }],
    async (files, database) => {
      const { code, stderr } = await up(files, database);
      assertEquals(code, 0, stderr);
    },
  );
});

Deno.test("Ctrl-C ends a command that only reads, or waits for the version table, and its backend", async () => {
  await withProject([{ up: "create table t (x integer);" }], async (files, database) => {
    await up(files, database);
    const holder = database.session();
    for (const args of [["status"], ["up"], ["stamp", "base"]]) {
      await holder.begin(async (sql) => {
        await sql.unsafe("lock table mig_version in access exclusive mode");
        const running = startMig(args, { cwd: files.folder, env: { DATABASE_URL: database.url } });
        const waiting = async () =>
          (await database.query(
            "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
          )).length > 0;
        await until(waiting);
        running.process.kill("SIGINT");
        const { code, stderr } = await running.result;
        assertEquals(code, 130, `mig ${args.join(" ")}: ${stderr}`);
        assertEquals(await waiting(), false);
      });
    }
    await holder.end();
    assertEquals(await database.applied(), [idAt(0)]);
  });
});

Deno.test("a search_path that was changed does not have everything applied again", async () => {
  await withProject([{
    up: "create table if not exists public.log (s text);\ninsert into public.log values ('x');",
  }], async (files, database) => {
    await up(files, database);
    await database.query(`create schema app; alter database "${database.name}" set search_path = app`);
    const { code, stderr } = await up(files, database);
    assertEquals(code, 1);
    assertStringIncludes(stderr, "--table public.mig_version");
    const named = await up(files, database, "up", "--table", "public.mig_version");
    assertEquals([named.code, await database.text("select count(*) from public.log")], [0, "1"]);
    const other = await up(files, database, "up", "--table", "app.mig_version");
    assertEquals([other.code, await database.text("select count(*) from public.log")], [0, "2"]);
  });
});
