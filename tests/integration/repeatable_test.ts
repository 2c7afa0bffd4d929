/** Repeatable scripts: when they are applied, in which order, in which transaction, and what stands when one fails. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { labelsOf, noting, writeHooks } from "../support/hooks.ts";
import { freshDatabase } from "../support/database.ts";
import { mig } from "../support/mig.ts";
import { idAt, project, type RevisionLiteral } from "../support/project.ts";
import { clientMajor, psql } from "../support/psql.ts";
import { type Target, TARGETS, targetTests } from "../support/target.ts";

const USERS: readonly RevisionLiteral[] = [
  { message: "users", up: "create table users (id integer, name text);", down: "drop table users;" },
  { message: "phone", up: "alter table users add phone text;", down: "alter table users drop phone;" },
];

const CONFIG = JSON.stringify({ repeatable: "repeatable" });
const NAMES = "create or replace view names as select name from users;\n";

const { test, testOnBoth } = targetTests(async ({ files }) => {
  await files.write("mig.json", CONFIG);
  await files.write("repeatable/.keep", "");
});

// deno-lint-ignore no-explicit-any -- the answer is looked into as a program would
async function json(target: Target, ...args: string[]): Promise<any> {
  const { code, stdout, stderr } = await target.run(...args, "--json");
  assert(code === 0 || code === 3, stderr);
  return JSON.parse(stdout).data;
}

const states = async (target: Target) =>
  (await json(target, "status")).repeatable.map(({ name, state }: { name: string; state: string }) =>
    `${name} ${state}`
  );

/** Notes in the database that it ran. */
const noted = (name: string, more = "") =>
  `create table if not exists ran (seq serial, name text);\ninsert into ran (name) values ('${name}');\n${more}`;
const ran = (target: Target) => target.value("select string_agg(name, ' ' order by seq) from ran");
const forgetRan = (target: Target) => target.execute("truncate ran");

testOnBoth(
  "scripts are applied in the order of their names, folder by folder, and only when they changed",
  USERS,
  async (target) => {
    for (const name of ["b.sql", "a/2.sql", "a/10.sql", "a-b.sql", "c/d/e.sql"]) {
      await target.files.write(`repeatable/${name}`, noted(name));
    }
    await target.files.write("repeatable/_draft.sql", "this is not SQL");
    await target.files.write("repeatable/.hidden/x.sql", "this is not SQL");
    await target.files.write("repeatable/README.md", "this is not SQL");
    const up = await target.run("up");
    assertEquals(up.code, 0, up.stderr);
    assertMatch(up.stdout, /^Applied 2 revisions and 5 repeatable scripts: the database is at/);
    assertMatch(up.stderr, /^✓ repeatable {2}repeatable.a.10\.sql {2}new; 2 statements, /m);
    assertEquals(await ran(target), "a/10.sql a/2.sql a-b.sql b.sql c/d/e.sql");

    const again = await target.run("up");
    assertMatch(again.stdout, /^Nothing to do: the database is at/);
    assertEquals(await ran(target), "a/10.sql a/2.sql a-b.sql b.sql c/d/e.sql");

    await forgetRan(target);
    await target.files.write("repeatable/b.sql", noted("b.sql", "-- edited\n"));
    await target.files.write("repeatable/a/2.sql", noted("a/2.sql").replaceAll("\n", "\r\n"));
    const { repeatable, steps } = await json(target, "up");
    assertEquals(steps, []);
    assertEquals(repeatable.scripts.map(({ name, reason }: Record<string, string>) => [name, reason]), [
      ["b.sql", "changed"],
    ]);
    assertEquals([repeatable.unchanged, repeatable.waiting, repeatable.removed], [4, 0, []]);
    assertEquals(await ran(target), "b.sql");
  },
);

