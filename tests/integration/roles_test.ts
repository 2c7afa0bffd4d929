/** `--role`: the session works as another role from beginning to end, and says what is lacking where it cannot. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { mig, type RunResult } from "../support/mig.ts";
import { Pooler } from "../support/pooler.ts";
import { project, type RevisionLiteral, type TestProject } from "../support/project.ts";
import { clientMajor, psql } from "../support/psql.ts";
import { TARGETS } from "../support/target.ts";

const CHAIN: readonly RevisionLiteral[] = [
  {
    message: "users",
    up: "create table users (id int);\nreset role;\nreset all;",
    down: "drop table users;",
  },
  {
    message: "notes",
    up:
      "set role none;\nreset role; create table notes as select current_user::text as who, session_user::text as login;",
    down: "drop table notes;",
  },
  {
    message: "index",
    up:
      "-- mig: no-transaction\ncreate index concurrently users_id on users (id);\ncreate table done (id int);",
    down: "-- mig: no-transaction\ndrop table done;\ndrop index concurrently users_id;",
  },
];

interface Cast extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly files: TestProject;
  readonly login: string;
  readonly owner: string;
  /** Runs mig as the login. */
  run(...args: string[]): Promise<RunResult>;
}

/** A login, a role that owns the database's schema, and no more rights than these. */
async function cast(revisions: readonly RevisionLiteral[] = CHAIN, member = true): Promise<Cast> {
  const database = await freshDatabase();
  const files = await project(revisions);
  const tag = crypto.randomUUID().slice(0, 8);
  const login = `deploy-${tag}`, owner = `Owner "${tag}"`;
  const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
  await database.query(`create role ${quoted(login)} login noinherit; create role ${quoted(owner)};
    revoke create on schema public from public; grant create, usage on schema public to ${quoted(owner)}`);
  if (member) await database.query(`grant ${quoted(owner)} to ${quoted(login)}`);
  const url = new URL(database.url);
  url.username = login;
  return {
    database,
    files,
    login,
    owner,
    run: (...args) => mig(args, { cwd: files.folder, env: { DATABASE_URL: url.href } }),
    async [Symbol.asyncDispose]() {
      await database.query(`drop owned by ${quoted(owner)}, ${quoted(login)} cascade`);
      await database.query(`drop role ${quoted(login)}, ${quoted(owner)}`);
      await database[Symbol.asyncDispose]();
      await files[Symbol.asyncDispose]();
    },
  };
}

async function ownersOf({ database }: Cast): Promise<string[]> {
  const rows = await database.query<{ owner: string }>(
    "select distinct tableowner as owner from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
  );
  return rows.map(({ owner }) => owner);
}

Deno.test("a run with a role makes everything as that role, whatever a file resets", async () => {
  await using all = await cast();
  const { database, login, owner, run } = all;
  const without = await run("up");
  assertEquals(without.code, 1);
  assertStringIncludes(without.stderr, `grant create on schema "public" to "${login}"`);

  const up = await run("up", "--role", owner);
  assertEquals(up.code, 0, up.stderr);
  assertEquals(await ownersOf(all), [owner]);
  // The row says who did it: the login.
  assertEquals(await database.text("select string_agg(distinct applied_by, ',') from mig_version"), login);
  assertEquals(await database.query("select who, login from notes"), [{ who: owner, login }]);

  await all.files.write("mig.json", JSON.stringify({ environments: { live: { role: owner } } }));
  const config = await run("config", "--env", "live");
  assertStringIncludes(config.stdout, owner);
  for (const args of [["status"], ["check", "--ignore", "irreversible"], ["redo"], ["down", "base"]]) {
    const { code, stderr } = await run(...args, "--env", "live");
    assertEquals(code, 0, `${args}: ${stderr}`);
  }
});

Deno.test("a role that is missing, or not granted, is told with what to run", async () => {
  await using all = await cast(CHAIN, false);
  const { login, owner, run } = all;
  const refused = await run("up", "--role", owner);
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.stderr, `cannot become the role "${owner}" at postgres://`);
  assertStringIncludes(refused.stderr, `grant "${owner.replaceAll('"', '""')}" to "${login}"`);
  const missing = await run("status", "--role", "nobody here");
  assertEquals(missing.code, 1);
  assertStringIncludes(missing.stderr, `create role "nobody here"; grant "nobody here" to "${login}"`);
});

Deno.test("the version table is in a schema of its own, which is made on first use", async () => {
  await using all = await cast();
  const { database, owner, run } = all;
  const args = ["up", "--role", owner, "--table", "admin.mig_version"];
  const refused = await run(...args);
  assertEquals(refused.code, 1);
  assertStringIncludes(
    refused.stderr,
    `create schema "admin" authorization "${owner.replaceAll('"', '""')}"`,
  );
  // Exactly what the hint says.
  const hint = /have an owner run: (.*)/.exec(refused.stderr)![1]!;
  await database.query(hint);
  const up = await run(...args);
  assertEquals(up.code, 0, up.stderr);
  assertEquals(await ownersOf(all), [owner]);
  assertEquals((await database.applied("admin.mig_version")).length, 3);

  await using other = await cast();
  await other.database.query(`grant create on database "${other.database.name}" to "${other.login}"`);
  const made = await other.run("up", "+0", "--table", "admin.mig_version");
  assertEquals(made.code, 0, made.stderr);
});

