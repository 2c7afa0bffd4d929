/** `mig verify` and `mig schema` in the embedded shadow. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { mig } from "../support/mig.ts";
import { idAt, project } from "../support/project.ts";
import { faultsOf } from "../support/schemas.ts";
import { PETS, USERS, verify } from "../support/verify.ts";

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

Deno.test("verify takes a range in mig's form, and says so over one in git's", async () => {
  await using files = await project([{ up: "select 1;" }, { up: "select 2;" }]);
  const { code, stderr } = await mig(["verify", `${idAt(0)}..head`, "--no-db"], { cwd: files.folder });
  assertEquals(code, 2);
  assertStringIncludes(stderr, `hint: write it as \`${idAt(0)}:head\`: both ends are in it\n`);
});

Deno.test("verify sees an index that is left invalid", async () => {
  const { kinds, problems } = await verify([
    { up: "create table t (a integer); create index t_a on t (a);", down: "drop table t;" },
    { up: "select 1;", down: "update pg_index set indisvalid = false where indexrelid = 't_a'::regclass;" },
  ]);
  assertEquals(kinds, ["2 lost"]);
  assertStringIncludes(problems[0]!.message, "index public.t_a");
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