test(
  "status and check say what is pending, changed, applied and removed; they and a dry run only read",
  USERS,
  async (target) => {
    await target.files.write("repeatable/names.sql", NAMES);
    const table = "to_regclass('mig_version_repeatable') is null";
    assertEquals(await states(target), ["names.sql pending"]);
    const dry = await target.run("up", "--dry-run");
    assertMatch(dry.stdout, /^ {2}repeatable +pending +repeatable.names\.sql$/m);
    assertMatch(dry.stdout, /Would apply 2 revisions and 1 repeatable script; nothing was changed$/m);
    assertEquals((await target.run("check")).code, 3);
    assertEquals(await target.value(table), "true");

    await target.run("up", "+1");
    assertEquals(await target.value(table), "true", "made on first use");
    await target.run("up");
    assertEquals(await states(target), ["names.sql applied"]);
    const well = await target.run("check");
    assertEquals(well.code, 0, well.stdout);

    await target.files.write("repeatable/names.sql", NAMES.replace("name from", "name, id from"));
    await target.files.write("repeatable/more.sql", "select 1;");
    assertEquals(await states(target), ["more.sql pending", "names.sql changed"]);
    const status = await target.run("status");
    assertMatch(status.stdout, /^ {2}repeatable {2}0 of 2 scripts applied$/m);
    assertMatch(status.stdout, /^next: mig up$/m);
    const check = await target.run("check");
    assertEquals(check.code, 3);
    assertMatch(
      check.stdout,
      /^repeatable-changed: the repeatable script names\.sql was changed since it was applied: repeatable.names\.sql$/m,
    );
    assertMatch(check.stdout, /^ {4}-create or replace view names as select name from users;$/m);
    assertMatch(
      check.stdout,
      /^repeatable-pending: the repeatable script more\.sql is not applied: repeatable.more\.sql$/m,
    );
    assertEquals((await target.run("check", "--ignore", "repeatable-changed,repeatable-pending")).code, 0);

    await target.run("up");
    await Deno.remove(`${target.files.folder}/repeatable/names.sql`);
    assertEquals(await states(target), ["more.sql applied", "names.sql removed"]);
    assertMatch(
      (await target.run("check")).stdout,
      /^repeatable-removed: the repeatable script names\.sql is gone, /m,
    );
    const up = await target.run("up");
    assertMatch(
      up.stderr,
      /^warning: the repeatable script names\.sql is gone: what it made stays until a revision drops it$/m,
    );
    assertEquals(await target.value("to_regclass('names') is not null"), "true", "nothing is dropped");
    assertEquals(await states(target), ["more.sql applied"]);
  },
);

test("scripts wait until no revision is pending", USERS, async (target) => {
  await target.files.write(
    "repeatable/phones.sql",
    "create or replace view phones as select phone from users;",
  );
  const one = await target.run("up", "+1");
  assertEquals(one.code, 0, one.stderr);
  assertMatch(one.stdout, /1 revision pending, 1 repeatable script to apply then$/m);
  assertEquals(await target.value("to_regclass('phones') is null"), "true");
  const rest = await target.run("up");
  assertMatch(rest.stdout, /^Applied 1 revision and 1 repeatable script: /);
  assertEquals(await target.value("to_regclass('phones') is null"), "false");
});

testOnBoth(
  "a script that fails names its line; it and its record are rolled back, what came before stays",
  USERS,
  async (target) => {
    await target.files.write("repeatable/1.sql", noted("1"));
    await target.files.write(
      "repeatable/2.sql",
      "create table half (id integer);\n\ncreate or replace view v as\n  select nothing from users;\n",
    );
    await target.files.write("repeatable/3.sql", noted("3"));
    const { code, stderr, stdout } = await target.run("up", "--json");
    assertEquals(code, 1);
    assertMatch(
      stderr,
      /^error: cannot apply the repeatable script 2\.sql: column "nothing" does not exist$/m,
    );
    assertMatch(stderr, /repeatable.2\.sql:4:10$/m);
    assertStringIncludes(
      stderr,
      `every revision of this run is done and stays: ${idAt(0)}, ${idAt(1)}; 1 script before it is applied`,
    );
    assertMatch(stderr, /^hint: correct repeatable.2\.sql and run `mig up` again/m);
    const { error } = JSON.parse(stdout);
    assertEquals([error.code, error.data.repeatable, error.data.applied], ["sql-failed", "2.sql", [
      idAt(0),
      idAt(1),
    ]]);
    assertEquals(await target.applied(), [idAt(0), idAt(1)]);
    assertEquals(await target.value("to_regclass('half') is null"), "true");
    assertEquals(await states(target), ["1.sql applied", "2.sql pending", "3.sql pending"]);
    assertEquals(await ran(target), "1");
    await target.files.write("repeatable/2.sql", noted("2"));
    assertEquals((await target.run("up", "--lock-wait", "1s")).code, 0);
    assertEquals(await ran(target), "1 2 3");
  },
);

