/** `mig new --auto` in the embedded shadow. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { mig } from "../support/mig.ts";
import { project, type TestProject } from "../support/project.ts";
import { faultsOf } from "../support/schemas.ts";

const FIRST = `create type mood as enum ('sad', 'ok');
create table users (id integer generated always as identity primary key, mail text not null, mood mood default 'ok');
create table old (id integer);
insert into users (mail) values ('a@b');
insert into old values (1);
`;

const WANTED = `create type mood as enum ('sad', 'ok', 'happy');
create table users (id integer generated always as identity primary key, email text not null, mood mood default 'happy',
  name varchar(50) not null default '');
create function hello(who text) returns text language sql begin atomic select 'hello ' || who; end;
`;

function runner(files: TestProject) {
  return (...args: string[]) => mig(args, { cwd: files.folder });
}

/** The texts of the one revision whose folder's name ends so. */
async function written(files: TestProject, slug: string) {
  for await (const { name } of Deno.readDir(files.migrations)) {
    if (!name.endsWith(`_${slug}`)) continue;
    const read = (file: string) =>
      Deno.readTextFile(`${files.migrations}/${name}/${file}.sql`).catch(() => null);
    return { up: await read("up"), down: await read("down") };
  }
  return null;
}

Deno.test("new --auto writes what leads to schema.sql and back, and nothing when it is there", async () => {
  await using files = await project([{ up: FIRST, down: "drop table users, old; drop type mood;" }]);
  const run = runner(files);
  await files.write("schema.sql", WANTED);

  const unasked = await run("new", "--auto", "mail is email");
  assertEquals(unasked.code, 2);
  assertStringIncludes(unasked.stderr, "--rename 'column public.users.mail to email'");
  assertEquals(await written(files, "mail_is_email"), null);

  const made = await run("new", "--auto", "mail is email", "--rename", "users.mail=email", "--json");
  assertEquals(made.code, 0, made.stderr);
  const answer = JSON.parse(made.stdout);
  assertEquals(faultsOf("new", answer), []);
  assertEquals(answer.data.created.toWrite, []);
  const { up, down } = (await written(files, "mail_is_email"))!;
  assertStringIncludes(up!, "-- mig: no-transaction\n");
  assertStringIncludes(up!, "alter table public.users rename column mail to email;\n");
  assertStringIncludes(up!, "-- loses the rows of table public.old\ndrop table public.old;\n");
  assertStringIncludes(down!, "alter table public.users rename column email to mail;\n");
  assertStringIncludes(down!, "-- loses the values of column public.users.name\n");
  assert(!up!.includes("drop column mail"), up!);
  // NOT NULL has a name in PostgreSQL 18 alone.
  assert(!`${up}${down}`.includes("rename constraint"), up!);

  const again = await run("new", "--auto", "again");
  assertEquals([again.code, again.stdout.split(":")[0]], [0, "Nothing to do"], again.stderr);
  assertEquals(await written(files, "again"), null);

  // With rows, on a database that is kept.
  const up_ = await run("up");
  assertEquals(up_.code, 0, up_.stderr);
  const back = await run("down", "-1");
  assertEquals(back.code, 0, back.stderr);
});

Deno.test("new --auto lists what no statement can change, and says where schema.sql is wrong", async () => {
  await using files = await project([{ up: "create table t (a int);", down: "drop table t;" }]);
  const run = runner(files);
  const none = await run("new", "--auto", "x");
  assertEquals(none.code, 1);
  assertStringIncludes(none.stderr, "there is no file or folder schema.sql");
  await files.write("models/a.sql", "create table t (a int);\n");
  await files.write("models/b.sql", "create tabel u (a int);\n");
  await files.write("mig.json", '{ "schema": "models" }');
  const wrong = await run("new", "--autogenerate", "-m", "x");
  assertEquals(wrong.code, 1);
  assertStringIncludes(wrong.stderr, "models/b.sql:1:8");
  assertStringIncludes(
    wrong.stderr,
    "hint: the files are run in the order of their paths, in an empty database",
  );
  await files.write("one.sql", "create table t (a int);\ngrant select on t to reader;\n");
  const role = await run("new", "--auto", "x", "--from", "one.sql");
  assertEquals(role.code, 1);
  assertStringIncludes(role.stderr, "one.sql:2");
  assertStringIncludes(
    role.stderr,
    'hint: the shadow begins empty, without the roles of your server: put `create role "reader";`',
  );
  assertStringIncludes(
    role.stderr,
    "hint: the file is run in an empty database, the shadow; nothing else was touched",
  );
  for (const args of [["--auto", "--up", "x.sql"], ["--from", "x"], ["--down-auto"], ["--no-renames"]]) {
    assertEquals((await run("new", "x", ...args)).code, 2, args.join(" "));
  }
});

