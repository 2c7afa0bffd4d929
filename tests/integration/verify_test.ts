/** `mig verify` and `mig schema` in the embedded shadow. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { mig } from "../support/mig.ts";
import { idAt, project, type RevisionLiteral } from "../support/project.ts";
import { faultsOf } from "../support/schemas.ts";

interface Problem {
  readonly kind: string;
  readonly revision: string;
  readonly message: string;
  readonly diff: string | null;
}

async function verify(revisions: readonly RevisionLiteral[], ...args: string[]) {
  await using files = await project(revisions);
  const result = await mig(["verify", "--no-db", "--json", ...args], { cwd: files.folder });
  const answer = JSON.parse(result.stdout);
  assertEquals(faultsOf("verify", answer), []);
  assertEquals(result.code, answer.data.problems.length === 0 ? 0 : 3, result.stderr);
  const problems = answer.data.problems as Problem[];
  return {
    ...result,
    data: answer.data,
    problems,
    kinds: problems.map(({ kind, revision }) => `${revision.slice(-1)} ${kind}`),
  };
}

const USERS: RevisionLiteral = {
  up:
    `create table users (id integer generated always as identity primary key, mail text not null unique check (mail ~ '@'),
    age integer check (age between 18 and 99), mood text check (mood in ('good', 'bad')));`,
  down: "drop table users;",
};
const PETS: RevisionLiteral = {
  up: "create table pets (id serial primary key, owner integer not null references users, name varchar(20));",
  down: "drop table pets;",
};

Deno.test("verify proves what leads back, in one instance, whatever kind of object it makes", async () => {
  const { kinds, data } = await verify([
    USERS,
    PETS,
    {
      up: `create type color as enum ('red', 'blue'); create domain mail as text check (value ~ '@');
        create view adults as select id from users where age > 17; create materialized view m as select 1 as one;
        create function f(a integer default 1) returns integer language sql begin atomic select a; end;
        create trigger t before update on users for each row execute function suppress_redundant_updates_trigger();
        create role clerk; grant select on users to clerk; comment on table users is 'people';
        create table parts (x integer) partition by range (x); create table part1 partition of parts for values from (1) to (9);
        create statistics s on age, mood from users; create policy p on users using (true); create schema app;`,
      down:
        `drop schema app; drop policy p on users; drop statistics s; drop table parts; comment on table users is null;
        revoke select on users from clerk; drop role clerk; drop trigger t on users; drop function f; drop materialized view m;
        drop view adults; drop domain mail; drop type color;`,
    },
    {
      up: "-- mig: no-transaction\ncreate index concurrently pets_name on pets (name);",
      down: "drop index pets_name;",
    },
    {
      up: "create extension hstore; create table h (h hstore);",
      down: "drop table h; drop extension hstore;",
    },
    { up: "alter table pets drop column name;", down: null },
  ]);
  assertEquals(kinds, []);
  const results = data.revisions.map(({ result }: { result: string }) => result);
  assertEquals(results, ["proven", "proven", "proven", "proven", "proven", "irreversible"]);
});

Deno.test("verify names what down.sql leaves behind, loses, or restores as something else", async () => {
  const { kinds, problems, stderr } = await verify([
    { ...USERS, up: `${USERS.up} create index by_age on users (age);` },
    {
      up: "create index by_mood on users (mood); alter table users add nick text;",
      down: "alter table users drop nick;",
    },
    { up: "select 1;", down: "drop index by_age;" },
    { up: "alter table users alter mail drop not null;", down: "select 1;" },
  ]);
  assertEquals(kinds, ["2 left-behind", "3 lost", "4 not-restored"], stderr);
  assertStringIncludes(problems[0]!.message, "index public.by_mood");
  assertStringIncludes(problems[0]!.diff!, "+CREATE INDEX by_mood");
  assertStringIncludes(problems[2]!.diff!, "-    mail text NOT NULL");
});

Deno.test("verify sees an index that is left invalid", async () => {
  const { kinds, problems } = await verify([
    { up: "create table t (a integer); create index t_a on t (a);", down: "drop table t;" },
    { up: "select 1;", down: "update pg_index set indisvalid = false where indexrelid = 't_a'::regclass;" },
  ]);
  assertEquals(kinds, ["2 lost"]);
  assertStringIncludes(problems[0]!.message, "index public.t_a");
});

Deno.test("verify puts rows in, and tells whom they are in the way of and what becomes of them", async () => {
  const { kinds, problems, data } = await verify([
    USERS,
    PETS,
    { up: "alter table pets add kind text not null;", down: "alter table pets drop kind;" },
    {
      up: "alter table users drop column mood;",
      down: "alter table users add mood text check (mood in ('good', 'bad'));",
    },
    { up: "delete from pets;", down: "select 1;" },
    {
      up: "alter table pets alter name type integer using name::integer;",
      down: "alter table pets alter name type varchar(20);",
    },
    {
      up: "create table odd (a integer check (a * a = 2)); create table b (x text);",
      down: "drop table odd, b;",
    },
    { up: "update b set x = 'y';", down: "select 1;" },
  ]);
  assertEquals(kinds, ["3 rows-refused", "4 rows-lost", "5 rows-lost", "5 rows-lost", "8 rows-lost"]);
  assertStringIncludes(problems[0]!.message, "null values");
  assertStringIncludes(problems[1]!.message, '2 of 2 values of the column "mood" are lost in public.users');
  assertStringIncludes(problems[2]!.message, "deletes 2 of 2 rows of public.pets");
  assertEquals(data.empty.map(({ table }: { table: string }) => table), ["public.odd"]);
});

Deno.test("verify misses no row of a table that a revision has filled with more than it looks at", async () => {
  const many = "from generate_series(1, 3000) as n";
  const { kinds, problems } = await verify([
    {
      up: `create table t (n integer primary key, mail text); insert into t select n, 'A' || n ${many};
create table k (n integer); insert into k select n ${many};`,
      down: "drop table t, k;",
    },
    // An UPDATE moves rows behind the others, so that other ones come first.
    {
      up:
        "alter table t add folded text; update t set folded = lower(mail); update k set n = n where n < 900;",
      down: "alter table t drop folded;",
    },
    { up: "delete from t where n > 2900;", down: "select 1;" },
  ]);
  assertEquals(kinds, ["3 rows-lost"]);
  assertStringIncludes(problems[0]!.message, "deletes 100 of 3000 rows of public.t");
});

Deno.test("verify ends at an up.sql that fails, says where, and what the shadow lacks", async () => {
  const { kinds, data, problems } = await verify([
    USERS,
    { up: "grant select on users to reader;", down: "revoke select on users from reader;" },
    PETS,
  ]);
  assertEquals([kinds, data.skipped], [["2 up-failed"], 1]);
  assert(problems[0]!.message.includes('role "reader" does not exist'));
  assert(JSON.stringify(problems[0]).includes("shadow_setup"), JSON.stringify(problems[0]));
  assertStringIncludes(JSON.stringify(problems[0]), '"line":1,"column":1');
});

Deno.test("a setup file gives the shadow what the chain takes for granted", async () => {
  await using files = await project([USERS, {
    up: "grant select on users to reader;",
    down: "revoke select on users from reader;",
  }]);
  await files.write("shadow.sql", "create role reader;\n");
  const run = (...args: string[]) => mig(args, { cwd: files.folder });
  const proven = await run("verify", "--all", "--shadow-setup", "shadow.sql");
  assertEquals([proven.code, proven.stdout.includes("2 revisions proven")], [0, true], proven.stderr);
  await files.write("shadow.sql", "create role reader;\ncreate rol other;\n");
  const wrong = await run("schema", "--shadow-setup", "shadow.sql");
  assertEquals(wrong.code, 1);
  assertStringIncludes(wrong.stderr, "shadow.sql:2:8");
});

Deno.test("verify takes what the database lacks, or a range, and leaves kinds out", async () => {
  await using files = await project([USERS, PETS, { up: "create table x ();", down: "select 1;" }]);
  const run = (...args: string[]) => mig(args, { cwd: files.folder });
  assertEquals((await run("up", idAt(1))).code, 0);
  const pending = JSON.parse((await run("verify", "--json")).stdout).data;
  assertEquals([pending.chosen, pending.revisions.length], ["pending", 1]);
  const one = JSON.parse((await run("verify", "--json", idAt(1))).stdout).data;
  assertEquals([one.chosen, one.revisions.length, one.problems.length], ["range", 1, 0]);
  const ignored = await run("verify", "--ignore", "left-behind");
  assertEquals(ignored.code, 0, ignored.stdout);
  assertEquals((await run("verify", "--ignore", "nothing")).code, 2);
  // Nothing of this was done to the database.
  assertStringIncludes((await run("status")).stdout, idAt(1));
});

Deno.test("in GitHub Actions each finding is an annotation of its file", async () => {
  await using files = await project([{ up: "create table x ();\nnonsense;", down: null }]);
  const { stderr, code } = await mig(["verify", "--no-db"], {
    cwd: files.folder,
    env: { GITHUB_ACTIONS: "true" },
  });
  assertEquals(code, 3);
  assert(
    /^::error file=migrations\/\S+\/up\.sql,line=2,col=1,title=up-failed 0000a001::/m.test(stderr),
    stderr,
  );
});

Deno.test("mig schema prints the schema as of a revision, and of none", async () => {
  await using files = await project([USERS, PETS]);
  const run = async (...args: string[]) => (await mig(["schema", ...args], { cwd: files.folder })).stdout;
  assert((await run()).includes("CREATE TABLE public.pets"));
  const first = await run(idAt(0));
  assertEquals([first.includes("public.users"), first.includes("public.pets")], [true, false]);
  assert(!(await run("base")).includes("CREATE"));
  assert(!first.includes("mig_version") && !first.includes("Dumped") && !first.includes("OWNER TO"));
  assertStringIncludes(await run("--owners"), "OWNER TO");
  const answer = JSON.parse(await run("--json"));
  assertEquals([faultsOf("schema", answer), answer.data.revisions], [[], 2]);
});

Deno.test("verify names the revision after which PostgreSQL cannot write the schema any more", async () => {
  await using files = await project([
    {
      up: "create type mood as enum ('sad');\ncreate view v as select cardinality(array[]::mood[]) as n;",
      down: "drop view v;\ndrop type mood;",
    },
    { up: "drop type mood;", down: "create type mood as enum ('sad');" },
  ]);
  const { code, stdout } = await mig(["verify", "--all", "--no-db"], { cwd: files.folder });
  assertEquals(code, 3);
  assertStringIncludes(stdout, `after up.sql of revision ${idAt(1)}`);
  assertStringIncludes(stdout, "cache lookup failed for type");
});