test("what can be refused is refused before the first revision runs", USERS, async (target) => {
  for (
    const [sql, message] of [
      ["begin; select 1; commit;", /2 statements that cannot run/],
      ["create or replace view v as select '", /the string that begins here does not end/],
      ["vacuum;", /VACUUM cannot run inside a transaction/],
      ["-- mig: no-transactoin\nselect 1;", /there is no directive "no-transactoin"/],
      ["set client_encoding = 'LATIN1';", /would read the rest of it as/],
    ] as const
  ) {
    await target.files.write("repeatable/a.sql", sql);
    const { code, stderr } = await target.run("up");
    assertEquals(code, 1);
    assertMatch(stderr, message);
    assertMatch(stderr, /repeatable.a\.sql:/);
    assertEquals(await target.applied(), []);
    assertEquals((await target.run("check", "--no-db", "--ignore", "irreversible")).code, 3);
  }
});

testOnBoth(
  "a no-transaction script runs statement by statement, and again from its beginning after a failure",
  USERS,
  async (target) => {
    const script = (last: string) =>
      `-- mig: no-transaction\ncreate index concurrently if not exists users_name on users (name);\n${
        noted("alone")
      }${last}`;
    await target.files.write("repeatable/index.sql", script("select 1 / 0;\n"));
    const failed = await target.run("up");
    assertEquals(failed.code, 1);
    assertMatch(
      failed.stderr,
      /the script runs outside of a transaction, so the statements before this one stay/,
    );
    assertEquals(await states(target), ["index.sql pending"]);
    assertEquals(await ran(target), "alone");
    await target.files.write("repeatable/index.sql", script(""));
    const up = await target.run("up");
    assertEquals(up.code, 0, up.stderr);
    assertEquals(await ran(target), "alone alone");
    assertEquals(await states(target), ["index.sql applied"]);
  },
);

test(
  "down leaves scripts alone, and what is undone by it or dropped by a revision is made again",
  USERS,
  async (target) => {
    await target.files.write(
      "repeatable/phones.sql",
      "create or replace view phones as select phone from users;",
    );
    await target.files.write(
      "repeatable/f.sql",
      "create or replace function f() returns int language sql as 'select 1';",
    );
    await target.run("up");
    const refused = await target.run("down", "-1");
    assertEquals(refused.code, 1);
    assertMatch(
      refused.stderr,
      /^hint: the view phones is made by the repeatable script repeatable.phones\.sql: drop it in this file first; the next `mig up` makes it again$/m,
    );
    await target.files.write(
      "migrations/20260101T0001_0000a002/down.sql",
      "drop view if exists phones; alter table users drop phone;",
    );
    const down = await target.run("down", "-1");
    assertEquals(down.code, 0, down.stderr);
    assertMatch(down.stdout, /1 revision pending, 2 repeatable scripts to apply then$/m);
    assertEquals(await target.value("to_regclass('phones') is null"), "true");
    const up = await json(target, "up");
    assertEquals(up.repeatable.scripts.map(({ reason }: { reason: string }) => reason), ["undone", "undone"]);
    assertEquals(await target.value("to_regclass('phones') is null"), "false");

    await target.files.add({
      message: "type",
      up: "drop view phones; alter table users alter phone type varchar(20);",
    }, 2);
    const typed = await json(target, "up");
    assertEquals(typed.repeatable.scripts.map(({ name, reason }: Record<string, string>) => [name, reason]), [
      ["phones.sql", "missing"],
    ]);
    assertEquals(await target.value("to_regclass('phones') is null"), "false");
    await target.execute("drop function f()");
    assertEquals(await states(target), ["f.sql missing", "phones.sql applied"]);
  },
);