Deno.test("new --auto warns of a schema that a dump has written, and is refused the file that runs write", async () => {
  await using files = await project([{ up: "create table t (a int);" }]);
  const run = runner(files);
  await files.write("schema.sql", (await run("dump", "-d", "pglite::memory:")).stdout);
  const stale = await run("new", "--auto", "stale");
  assertEquals(stale.code, 0, stale.stderr);
  assertStringIncludes(stale.stderr, "warning: schema.sql is what `mig dump` wrote: ");
  assertStringIncludes((await written(files, "stale"))!.up!, "drop table public.t;\n");
  const refused = await mig(["new", "--auto", "stale"], {
    cwd: files.folder,
    env: { MIG_DUMP: "schema.sql" },
  });
  assertEquals(refused.code, 2);
  assertStringIncludes(refused.stderr, "error: schema.sql cannot say what the schema is to be");
});

Deno.test("check --schema tells what schema.sql and the chain disagree on", async () => {
  await using files = await project([{ up: "create table t (a int, b int);", down: "drop table t;" }]);
  const run = runner(files);
  await files.write("schema.sql", "create table t (a int, c text default 'x');\n");
  const differs = await run("check", "--no-db", "--schema", "--json");
  const answer = JSON.parse(differs.stdout);
  assertEquals(faultsOf("check", answer), []);
  assertEquals(differs.code, 3, differs.stderr);
  assertEquals(
    answer.data.problems.map(({ kind, message }: Record<string, string>) => `${kind}: ${message}`),
    [
      "schema-differs: column public.t.b is made by the chain, and is not wanted",
      "schema-differs: column public.t.c is not made by the chain",
    ],
  );
  await files.write("schema.sql", "create table t (b int, a int);\n");
  const equal = await run("check", "--no-db", "--schema");
  assertEquals([equal.code, equal.stdout], [0, "All is well in the files: 1 revision\n"], equal.stderr);
});

Deno.test("draft-down and new --down-auto write what takes up.sql back, renames for what they are", async () => {
  await using files = await project([
    { up: FIRST, down: null },
    {
      up: `alter table users rename to people; alter table people rename mail to email;
        alter table people alter email drop not null; drop table old; create index on people (email);`,
      down: null,
    },
    { up: "insert into people (email) values ('c@d');", down: null },
  ]);
  const run = runner(files);
  const drafted = await run("draft-down", "0000a002", "--json");
  assertEquals(drafted.code, 0, drafted.stderr);
  const answer = JSON.parse(drafted.stdout);
  assertEquals(faultsOf("draft-down", answer), []);
  const down = await Deno.readTextFile(`${files.folder}/${answer.data.path}`);
  assertEquals(down, answer.data.text);
  assertStringIncludes(down, "alter table public.people rename to users;\n");
  assertStringIncludes(down, "alter table public.users rename column email to mail;\n");
  assertStringIncludes(down, "create table public.old (");
  const twice = await run("draft-down", "0000a002");
  assertEquals([twice.code, twice.stderr.includes("--force")], [1, true]);

  const rows = await run("draft-down");
  assertStringIncludes(rows.stdout, "leaves the schema as it was");

  await files.write("pets.sql", "create table pets (owner integer references people);\n");
  const made = await run("new", "pets", "--up", "pets.sql", "--down-auto");
  assertEquals(made.code, 0, made.stderr);
  const pets = await written(files, "pets");
  assertStringIncludes(pets!.down!, "-- loses the rows of table public.pets\ndrop table public.pets;\n");
  const verified = await run("verify", "--no-db", "--no-rows");
  assertEquals(verified.code, 0, verified.stdout + verified.stderr);

  const faulty = async (sql: string) => {
    await files.write("sql/odd.sql", sql);
    const { code, stderr } = await run("new", "odd", "--up", "sql/odd.sql", "--down-auto");
    return [code, ...stderr.split("\n").slice(0, 2)];
  };
  const message =
    'error: in the shadow: cannot apply the new revision "odd": syntax error at or near "tabel"';
  const sql = "select 1;\nalter tabel pets;\n";
  assertEquals(await faulty(sql), [1, message, "  --> sql/odd.sql:2:7"]);
  const open = await faulty("select 'x;\n");
  assertEquals(open, [1, "error: the string that begins here does not end", "  --> sql/odd.sql:1:8"]);
});

