/** Every error that a user is likely to meet: what is printed is a golden file, to be read like prose. */

import { assert, assertEquals } from "@std/assert";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { assertGolden } from "../support/golden.ts";
import { mig } from "../support/mig.ts";
import { idAt, project, type RevisionLiteral, type TestProject } from "../support/project.ts";

interface Case {
  readonly name: string;
  /** The exit code; 1 where it is left out. */
  readonly code?: number;
  readonly revisions?: readonly RevisionLiteral[];
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly prepare?: (files: TestProject, database: TestDatabase) => Promise<void>;
}

const ONE: RevisionLiteral = {
  message: "create users",
  up: "create table users (id integer);",
  down: "drop table users;",
};
const TWO: RevisionLiteral = {
  message: "phone number",
  up: "alter table users add phone text;",
  down: "alter table users drop phone;",
};

const up = (files: TestProject, database: TestDatabase) =>
  mig(["up"], { cwd: files.folder, env: { DATABASE_URL: database.url } });

const CASES: readonly Case[] = [
  {
    name: "sql error",
    args: ["up"],
    revisions: [ONE, { ...TWO, up: "-- a phone number is text\nalter tabel users\n  add phone text;" }],
  },
  {
    name: "constraint error",
    args: ["up"],
    revisions: [ONE, {
      message: "unique",
      up: "insert into users values (1), (1);\ncreate unique index users_id on users (id);",
    }],
  },
  {
    name: "deferred constraint",
    args: ["up"],
    revisions: [ONE, {
      message: "orphans",
      up:
        "alter table users add primary key (id);\ncreate table pets (owner integer references users deferrable initially deferred);\ninsert into pets values (7);",
    }],
  },
  {
    name: "error inside a function",
    args: ["up"],
    revisions: [{ message: "divide", up: "do $$\nbegin\n  perform 1 / 0;\nend $$;" }],
  },
  {
    name: "commit in a file",
    args: ["up"],
    revisions: [ONE, { ...TWO, up: "alter table users add phone text;\ncommit;\n" }],
  },
  {
    name: "concurrently without the directive",
    args: ["up"],
    revisions: [ONE, { message: "index", up: "create index concurrently users_id on users (id);" }],
  },
  {
    name: "unclosed quote",
    args: ["up"],
    revisions: [{ message: "quote", up: "select 1;\ninsert into t values ('it's);" }],
  },
  { name: "psql command", args: ["up"], revisions: [{ message: "include", up: "\\i other.sql\n" }] },
  {
    name: "unknown directive",
    args: ["up"],
    revisions: [{ message: "typo", up: "-- mig: no-transactions\nselect 1;" }],
  },
  {
    name: "variable that is not set",
    args: ["up"],
    revisions: [{
      message: "application role",
      up: "-- mig: env APP_PASSWORD\ncreate role app password '${APP_PASSWORD}';",
    }],
  },
  {
    name: "variable that would be SQL",
    args: ["up"],
    env: { APP_PASSWORD: "a'; drop table users; --" },
    revisions: [{
      message: "application role",
      up: "-- mig: env APP_PASSWORD\ncreate role app password ${APP_PASSWORD};",
    }],
  },
  {
    name: "variable that is not used",
    args: ["up"],
    revisions: [{ message: "application role", up: "-- mig: env APP_USER\ncreate role ${APP_USR};" }],
  },
  {
    name: "value in a message of the server",
    args: ["up"],
    env: { APP_PASSWORD: "hunter2-hunter2" },
    revisions: [{
      message: "limit",
      up:
        "-- mig: env APP_PASSWORD\ncreate table limits (n integer);\ninsert into limits values ('${APP_PASSWORD}');",
    }],
  },
  { name: "wrong url", code: 2, args: ["status"], env: { DATABASE_URL: "mysql://root@localhost/shop" } },
  { name: "server is down", args: ["status"], env: { DATABASE_URL: "postgres://app@127.0.0.1:1/shop" } },
  { name: "no such host", args: ["status"], env: { DATABASE_URL: "postgres://app@database.invalid/shop" } },
  { name: "no such database", args: ["status"], prepare: async () => {}, env: { PGDATABASE: "", NODB: "1" } },
  {
    name: "missing folder",
    args: ["up"],
    prepare: async (files) => await Deno.remove(files.migrations, { recursive: true }),
  },
  {
    name: "broken meta.json",
    args: ["up"],
    revisions: [ONE],
    prepare: (files) =>
      files.write(
        "migrations/20260101T0000_0000a001/meta.json",
        '{ "id": "0000a001", "parent": null "message": "x" }',
      ),
  },
  {
    name: "faulty meta.json",
    args: ["up"],
    revisions: [ONE],
    prepare: (files) =>
      files.write(
        "migrations/20260101T0000_0000a001/meta.json",
        '{\n  "id": "head",\n  "parnet": null,\n  "message": 7\n}\n',
      ),
  },
  {
    name: "missing up.sql",
    args: ["up"],
    revisions: [ONE],
    prepare: (files) => Deno.remove(`${files.migrations}/20260101T0000_0000a001/up.sql`),
  },
  { name: "duplicate ids", args: ["up"], revisions: [ONE, { ...TWO, id: idAt(0), parent: null }] },
  { name: "parent that does not exist", args: ["up"], revisions: [ONE, { ...TWO, parent: "0000a0ff" }] },
  { name: "cycle", args: ["up"], revisions: [{ ...ONE, parent: idAt(1) }, TWO] },
  {
    name: "two heads",
    args: ["up"],
    revisions: [ONE, TWO, { message: "add tags", up: "select 1;", parent: idAt(0) }],
  },
  {
    name: "revision the folder lacks",
    args: ["up"],
    revisions: [ONE, TWO],
    prepare: async (files, database) => {
      await up(files, database);
      await Deno.remove(`${files.migrations}/20260101T0001_0000a002`, { recursive: true });
      await files.add({ message: "another", up: "select 1;", id: "0000b002", parent: idAt(0) }, 2);
    },
  },
  {
    name: "edited after it was applied",
    args: ["up"],
    revisions: [ONE],
    prepare: async (files, database) => {
      await up(files, database);
      await files.add({ ...ONE, up: "create table users (id bigint);" }, 0);
      await files.add(TWO, 1);
    },
  },
  {
    name: "irreversible",
    args: ["down", "base"],
    revisions: [ONE, { ...TWO, down: null }],
    prepare: async (files, database) => void await up(files, database),
  },
  {
    name: "stamp over a revision the folder lacks",
    args: ["stamp", "head"],
    revisions: [ONE, TWO],
    prepare: async (files, database) => {
      await up(files, database);
      await Deno.remove(`${files.migrations}/20260101T0001_0000a002`, { recursive: true });
    },
  },
  { name: "unknown revision", args: ["up", "0000a003"], revisions: [ONE, TWO] },
  { name: "ambiguous revision", args: ["up", "0000a"], revisions: [ONE, TWO] },
  { name: "too many steps", args: ["up", "+5"], revisions: [ONE, TWO] },
  { name: "script that leads nowhere", code: 2, args: ["up", "--sql", "head:base"], revisions: [ONE, TWO] },
  {
    name: "script for the way down from nowhere",
    code: 2,
    args: ["down", "--sql", "base"],
    revisions: [ONE, TWO],
  },
  { name: "output without sql", code: 2, args: ["up", "--output", "x.sql"], revisions: [ONE] },
  { name: "script into a missing folder", args: ["up", "--sql", "--output", "no/x.sql"], revisions: [ONE] },
  {
    name: "script from an interrupted revision",
    args: ["up", "--sql", "current:head"],
    revisions: [{ message: "half", up: "-- mig: no-transaction\nselect 1;\nselect 1/0;" }],
    prepare: async (files, database) => void await up(files, database),
  },
  { name: "baseline after the first revision", args: ["baseline"], revisions: [ONE, TWO] },
  { name: "baseline without pg_dump", args: ["baseline"], env: { PATH: "/nonexistent" } },
  {
    name: "baseline of an empty database",
    code: 2,
    args: ["baseline", "--from", "schema.sql"],
    prepare: (files) => files.write("schema.sql", "SET statement_timeout = 0;\n"),
  },
  { name: "mistyped command", code: 2, args: ["stauts"] },
  { name: "mistyped flag", code: 2, args: ["up", "--dryrun"] },
  { name: "completion for an unknown shell", code: 2, args: ["completion", "tcsh"] },
  { name: "missing operand", code: 2, args: ["down"] },
  {
    name: "hook before the run fails",
    args: ["up"],
    revisions: [ONE, TWO],
    prepare: (files) =>
      files.write(
        "mig.json",
        '{ "hooks": { "before_up": "echo the disk is full&& exit 28" } }\n',
      ),
  },
  {
    name: "hook in sql fails after the run",
    args: ["up"],
    revisions: [ONE, TWO],
    prepare: async (files) => {
      await files.write("hooks/grant.sql", "grant select\n  on user to public;\n");
      await files.write("mig.json", '{ "hooks": { "after_up": { "sql": "hooks/grant.sql" } } }\n');
    },
  },
  {
    name: "wrong hooks",
    code: 2,
    args: ["status"],
    prepare: (files) =>
      files.write(
        "mig.json",
        '{\n  "hooks": {\n    "befor_up": "x",\n    "after_new": { "sql": "x.sql" },\n    "after_up": ["x", 7]\n  }\n}\n',
      ),
  },
  {
    name: "wrong mig.json",
    code: 2,
    args: ["status"],
    prepare: (files) =>
      files.write("mig.json", '{\n  "databse": "postgres://x",\n  "table": 7,\n  "lock_wait": "soon"\n}\n'),
  },
  {
    name: "something else in the version table's place",
    args: ["up"],
    revisions: [ONE],
    prepare: async (_files, database) => void await database.query("create table mig_version (version text)"),
  },
  {
    name: "may not create the version table",
    args: ["up"],
    revisions: [ONE],
    prepare: async (_files, database) => {
      await database.query("revoke create on schema public from public");
      await database.query(
        "do $$ begin create role mig_test_guest login; exception when duplicate_object then null; end $$",
      );
    },
    env: { GUEST: "1" },
  },
];