test("goto and redo end with the scripts too", USERS, async (target) => {
  await target.files.write("repeatable/a.sql", noted("a"));
  await target.run("goto", "head");
  assertEquals(await ran(target), "a");
  const redo = await target.run("redo");
  assertEquals(redo.code, 0, redo.stderr);
  assertEquals(await ran(target), "a a");
});

test("hooks are around the scripts, also where no revision was pending", USERS, async (target) => {
  await target.files.write("repeatable/a.sql", noted("script"));
  await target.files.write("after.sql", noted("after_up"));
  await writeHooks(target.files, {
    before_up: noting("before"),
    after_up: [{ sql: "after.sql" }, noting("after")],
  }, {
    repeatable: "repeatable",
  });
  await target.run("up");
  assertEquals([await ran(target), await labelsOf(target.files)], ["script after_up", ["before", "after"]]);
  await target.files.write("repeatable/a.sql", noted("script again"));
  const again = await target.run("up");
  assertMatch(again.stdout, /^Applied 1 repeatable script: /);
  assertEquals(await ran(target), "script after_up script again after_up");
  assertEquals((await labelsOf(target.files)).length, 4);
});

testOnBoth(
  "what a script sets for its session does not reach the next one, nor its record",
  USERS,
  async (target) => {
    await target.files.write(
      "repeatable/a.sql",
      "set search_path = ''; set role none; prepare p as select 1;",
    );
    await target.files.write(
      "repeatable/b.sql",
      "create or replace view names as select name from users; prepare p as select 2;",
    );
    const { code, stderr } = await target.run("up");
    assertEquals(code, 0, stderr);
    assertEquals(await target.value("to_regclass('public.names') is not null"), "true");
  },
);

test(
  "variables are filled in where a script asks for them, and their values are kept nowhere",
  USERS,
  async (target) => {
    const text =
      "-- mig: env GREETING\ncreate or replace view hello as select '${GREETING}'::text as word;\n";
    await target.files.write("repeatable/hello.sql", text);
    const missing = await target.run("up");
    assertEquals(missing.code, 1);
    assertMatch(missing.stderr, /^error: the environment variable GREETING is not set$/m);
    assertEquals(await target.applied(), []);
    await target.files.write(".env", "GREETING=it's me\n");
    const { code, stderr } = await target.run("up");
    assertEquals(code, 0, stderr);
    assertEquals(await target.value("(select word from hello)"), "it's me");
    assertEquals(await target.value("(select sql from mig_version_repeatable)"), text);
    await target.files.write("repeatable/hello.sql", text.replace("'::text", "'::integer"));
    const failed = await target.run("up");
    assertEquals([failed.code, failed.stderr.includes("it's me")], [1, false], failed.stderr);
  },
);

test("a batch is refused", USERS, async (target) => {
  await target.files.write(
    "repeatable/a.sql",
    "-- mig: no-transaction\n\n-- mig: batch\ndelete from users where id < 0;\n",
  );
  const { code, stderr } = await target.run("up");
  assertEquals(code, 1);
  assertMatch(stderr, /^error: a repeatable script cannot hold a batch/m);
  assertEquals(await target.applied(), []);
});

test("names with quotes and letters of any kind are names", USERS, async (target) => {
  const name = 'it\'s "ä\\b" 100%_$1.sql';
  await target.files.write(`repeatable/${name}`, `create or replace view "v'%_\\" as select 1 as x;`);
  const { code, stderr } = await target.run("up");
  assertEquals(code, 0, stderr);
  assertEquals(await states(target), [`${name} applied`]);
  await target.execute(`drop view "v'%_\\"`);
  assertEquals(await states(target), [`${name} missing`]);
});