Deno.test("draft-down takes back a swap of names, which no renames one after the other do", async () => {
  await using files = await project([
    { up: "create table t (a integer, b text);" },
    {
      up: "alter table t rename a to x; alter table t rename b to a; alter table t rename x to b;",
      down: null,
    },
  ]);
  const drafted = await runner(files)("draft-down", "--print");
  assertEquals(drafted.code, 0, drafted.stderr);
  assertStringIncludes(drafted.stdout, "alter table public.t ");
});

Deno.test("new --auto says on which rows a statement fails, and of nothing else", async () => {
  await using files = await project([{
    up:
      "create table users (id integer, age text, phone text, code bigint, note varchar(9));\ncreate domain title as text default 'x';",
  }]);
  const run = runner(files);
  await files.write(
    "schema.sql",
    `create domain title as text default 'x';
create table users (id bigint, age integer, phone text not null, code integer, note text,
  nick text not null, score integer not null default 0, number integer generated always as identity,
  twice integer not null generated always as (1 + 1) stored, called title not null);
create table fresh (id integer not null);
`,
  );
  const made = await run("new", "--auto", "strict");
  assertEquals(made.code, 0, made.stderr);
  const { up, down } = (await written(files, "strict"))!;
  const remarks = (text: string) =>
    text.split("\n").filter((line) => line.startsWith("-- fails where ")).sort();
  assertEquals(remarks(up!), [
    "-- fails where a value of column public.users.age is none of type integer",
    "-- fails where a value of column public.users.code is none of type integer",
    "-- fails where column public.users.phone is null",
    "-- fails where table public.users has rows, which would have no value in column public.users.nick",
  ]);
  assertEquals(remarks(down!), [
    "-- fails where a value of column public.users.id is none of type integer",
    "-- fails where a value of column public.users.note is none of type character varying(9)",
  ]);
  assertStringIncludes(
    up!,
    "in column public.users.nick\nalter table public.users add column nick text not null;\n",
  );
  assertStringIncludes(made.stdout, "        fails where column public.users.phone is null\n");
});

Deno.test("new --auto says which rows have a value that an enum has no more, in up.sql as in down.sql", async () => {
  const schema = (values: string) =>
    `create type mood as enum (${values});
create table users (id integer, mood mood, moods mood[]);
create table pets (mood mood not null default 'ok');
`;
  await using files = await project([{ up: schema("'sad', 'ok', 'it''s', 'old'") }]);
  const run = runner(files);
  await files.write("schema.sql", schema("'ok', 'old', 'happy', 'sad'"));
  const made = await run("new", "--auto", "moods");
  assertEquals(made.code, 0, made.stderr);
  const { up, down } = (await written(files, "moods"))!;
  const remarks = (text: string) =>
    text.split("\n").flatMap((line, i, all) => line.startsWith("-- ") ? [line, all[i + 1]!] : []);
  assertEquals(remarks(up!).slice(0, 4), [
    "-- fails where column public.pets.mood is 'it''s'",
    "alter table public.pets alter column mood type public.mood using mood::text::public.mood;",
    "-- fails where column public.users.mood is 'it''s'",
    "alter table public.users alter column mood type public.mood using mood::text::public.mood;",
  ]);
  assertStringIncludes(up!, "-- fails where column public.users.moods has 'it''s' in it\n");
  assertStringIncludes(down!, "-- fails where column public.users.moods has 'happy' in it\n");
  const reordered = await run("diff", "head", "head-1", "--json");
  const { statements } = JSON.parse(reordered.stdout).data;
  assertEquals(
    statements.flatMap(({ refusal }: { refusal: string | null }) => refusal === null ? [] : [refusal]),
    [
      "column public.pets.mood is 'happy'",
      "column public.users.mood is 'happy'",
      "column public.users.moods has 'happy' in it",
    ],
  );
});