Deno.test("a version table that the role may not use is told with the GRANT that helps", async () => {
  await using all = await cast();
  const { database, login, owner, run } = all;
  await database.query("create schema admin");
  assertEquals(
    (await mig(["up", "+1", "--table", "admin.v"], {
      cwd: all.files.folder,
      env: { DATABASE_URL: database.url },
    })).code,
    0,
  );
  await database.query(`grant create on schema public to "${login}"`);
  for (const verb of [["status"], ["up"]]) {
    const { code, stderr } = await run(...verb, "--table", "admin.v");
    assertEquals(code, 1, stderr);
    assertStringIncludes(
      stderr,
      'cannot use the version table "admin"."v": permission denied for schema admin',
    );
  }
  // To read is not enough to run.
  await database.query(`grant usage on schema admin to "${login}"; grant select on admin.v to "${login}"`);
  assertEquals((await run("status", "--table", "admin.v")).code, 0);
  const { stderr } = await run("up", "--table", "admin.v");
  assertStringIncludes(stderr, 'cannot use the version table "admin"."v"');
  await database.query(/have its owner run: (.*)/.exec(stderr)![1]!);
  await database.query(`alter table users owner to "${login}"`);
  const up = await run("up", "--table", "admin.v");
  assertEquals(up.code, 0, up.stderr);
  assert(owner !== login);
});

Deno.test("a role works in the embedded database, and one that is missing is told", async () => {
  await using target = await TARGETS.embedded([{
    message: "role",
    up: "create role app; grant create on schema public to app;",
  }]);
  const missing = await target.run("status", "--role", "app");
  assertEquals(missing.code, 1);
  assertStringIncludes(missing.stderr, 'cannot become the role "app" in the embedded database');
  assertEquals((await target.run("up", "--table", "public.first")).code, 0);
  const chain = CHAIN.map(({ up, ...more }) => ({
    ...more,
    up: up.replace(/^set role none;\nreset role; /, ""),
  }));
  for (const [at, literal] of chain.entries()) await target.files.add(literal, at);
  const up = await target.run("up", "--role", "app");
  assertEquals(up.code, 0, up.stderr);
  assertEquals(
    await target.value(
      "(select string_agg(distinct tableowner || tablename, ' ' order by tableowner || tablename) from pg_tables where schemaname = 'public')",
    ),
    "appdone appmig_version appnotes appusers postgresfirst",
  );
});

const ignore = clientMajor("psql") === null;
for (const flags of [["-1"], []]) {
  Deno.test(
    `a script takes on the role, and again behind what a file resets (${flags})`,
    { ignore },
    async () => {
      const later = { message: "later", up: "create table later (id int);" };
      await using all = await cast(flags.length > 0 ? [CHAIN[0]!, later] : [CHAIN[0]!, later, CHAIN[2]!]);
      const { code, stdout, stderr } = await all.run("up", "--sql", "--role", all.owner);
      assertEquals(code, 0, stderr);
      await all.files.write("up.sql", stdout);
      const ran = await psql(all.database, ["-X", ...flags, "-f", `${all.files.folder}/up.sql`]);
      assertEquals(ran.code, 0, ran.stderr);
      assertEquals(await ownersOf(all), [all.owner]);
    },
  );
}

for (
  const [what, settings] of Object.entries({
    "refuses the role": "",
    "passes the role over": "ignore_startup_parameters = role",
  })
) {
  Deno.test(`a pooler that ${what} is told of, with what to do, and nothing is made as anybody else`, async () => {
    await using all = await cast();
    const { port } = new URL(all.database.url);
    await using pooler = await Pooler.start(Number(port), "postgres", settings);
    if (pooler === null) return;
    const url = `postgres://${all.login}@127.0.0.1:${pooler.port}/${all.database.name}`;
    const options = { cwd: all.files.folder, env: { DATABASE_URL: url } };
    for (const args of [["up"], ["up", "--dry-run"], ["status"], ["down", "base"]]) {
      const { code, stderr } = await mig([...args, "--role", all.owner], options);
      assertEquals(code, 1);
      assertStringIncludes(stderr, `does not become the role "${all.owner}"`);
      assertStringIncludes(stderr, "name the server's own port");
      assertStringIncludes(stderr, "alter role USER set role = ");
    }
    assertEquals(await all.database.text("select to_regclass('mig_version')"), null);
  });
}

Deno.test("a role that the server gives to a login holds behind a pooler, through every transaction", async () => {
  await using all = await cast();
  const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
  await all.database.query(`alter role ${quoted(all.login)} set role = ${quoted(all.owner)}`);
  const { port } = new URL(all.database.url);
  await using pooler = await Pooler.start(Number(port), all.login, "ignore_startup_parameters = role");
  if (pooler === null) return;
  const url = `postgres://${all.login}@127.0.0.1:${pooler.port}/${all.database.name}`;
  const options = { cwd: all.files.folder, env: { DATABASE_URL: url } };
  const { code, stderr } = await mig(["up", "--role", all.owner], options);
  assertEquals(code, 0, stderr);
  assertEquals(await ownersOf(all), [all.owner]);
});