test("a project without revisions has its scripts too", [], async (target) => {
  await target.files.write("repeatable/a.sql", noted("a"));
  const { code, stderr } = await target.run("up");
  assertEquals(code, 0, stderr);
  assertEquals(await ran(target), "a");
  assertMatch((await target.run("up")).stdout, /^Nothing to do/);
});

test("the folder must be there, and links must not lead out of it", USERS, async (target) => {
  await target.files.write("secret.sql", "select 1;");
  await Deno.symlink("../secret.sql", `${target.files.folder}/repeatable/x.sql`);
  const out = await target.run("up");
  assertEquals(out.code, 1);
  assertMatch(out.stderr, /^error: the link "repeatable.x\.sql" leads out of the /m);
  assertEquals(await target.applied(), []);
  await Deno.remove(`${target.files.folder}/repeatable/x.sql`);
  await Deno.symlink(".", `${target.files.folder}/repeatable/loop`);
  assertMatch(
    (await target.run("status")).stderr,
    /^error: the link "repeatable.loop" leads back to a folder that it is in$/m,
  );
  await Deno.remove(`${target.files.folder}/repeatable`, { recursive: true });
  const gone = await target.run("up");
  assertMatch(gone.stderr, /^error: the folder of the repeatable scripts "repeatable" does not exist$/m);
});

