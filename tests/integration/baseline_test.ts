/** `mig baseline` adopts a database; `mig up` on an empty one then makes the same. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { freshDatabase, TestDatabase } from "../support/database.ts";
import { MANY_KINDS } from "../support/many_kinds.ts";
import { mig, type RunOptions } from "../support/mig.ts";
import { project, type RevisionLiteral } from "../support/project.ts";
import { clientMajor } from "../support/psql.ts";
import { TestServer } from "../support/server.ts";
import { TARGETS } from "../support/target.ts";

/** Something of each kind that people have in their databases. */
const EXISTING = `
${MANY_KINDS}create view happy as select id, email from users where mood = 'ok';
create materialized view counts as select mood, count(*) from users group by mood;
create rule no_delete as on delete to pets do instead (select 1; select 2);
comment on table users is 'people; größe 👍';
create schema app;
create table app.settings (name text primary key);
insert into users (email) values ('a@b');
`;

const AGAINST_PG = [
  "select format('%s.%s %s', n.nspname, relname, relkind) as line from pg_class c join pg_namespace n on n.oid = relnamespace \
where nspname in ('public', 'app') and relname not like 'mig\\_version%' order by 1",
  "select rulename || pg_get_ruledef(oid) from pg_rewrite where rulename = 'no_delete'",
  "select obj_description('users'::regclass)",
];

/** pg_dump reads servers up to its own version, and the tests have 14 to 18. */
const MAJOR = clientMajor("pg_dump") === null ? null : Math.min(clientMajor("pg_dump")!, 18);

function test(name: string, run: (server: TestServer) => Promise<void>): void {
  Deno.test({
    name,
    ignore: MAJOR === null || MAJOR < 14,
    async fn() {
      await using server = await TestServer.start({ major: MAJOR! });
      await run(server);
    },
  });
}

async function database(server: TestServer, name: string): Promise<TestDatabase> {
  await using admin = new TestDatabase(server.url(), "mig_test_none");
  await admin.query(`create database "${name}"`);
  return new TestDatabase(server.url(name), "mig_test_none");
}

async function facts(database: TestDatabase): Promise<string[]> {
  const lines = [await database.schema()];
  for (const sql of AGAINST_PG) lines.push(JSON.stringify(await database.query(sql)));
  return lines;
}

test("mig up on an empty database makes what mig baseline found", async (server) => {
  await using there = await database(server, "there");
  await using empty = await database(server, "empty");
  await there.query(EXISTING);
  await using files = await project();
  const on = (database: TestDatabase): RunOptions => ({
    cwd: files.folder,
    env: { DATABASE_URL: database.url },
  });
  const adopted = await mig(["baseline", "-m", "as of 2026"], on(there));
  assertEquals(adopted.code, 0, adopted.stderr);
  assertStringIncludes(adopted.stdout, '"as of 2026" as applied');

  const [folder] = [...Deno.readDirSync(files.migrations)].map(({ name }) => name);
  assertEquals([...Deno.readDirSync(`${files.migrations}/${folder}`)].map(({ name }) => name).sort(), [
    "meta.json",
    "up.sql",
  ]);
  const up = await Deno.readTextFile(`${files.migrations}/${folder}/up.sql`);
  assert(!/\\(un)?restrict|mig_version|statement_timeout|OWNER TO|Dumped/.test(up), up);
  assertStringIncludes(up, "CREATE TABLE public.users");

  // It is applied there, and nothing of it ran.
  assertStringIncludes((await mig(["up"], on(there))).stdout, "Nothing to do");
  assertEquals(await there.text("select count(*) from users"), "1");
  assertStringIncludes((await mig(["history"], on(there))).stdout, "stamped");
  assertStringIncludes((await mig(["down", "base"], on(there))).stderr, "no down.sql");

  const made = await mig(["up"], on(empty));
  assertEquals(made.code, 0, made.stderr);
  assertEquals(await facts(empty), await facts(there));
});

Deno.test("the embedded database needs no pg_dump on the PATH, for the executable and with Deno", async () => {
  const there = await TARGETS.embedded([]);
  await using _there = there;
  await there.execute("create schema app");
  await there.execute("create table app.users (id integer primary key, name text)");
  await there.execute("create view app.names as select name from app.users");
  for (const via of ["binary", "deno"] as const) {
    const options = { cwd: there.files.folder, env: { PATH: "/nonexistent" }, via };
    const adopted = await mig(["baseline", "--database", "pglite:.mig/pglite"], options);
    assertEquals(adopted.code, 0, adopted.stderr);
    assertStringIncludes(adopted.stdout, "4 statements from pg_dump 18");
    await Deno.remove(there.files.migrations, { recursive: true });
    await Deno.mkdir(there.files.migrations);
    assertEquals((await mig(["stamp", "base", "--purge"], options)).code, 0);
  }
  // What pg_dump does to its session is undone.
  assertEquals(await there.value("current_setting('search_path')"), '"$user", public');
});

test("mig baseline leaves the version table out, and its schema in", async (server) => {
  await using there = await database(server, "there");
  await using empty = await database(server, "empty");
  await there.query("create schema app; create table app.users (id integer)");
  await using files = await project();
  const run = (database: TestDatabase, ...args: string[]) =>
    mig([...args, "--table", "app.version"], { cwd: files.folder, env: { DATABASE_URL: database.url } });
  assertEquals((await run(there, "stamp", "base")).code, 0);
  const adopted = await run(there, "baseline");
  assertEquals(adopted.code, 0, adopted.stderr);
  const made = await run(empty, "up");
  assertEquals(made.code, 0, made.stderr);
  assertEquals(await empty.text("select to_regclass('app.users')"), "app.users");
});

