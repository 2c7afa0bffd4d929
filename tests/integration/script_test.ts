/** A script of `mig up --sql`, run by psql, leads to what `mig up` leads to: schema, data, version table. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { lockKey } from "../../src/engine/lock_key.ts";
import { defaultMajor } from "../support/binaries.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { mig } from "../support/mig.ts";
import { idAt, project, type RevisionLiteral, type TestProject } from "../support/project.ts";
import { clientMajor, psql } from "../support/psql.ts";

const PSQL = clientMajor("psql");

/** A psql before 18 sends the closing line of CSV data, and a server from 18 on takes it for data. */
const CSV = PSQL === null || PSQL < Math.min(18, defaultMajor())
  ? ""
  : 'copy public.copied from stdin with (format csv);\n5,"with, comma"\n\\.\n';

/** Whatever may go wrong between a file, psql and one transaction for all. */
const CHAIN: readonly RevisionLiteral[] = [
  {
    message: "users, and a \"message\" with 'quotes', `ticks`, \\echo and another line: größe 👍",
    up: `create table users (id serial primary key, name text not null, tags text[]);
insert into users (name, tags) values ('it''s', '{a,b,c}'), (E'back\\\\slash', null), ('a;b', '{}'), ('größe 👍', '{"x y"}');
`,
    down: "drop table users;",
  },
  {
    message: "copied",
    up: `\\restrict abc
-- data as pg_dump writes it; with a semicolon in the comment
select pg_catalog.set_config('search_path', '', false);
set check_function_bodies = false;
create table public.copied (id integer, note text);
COPY public.copied (id, note) FROM stdin; -- tab separated
1\tone
2\ta\\\\b
3\t\\N
4\t:name and ;
\\.

${CSV}\\unrestrict abc
COPY public.copied FROM stdin;\r
6\tcarriage\r
7\treturn\r
\\.\r
alter table public.copied add primary key (id)`,
    down: "drop table copied;\n",
  },
  {
    message: "functions",
    up: `-- no schema's name here: the search path of the file before is gone
create function total(n integer) returns integer language plpgsql as $body$
begin
  -- :name; 'quote
  return (select count(*) from users) + n;
end $body$;
create function twice(n integer) returns integer begin atomic select n; select n * 2; end;
create function part(a integer[], n integer) returns integer[] language sql as 'select a[1:n]';
create table parts as select u.id, (array[1,2,3,4])[1:id] as first, (array[1,2,3])[id:"id"+1] as next, '1'::text as one,
  (array[1,2,3])[:2] as two, (array[1,2,3])[1:id::int] as three from users u;
do $$ begin perform total(1); end $$;
/* a comment; with /* another */ in it */ create view totals as select total(1) as "total:name" -- no semicolon`,
    down: "drop view totals;\ndrop table parts;\ndrop function total, twice, part;",
  },
  { message: "a thought", up: "-- nothing yet", down: "-- nothing" },
  {
    message: "deferred",
    up:
      `create table pets (id integer primary key, owner integer references users deferrable initially deferred);
insert into pets values (1, 99);
insert into users (id, name) values (99, 'later');`,
    down: "drop table pets;\ndelete from users where id = 99;",
  },
  {
    message: "deferred again",
    up: `alter table pets add name text;
set constraints all deferred;
insert into pets values (2, 100, 'rex');
insert into users (id, name) values (100, 'even later');`,
    down: "delete from pets where id = 2;\nalter table pets drop name;\ndelete from users where id = 100;",
  },
  {
    message: "session",
    up: `-- mig: lock-timeout 5s
-- mig: statement-timeout 10min
set role pg_read_all_data;
reset role;
set standard_conforming_strings = on;
create temp table scratch (id integer);
prepare answer as select 42;
set client_encoding = 'UTF8';
set lock_timeout = '1ms';
set timezone = 'Pacific/Auckland';
create sequence session_seq;
select nextval('session_seq');`,
    down: "drop sequence session_seq;",
  },
  {
    message: "session again, größer",
    up: `create temp table scratch (id integer);
prepare answer as select 43;
create table times (at timestamptz);
insert into times values ('2026-01-01 00:00');
comment on table times is 'größer 👍';`,
    down: "drop table times;",
  },
  {
    message: "enum",
    up: "create type mood as enum ('sad', 'ok');\ncreate table moods (mood mood);",
    down: "drop table moods;\ndrop type mood;",
  },
];

const ENUM: RevisionLiteral = { message: "happy", up: "alter type mood add value 'happy' after 'ok';" };
const USES_ENUM: RevisionLiteral = {
  message: "use it",
  up: "alter table moods add column other mood default 'happy';\ninsert into moods values ('happy');",
  down: "delete from moods;\nalter table moods drop other;",
};
const INDEX: RevisionLiteral = {
  message: "index",
  up: `-- mig: no-transaction
-- mig: lock-timeout 5s
insert into users (name) values ('in a journal');
create index concurrently users_name on users (name);
-- and this
select pg_catalog.set_config('search_path', '', false);
create index concurrently users_tags on public.users using gin (tags);`,
  down:
    "-- mig: no-transaction\ndrop index concurrently users_name;\ndrop index concurrently users_tags;\ndelete from users where name = 'in a journal';",
};
const LAST: RevisionLiteral = {
  message: "last",
  up: "create table last (id integer);",
  down: "drop table last;",
};