testOnBoth("a table of another kind under that name is not touched", USERS, async (target) => {
  await target.files.write("repeatable/a.sql", "select 1;");
  await target.execute("create table mig_version_repeatable (id integer)");
  const { code, stderr } = await target.run("up");
  assertEquals(code, 1);
  assertMatch(stderr, /is not mig's table of the repeatable scripts: it has no column "name"$/m);
  assertEquals(await target.applied(), []);
});

Deno.test("two runs at once apply each script once", async () => {
  await using target = await TARGETS.server(USERS);
  await target.files.write("mig.json", CONFIG);
  for (let n = 0; n < 20; n++) {
    await target.files.write(`repeatable/${n + 10}.sql`, noted(String(n + 10), "select pg_sleep(0.02);"));
  }
  const runs = await Promise.all(Array.from({ length: 4 }, () => target.run("up")));
  assertEquals(runs.map(({ code }) => code), [0, 0, 0, 0], runs.map(({ stderr }) => stderr).join("\n"));
  assertEquals(await ran(target), Array.from({ length: 20 }, (_, n) => n + 10).join(" "));
});

Deno.test("a run that is killed has applied and recorded the same scripts, and the next one goes on", async () => {
  await using target = await TARGETS.server(USERS);
  await target.files.write("mig.json", CONFIG);
  for (let n = 0; n < 30; n++) {
    await target.files.write(`repeatable/${n + 10}.sql`, noted(String(n + 10), "select pg_sleep(0.03);"));
  }
  for (const ms of [250, 400, 550]) {
    const { process, result } = target.start("up");
    await new Promise((resolve) => setTimeout(resolve, ms));
    try {
      process.kill("SIGKILL");
    } catch {
      // It was done already.
    }
    await result;
  }
  const { code, stderr } = await target.run("up");
  assertEquals(code, 0, stderr);
  assertEquals(await ran(target), Array.from({ length: 30 }, (_, n) => n + 10).join(" "));
});

Deno.test("timeouts are those of the settings, and a script's directive wins over them", async () => {
  await using target = await TARGETS.server(USERS);
  await target.files.write("mig.json", CONFIG);
  await target.files.write("repeatable/a.sql", "-- mig: statement-timeout 20s\nselect pg_sleep(0.3);");
  const up = await target.run("up", "--statement-timeout", "100ms");
  assertEquals(up.code, 0, up.stderr);
  await target.files.write("repeatable/a.sql", "select pg_sleep(0.3);");
  const late = await target.run("up", "--statement-timeout", "100ms");
  assertEquals(late.code, 1);
  assertMatch(
    late.stderr,
    /^error: cannot apply the repeatable script a\.sql: canceling statement due to statement timeout$/m,
  );
});

Deno.test("a role that may not make the table is told the grant", async () => {
  await using database = await freshDatabase();
  await using files = await project(USERS);
  const up = (url: string) => mig(["up"], { cwd: files.folder, env: { DATABASE_URL: url } });
  assertEquals((await up(database.url)).code, 0);
  const role = `clerk_${database.name.slice(-8)}`;
  await database.query(`create role ${role} login`);
  await database.query(`grant all on mig_version to ${role}; revoke create on schema public from public`);
  await files.write("mig.json", CONFIG);
  await files.write("repeatable/a.sql", "select 1;");
  const url = new URL(database.url);
  url.username = role;
  const { code, stderr } = await up(url.href);
  await database.query(`drop owned by ${role}; drop role ${role}`);
  assertEquals(code, 1);
  assertStringIncludes(stderr, `hint: have an owner run: grant create on schema "public" to "${role}"`);
});

Deno.test({
  name: "a script of mig up --sql applies and records them, in one transaction or in several",
  ignore: clientMajor("psql") === null,
  async fn() {
    for (const alone of [false, true]) {
      await using database = await freshDatabase();
      await using files = await project(USERS);
      const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
      await files.write("mig.json", CONFIG);
      await files.write(
        "repeatable/it's \\.sql",
        `${NAMES}-- :name and \\echo no\n${noted("1", "-- no semicolon")}`,
      );
      await files.write(
        "repeatable/2.sql",
        `${alone ? "-- mig: no-transaction\n" : ""}${noted("2")}select 2`,
      );
      const half = await mig(["up", "--sql", "base:+1", "--json"], options);
      assertEquals(JSON.parse(half.stdout).data.repeatable, []);
      const written = await mig(["up", "--sql", "-o", "up.sql"], options);
      assertMatch(written.stdout, /^Wrote up\.sql: 2 revisions and 2 repeatable scripts$/m);
      const path = `${files.folder}/up.sql`;
      const first = await psql(database, alone ? ["-f", path] : ["-1", "-f", path]);
      assertEquals(first.code, 0, first.stderr);
      assertEquals(await database.text("select string_agg(name, ' ' order by seq) from ran"), "2 1");
      const check = await mig(["check"], options);
      assertEquals(check.code, 0, check.stdout);

      await files.write("repeatable/2.sql", noted("changed"));
      const rest = await mig(["up", "--sql", "current:head", "-o", "up.sql"], options);
      assertMatch(rest.stdout, /^Wrote up\.sql: 0 revisions and 1 repeatable script$/m);
      const second = await psql(database, ["-1", "-f", path]);
      assertEquals(second.code, 0, second.stderr);
      assertEquals(await database.text("select string_agg(name, ' ' order by seq) from ran"), "2 1 changed");
      assertMatch((await mig(["up"], options)).stdout, /^Nothing to do/);
    }
  },
});

Deno.test("a script that waits for a lock in vain lets others pass and tries again", async () => {
  await using database = await freshDatabase();
  await using files = await project(USERS);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  await files.write("mig.json", CONFIG);
  await files.write("repeatable/1.sql", noted("1"));
  await files.write("repeatable/names.sql", NAMES);
  assertEquals((await mig(["up"], options)).code, 0);
  const other = database.session();
  const held = other.begin(async (sql) => {
    await sql.unsafe("lock table names in access share mode");
    await new Promise((resolve) => setTimeout(resolve, 1500));
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  await files.write("repeatable/1.sql", noted("again"));
  await files.write("repeatable/names.sql", NAMES.replace("name from", "name, id from"));
  const { code, stderr } = await mig(["up", "--lock-timeout", "200ms"], options);
  await held;
  await other.end();
  assertEquals(code, 0, stderr);
  assertMatch(
    stderr,
    /^↻ repeatable {2}repeatable.names\.sql: waited too long for a lock; rolled back, tries again in .* \(try 2 of 7\)$/m,
  );
  assertEquals(await database.text("select string_agg(name, ' ' order by seq) from ran"), "1 again");
  assertEquals((await mig(["check"], options)).code, 0);
});
