/** `mig drift` against real servers, compared by way of the embedded shadow. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import postgres from "postgres";
import { freshDatabase } from "../support/database.ts";
import { mig } from "../support/mig.ts";
import { idAt, project, type RevisionLiteral } from "../support/project.ts";
import { faultsOf } from "../support/schemas.ts";
import { TestServer } from "../support/server.ts";

/** What servers of several versions write otherwise: views, checks, expressions, names, not-null constraints. */
const CHAIN: readonly RevisionLiteral[] = [
  {
    up: `create type mood as enum ('sad', 'ok');
create table users (id integer generated always as identity primary key, mail varchar(50) not null unique,
  mood mood default 'ok', check (length(mail) > 3 and mood <> 'sad'));
create view happy as select u.id, u.mail from users u where u.mood <> 'sad' order by lower(u.mail);
create index users_lower on users (lower(mail)) where mood = 'ok';
create function add(a integer, b integer default 1) returns integer language sql immutable as 'select a + b';
grant select on users to public;`,
    down: "drop function add; drop view happy; drop table users; drop type mood;",
  },
  {
    up:
      `create table beasts (id serial primary key, nick text not null, owner integer references users on delete cascade,
  born timestamptz(3) default now(), tags text[] not null default '{}', old boolean generated always as (id > 5) stored);
alter table beasts rename to pets;
alter table pets rename nick to name;
create table logs (at date not null, what text) partition by range (at);
create table logs_2026 partition of logs for values from ('2026-01-01') to ('2027-01-01');`,
    down: "drop table logs, pets;",
  },
];

interface DriftAnswer {
  readonly adopt: {
    readonly statements: readonly { readonly sql: string }[];
    readonly faults: readonly string[];
    readonly cannot: readonly { readonly object: { readonly name: string }; readonly reason: string }[];
  };
  readonly undo: DriftAnswer["adopt"] | null;
  readonly candidates: readonly { readonly from: string }[];
  readonly at: readonly { readonly id: string }[];
  readonly created: { readonly id: string } | null;
}

async function drift(cwd: string, url: string, ...args: string[]) {
  const { code, stdout, stderr } = await mig(["drift", "--json", ...args], {
    cwd,
    env: { DATABASE_URL: url },
  });
  const answer = JSON.parse(stdout);
  assertEquals(faultsOf("drift", answer), [], stderr);
  const data = answer.data as DriftAnswer;
  return { code, stderr, data, error: answer.error, adopt: sqlOf(data?.adopt), undo: sqlOf(data?.undo) };
}

function sqlOf(file: DriftAnswer["adopt"] | null | undefined): string[] {
  return file?.statements.map(({ sql }) => sql) ?? [];
}

Deno.test("drift finds nothing where nothing was changed, tells what was as SQL both ways, and adopts it", async () => {
  await using database = await freshDatabase();
  await using files = await project(CHAIN);
  const at = (...args: string[]) => drift(files.folder, database.url, ...args);
  const run = (...args: string[]) => mig(args, { cwd: files.folder, env: { DATABASE_URL: database.url } });
  assertEquals((await run("up")).code, 0);

  const none = await at();
  assertEquals([none.code, none.adopt, none.undo], [0, [], []], none.stderr);

  await database.query(`create index hotfix on users (mood); drop table logs;
    alter table users rename mail to email; alter table pets alter tags drop not null`);
  const found = await at();
  assertEquals(found.code, 3, found.stderr);
  assertEquals(found.data.candidates.map(({ from }) => from), ["public.users.mail"]);
  assertEquals([found.data.adopt.faults, found.data.undo!.faults], [[], []]);
  assert(found.adopt.includes("create index hotfix on public.users (mood)"), found.adopt.join("\n"));
  assert(found.undo.includes("drop index public.hotfix"), found.undo.join("\n"));
  assertEquals((await run("drift")).stdout.split(" is not ").length, 2);

  const adopted = await at("--rename", "users.mail=email", "--adopt", "by hand");
  assertEquals(adopted.code, 0, adopted.stderr);
  assert(
    adopted.adopt.includes("alter table public.users rename column mail to email"),
    adopted.adopt.join("\n"),
  );
  assert(
    adopted.undo.includes("alter table public.users rename column email to mail"),
    adopted.undo.join("\n"),
  );
  const { id: adoptedId } = adopted.data.created!;
  const unstamped = await run("drift");
  assertStringIncludes(
    unstamped.stderr,
    `if it was adopted from here, record that: \`mig stamp ${adoptedId}\``,
  );
  assertStringIncludes((await run("up")).stderr, `\`mig stamp ${adoptedId}\` records it without running it`);
  assertEquals((await run("stamp", adoptedId)).code, 0);
  const after = await at();
  assertEquals([after.code, after.data.at[0]!.id], [0, adopted.data.created!.id], after.adopt.join("\n"));
  // What was adopted can be taken back.
  const down = await run("down", "-1");
  assertEquals(down.code, 0, down.stderr);
  assertEquals((await at()).adopt, []);
});