function test(name: string, run: () => Promise<void>): void {
  Deno.test({ name, ignore: PSQL === null, fn: run });
}

/** Writes a script. */
async function script(
  files: TestProject,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const path = `${files.folder}/script.sql`;
  // Without a database: none may be asked.
  const result = await mig([...args, "--output", path], {
    cwd: files.folder,
    env: { DATABASE_URL: "postgres://nobody@127.0.0.1:1/nothing", ...env },
  });
  assertEquals(result.code, 0, result.stderr);
  return path;
}

/** Schema, data and version table; times aside. */
async function everything(database: TestDatabase): Promise<string> {
  const tables = await database.query<{ name: string }>(
    "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'S') \
and relname <> 'mig_version' order by 1",
  );
  const data = [];
  for (const { name } of tables) {
    data.push(
      name,
      await database.text(`select json_agg(t order by t::text) from (select * from "${name}") t`),
    );
  }
  const rows = await database.text(
    `select jsonb_pretty(jsonb_agg(to_jsonb(v) - array['applied_at', 'duration_ms'] ||
       jsonb_build_object('timed', duration_ms between 0 and 60000) order by seq)) from mig_version v`,
  );
  const comment = await database.text("select obj_description('mig_version'::regclass)");
  return [await database.schema(), ...data, rows, comment].join("\n");
}

/** Runs a range by mig on one database and as a script on another, and compares. */
async function compare(
  revisions: readonly RevisionLiteral[],
  flags: readonly string[],
  { from = "base", to = "head", direction = "up" } = {},
): Promise<void> {
  await using files = await project(revisions);
  await using byMig = await freshDatabase();
  await using byPsql = await freshDatabase();
  const run = async (database: TestDatabase, ...args: string[]) => {
    const result = await mig(args, { cwd: files.folder, env: { DATABASE_URL: database.url } });
    assertEquals(result.code, 0, result.stderr);
  };
  if (from !== "base") { for (const database of [byMig, byPsql]) await run(database, "up", from); }
  await run(byMig, direction, to);
  const path = await script(files, [direction, "--sql", `${from}:${to}`]);
  // Variables that psql would put in place of what stands behind a colon, and a wrong encoding.
  const vars = ["name", "n", "id", "2", "total", "HOST"].flatMap((name) => ["-v", `${name}='broken`]);
  const ran = await psql(byPsql, ["-X", ...vars, ...flags, "-f", path], { PGCLIENTENCODING: "LATIN1" });
  assertEquals(ran.code, 0, ran.stderr);
  assert(!/ERROR|WARNING/.test(ran.stderr), ran.stderr);
  assertEquals(await everything(byPsql), await everything(byMig));
  assertEquals(await byPsql.applied(), await byMig.applied());
  // mig goes on from there.
  await run(byPsql, "status");
  await run(byPsql, "up");
}

test("psql -1 with a script of the whole chain ends where mig up ends", () => compare(CHAIN, ["-1"]));

test("psql -1 with a script from the middle ends where mig up ends", () =>
  compare(CHAIN, ["-1"], { from: idAt(1), to: idAt(6) }));

test("psql -1 with a script for the way down ends where mig down ends", () =>
  compare(CHAIN, ["-1"], { from: "head", to: "base", direction: "down" }));

test("a script for part of the way down", () =>
  compare(CHAIN, ["-1"], { from: idAt(7), to: idAt(3), direction: "down" }));

test("a new enum value that a later revision uses makes a script of several transactions", () =>
  compare([...CHAIN, ENUM, USES_ENUM], []));

test("a new enum value that nobody uses stays in one transaction", () => compare([...CHAIN, ENUM], ["-1"]));

test("a no-transaction file makes a script of several transactions", () =>
  compare([...CHAIN, INDEX, LAST], []));

test("a no-transaction file on the way down", () =>
  compare([...CHAIN, INDEX, LAST], [], { from: "head", to: idAt(7), direction: "down" }));

test("branches, merges and dependencies are recorded as mig up records them", async () => {
  await compare([
    LAST,
    { up: "create table b (id integer);" },
    { up: "create table c (id integer);", parent: idAt(0) },
    { up: "create table d (id integer);", parent: [idAt(1), idAt(2)] },
  ], ["-1"]);
});

test("a script run the wrong way changes nothing, and says so", async () => {
  await using files = await project([...CHAIN, INDEX]);
  await using database = await freshDatabase();
  const one = await script(files, ["up", "--sql", `base:${idAt(8)}`]);
  const plain = await psql(database, ["-X", "-f", one]);
  assertEquals(plain.code, 3);
  assertStringIncludes(plain.stderr, "SAVEPOINT can only be used in transaction blocks");
  const each = await script(files, ["up", "--sql"]);
  const single = await psql(database, ["-X", "-1", "-f", each]);
  assertEquals(single.code, 3);
  assertStringIncludes(single.stderr, "DISCARD ALL cannot run inside a transaction block");
  assertEquals(await database.schema(), "");
});