test("mig baseline gives pg_dump the password, and nobody else", async (server) => {
  await using there = await database(server, "there");
  await there.query("create table users (id integer); alter role postgres password 'hush'");
  await Deno.writeTextFile(`${server.folder}/data/pg_hba.conf`, "host all all 127.0.0.1/32 scram-sha-256\n");
  await there.query("select pg_reload_conf()");
  await using files = await project();
  const run = (password: string) => {
    const env = { DATABASE_URL: there.url.replace("@", `:${password}@`), PGDATABASE: "wrong", PGSERVICE: "" };
    return mig(["baseline"], { cwd: files.folder, env });
  };
  const wrong = await run("loud");
  assertEquals([wrong.code, wrong.stderr.includes("loud")], [1, false]);
  const right = await run("hush");
  assertEquals(right.code, 0, right.stderr);
});

test("mig baseline says when pg_dump is too old or not there, and gives no password away", async () => {
  await using files = await project();
  const run = async (url: string, path?: string) => {
    const env: Record<string, string> = path === undefined ? {} : { PATH: path };
    return await mig(["baseline"], { cwd: files.folder, env: { DATABASE_URL: url, ...env } });
  };
  await using fresh = await freshDatabase();
  const none = await run(fresh.url, "/nonexistent");
  assertEquals(none.code, 1);
  assertStringIncludes(none.stderr, "there is no pg_dump on the PATH");
  assertStringIncludes(none.stderr, "--from");
  const serverMajor = Math.floor(Number(await fresh.text("show server_version_num")) / 10_000);
  if (MAJOR !== null && MAJOR < serverMajor) {
    const old = await run(fresh.url);
    assertStringIncludes(old.stderr, `is too old for PostgreSQL ${serverMajor}`);
  }
  assertEquals([...Deno.readDirSync(files.migrations)], []);
});

const DUMP = `--
-- PostgreSQL database dump
--

\\restrict x

SET statement_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);

-- Name: users; Type: TABLE

CREATE TABLE public.users (
    id integer
);


COPY public.users (id) FROM stdin;
1
\\.


--
-- PostgreSQL database dump complete
--

\\unrestrict x
`;

Deno.test("mig baseline --from takes a dump that was made elsewhere", async () => {
  await using there = await freshDatabase();
  await using empty = await freshDatabase();
  await there.query("create table users (id integer)");
  await using files = await project();
  await files.write("schema.sql", DUMP);
  const run = (database: TestDatabase, ...args: string[]) =>
    mig(args, { cwd: files.folder, env: { DATABASE_URL: database.url } });
  const adopted = await run(there, "baseline", "--from", "schema.sql");
  assertEquals(adopted.code, 0, adopted.stderr);
  assertStringIncludes(adopted.stdout, "2 statements from schema.sql");
  const [{ name }] = [...Deno.readDirSync(files.migrations)] as [Deno.DirEntry];
  assertEquals(
    await Deno.readTextFile(`${files.migrations}/${name}/up.sql`),
    `-- The schema that \`mig baseline\` found, as schema.sql wrote it. mig runs it only on databases that are still empty.

SELECT pg_catalog.set_config('search_path', '', false);

-- Name: users; Type: TABLE

CREATE TABLE public.users (
    id integer
);

COPY public.users (id) FROM stdin;
1
\\.
`,
  );
  assertEquals(await there.text("select count(*) from users"), "0");
  assertEquals((await run(empty, "up")).code, 0);
  assertEquals(await empty.text("select count(*) from users"), "1");
});

const REVISION: RevisionLiteral = { message: "one", up: "create table one (id integer);" };

Deno.test("mig baseline is refused where somebody has been before", async () => {
  await using there = await freshDatabase();
  await using files = await project([REVISION]);
  const run = (...args: string[]) => mig(args, { cwd: files.folder, env: { DATABASE_URL: there.url } });
  await files.write("schema.sql", DUMP);
  const second = await run("baseline", "--from", "schema.sql");
  assertEquals(second.code, 1);
  assertStringIncludes(second.stderr, "mig stamp head");
  await run("up");
  await Deno.remove(files.migrations, { recursive: true });
  await Deno.mkdir(files.migrations);
  const migrated = await run("baseline", "--from", "schema.sql");
  assertEquals(migrated.code, 1);
  assertStringIncludes(migrated.stderr, "has been migrated already");
  assertEquals([...Deno.readDirSync(files.migrations)], []);
});

Deno.test("mig baseline refuses a dump with nothing in it, with mig's own table, or that mig cannot run", async () => {
  await using there = await freshDatabase();
  await using files = await project();
  const refused = async (text: string) => {
    await files.write("schema.sql", text);
    const result = await mig(["baseline", "--from", "schema.sql"], {
      cwd: files.folder,
      env: { DATABASE_URL: there.url },
    });
    assertEquals([...Deno.readDirSync(files.migrations)], []);
    assert(result.code !== 0);
    return result.stderr;
  };
  assertStringIncludes(await refused("SET statement_timeout = 0;\n"), "there is nothing to adopt");
  assertStringIncludes(
    await refused("create table x ();\ncreate table public.mig_version ();"),
    "schema.sql:2:1",
  );
  assertStringIncludes(await refused("\\connect other\ncreate table x ();"), "schema.sql:1:1");
  assertStringIncludes(await refused("create database other;"), "cannot run inside a transaction");
  assertEquals(await there.text("select to_regclass('mig_version')"), null);
});