Deno.test("drift finds no phantom on a server of another version than the shadow's", async () => {
  await using server = await TestServer.start({ major: 14 });
  const sql = postgres(server.url(), { onnotice: () => {} });
  try {
    await using files = await project(CHAIN);
    const up = await mig(["up"], { cwd: files.folder, env: { DATABASE_URL: server.url() } });
    assertEquals(up.code, 0, up.stderr);
    const none = await drift(files.folder, server.url());
    assertEquals([none.code, none.adopt], [0, []], none.stderr);
    await sql.unsafe(
      "alter table pets add chip text; create or replace view happy as select id, mail from users",
    );
    const found = await drift(files.folder, server.url());
    assertEquals(found.code, 3, found.stderr);
    assertEquals(found.data.undo!.faults, []);
    // What undoes it is for that server.
    for (const statement of found.undo) await sql.unsafe(statement);
    const undone = await drift(files.folder, server.url());
    assertEquals([undone.code, undone.adopt], [0, []]);
  } finally {
    await sql.end();
  }
});

Deno.test("drift refuses to compare where the folder has not all that the database has", async () => {
  await using database = await freshDatabase();
  await using files = await project([CHAIN[0]!, { up: "select 1", down: null }]);
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  assertEquals((await mig(["up"], options)).code, 0);
  await Deno.remove(`${files.migrations}/20260101T0001_${idAt(1)}`, { recursive: true });
  const { stderr, code } = await mig(["drift"], options);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "mig restore");
});

Deno.test("drift takes what repeatable scripts made for what it is, and mig's tables for its own", async () => {
  await using database = await freshDatabase();
  await using files = await project([CHAIN[0]!]);
  await files.write("mig.json", '{ "repeatable": "repeatable" }');
  await files.write(
    "repeatable/loud.sql",
    "create or replace view loud as select upper(mail) as mail from users;\n",
  );
  const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
  assertEquals((await mig(["up"], options)).code, 0);
  assertEquals(await database.text("select count(*) from mig_version_repeatable"), "1");
  await database.query("create index hotfix on users (mood)");
  const found = await drift(files.folder, database.url, "--adopt", "hotfix");
  assertEquals(found.code, 0, found.stderr);
  assertEquals([found.adopt, found.undo], [
    ["create index hotfix on public.users (mood)"],
    ["drop index public.hotfix"],
  ]);
  // Who runs it all the same, where it came from, is told how to record it.
  const { id } = found.data.created!;
  const up = await mig(["up"], options);
  assertEquals(up.code, 1);
  assertStringIncludes(up.stderr, `\`mig stamp ${id}\` records it without running it`);
  assertEquals((await mig(["stamp", id], options)).code, 0);
  assertEquals((await mig(["up"], options)).code, 0);
});

Deno.test("drift tells of an index that is there and not valid", async () => {
  await using database = await freshDatabase();
  await using files = await project([{
    up: "create table users (mail text);\ncreate index users_mail on users (mail);\n",
    down: "drop table users;\n",
  }]);
  assertEquals((await mig(["up"], { cwd: files.folder, env: { DATABASE_URL: database.url } })).code, 0);
  assertEquals((await drift(files.folder, database.url)).code, 0);
  // As a CREATE INDEX CONCURRENTLY leaves it that fails.
  await database.query("update pg_index set indisvalid = false where indexrelid = 'users_mail'::regclass");
  const { code, adopt, data } = await drift(files.folder, database.url);
  assertEquals([code, adopt], [3, []]);
  assertEquals(data.adopt.cannot.map(({ object }) => object.name), ["public.users_mail"]);
  assertStringIncludes(data.adopt.cannot[0]!.reason, "reindex index concurrently public.users_mail");
});