for (const { name, code = 1, revisions = [], args, env = {}, prepare } of CASES) {
  Deno.test(`the error for: ${name}`, async () => {
    await using database = await freshDatabase();
    await using files = await project(revisions);
    await prepare?.(files, database);
    const url = new URL(database.url);
    if (env.NODB) url.pathname = "/mig_test_missing";
    if (env.GUEST) url.username = "mig_test_guest";
    const result = await mig(args, { cwd: files.folder, env: { DATABASE_URL: url.href, ...env } });
    assertEquals(result.code, code, result.stderr);
    assertEquals(result.stdout, "");
    assert(!/^\s+at /m.test(result.stderr), `a stack trace: ${result.stderr}`);
    await assertGolden(`errors/${name.replaceAll(/[^a-z0-9]+/g, "_")}.txt`, result.stderr, [
      [database.name, "<database>"],
      [url.host, "<host>"],
      [files.folder, "<folder>"],
      [/\b\d+ ms\b/g, "N ms"],
      [/(?<=client programs, version )\d+/g, "N"],
    ]);
  });
}

Deno.test("a command in a hint goes to the environment that was named", async () => {
  await using database = await freshDatabase();
  await using files = await project([ONE]);
  await files.write(
    "mig.json",
    JSON.stringify({ environments: { staging: { database: database.url } } }),
  );
  const { stderr } = await mig(["--env", "staging", "up", "+5"], { cwd: files.folder });
  assert(stderr.includes("`mig --env staging "), stderr);
  assert(!stderr.replaceAll("`mig --env staging ", "").includes("`mig "), stderr);
});