test("a script changes nothing in a database that is not where it begins", async () => {
  await using files = await project([LAST, {
    message: "two",
    up: "create table two ();",
    down: "drop table two;",
  }]);
  await using database = await freshDatabase();
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  const path = await script(files, ["up", "--sql", `${idAt(0)}:head`]);
  const early = await psql(database, ["-1", "-f", path]);
  assertEquals(early.code, 3);
  assertStringIncludes(early.stderr, "the database is not where this script begins: nothing was changed");
  assertStringIncludes(early.stderr, `expected, but not applied: ${idAt(0)}`);
  assertStringIncludes(early.stderr, "mig up --sql current:head");
  await mig(["up"], options);
  const late = await psql(database, ["-1", "-f", path]);
  assertStringIncludes(late.stderr, `applied, but not expected: ${idAt(1)}`);
  assertEquals(await database.applied(), [idAt(0), idAt(1)]);

  const back = await mig(["down", "--sql", "current:-1"], options);
  assertEquals(back.code, 0, back.stderr);
  await Deno.writeTextFile(path, back.stdout);
  assertEquals((await psql(database, ["-1", "-f", path])).code, 0);
  assertEquals(await database.applied(), [idAt(0)]);
  assertEquals((await psql(database, ["-1", "-f", path])).code, 3, "it cannot run twice");
});

test("a script that fails in the middle leaves nothing, whatever ~/.psqlrc says", async () => {
  await using files = await project([LAST, { up: "create table two ();\nselect 1/0;" }, CHAIN[0]!]);
  await using database = await freshDatabase();
  const path = await script(files, ["up", "--sql"]);
  const rc = `${files.folder}/psqlrc`;
  await Deno.writeTextFile(rc, "\\set ON_ERROR_ROLLBACK on\n\\set ON_ERROR_STOP off\n\\set SINGLELINE on\n");
  const ran = await psql(database, ["-1", "-f", path], { PSQLRC: rc });
  assertEquals(ran.code, 3, ran.stderr);
  assertStringIncludes(ran.stderr, "division by zero");
  assertEquals(await database.schema(), "");
  assertEquals(await database.text("select to_regclass('mig_version')"), null);
});

test("mig up goes on where a script of several transactions failed in a no-transaction file", async () => {
  await using files = await project([LAST, {
    message: "half",
    up:
      "-- mig: no-transaction\ncreate table two ();\ninsert into last values (1);\nselect 1 / (select count(*) - 1 from last);",
  }]);
  await using database = await freshDatabase();
  const path = await script(files, ["up", "--sql"]);
  const ran = await psql(database, ["-f", path]);
  assertEquals(ran.code, 3, ran.stderr);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  assertStringIncludes((await mig(["status"], options)).stdout, "interrupted after 2 statements");
  await database.query("insert into last values (2)");
  const up = await mig(["up"], options);
  assertEquals(up.code, 0, up.stderr);
  assertEquals(await database.text("select count(*) from last"), "2");
});

test("mig up --sql current:head begins where the database is", async () => {
  await using files = await project(CHAIN);
  await using database = await freshDatabase();
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  await mig(["up", "+2"], options);
  const path = await script(files, ["up", "--sql", "current:+2"], { DATABASE_URL: database.url });
  const ran = await psql(database, ["-1", "-f", path]);
  assertEquals(ran.code, 0, ran.stderr);
  assertEquals((await database.applied()).length, 4);
});

test("a script makes the version table's schema, and stops where the name means another table", async () => {
  await using files = await project([LAST]);
  await using database = await freshDatabase();
  const named = await script(files, ["up", "--sql", "--table", "mig.version"]);
  assertEquals((await psql(database, ["-1", "-f", named])).code, 0);
  assertEquals(await database.applied("mig.version"), [idAt(0)]);

  await using other = await freshDatabase();
  await other.query(`create schema app; alter database "${other.name}" set search_path = app`);
  const assumed = await script(files, ["up", "--sql"]);
  const ran = await psql(other, ["-1", "-f", assumed]);
  assertEquals(ran.code, 3);
  assertStringIncludes(ran.stderr, "name the right one: --table SCHEMA.mig_version");
});

test("a script and a run of mig keep each other away", async () => {
  await using files = await project([LAST]);
  await using database = await freshDatabase();
  const path = await script(files, ["up", "--sql"]);
  const holder = database.session();
  const env = { DATABASE_URL: database.url };
  await mig(["stamp", "base"], { cwd: files.folder, env });
  const key = lockKey('mig "public"."mig_version"');
  await holder.unsafe(`select pg_advisory_lock(${key})`);
  const ran = await psql(database, ["-1", "-f", path]);
  await holder.end();
  assertEquals(ran.code, 3);
  assertStringIncludes(ran.stderr, "mig is at work on this database");
});
