/** `mig diff`, from the built executable: golden files, and what its exit codes say. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { assertGolden } from "../support/golden.ts";
import { mig } from "../support/mig.ts";
import { project } from "../support/project.ts";

const CHAIN = [
  { message: "create users", up: "create table users (id bigint primary key, mail text, age int);" },
  { message: "phone number", up: "alter table users add phone text;" },
];

/** What the users of the chain are to become. */
const SCHEMA = `
  create type mood as enum ('sad', 'ok');
  create table users (id bigint primary key, email text unique, phone varchar(20), mood mood not null default 'ok');
  create table posts (id serial primary key, author bigint not null references users on delete cascade);
  create index on posts (author);`;

Deno.test("mig diff leads from the head to schema.sql, and from there to the database", async () => {
  await using files = await project(CHAIN);
  await files.write("schema.sql", SCHEMA);
  const options = { cwd: files.folder };
  const rename = ["--rename", "column public.users.mail to email"];
  const plain = await mig(["diff", "head", "schema.sql"], options);
  assertEquals(plain.code, 0, plain.stderr);
  await assertGolden("diff/head_to_schema.txt", plain.stdout);
  const renamed = await mig(["diff", "head", "schema.sql", ...rename], options);
  await assertGolden("diff/with_a_rename.txt", renamed.stdout);
  const short = await mig(["diff", "head", "schema.sql", "--rename", "users.mail=email"], options);
  assertEquals([short.stdout, short.code], [renamed.stdout, 0], short.stderr);

  // What it prints is what has to be run.
  await files.write(
    "migrations/20260101T0002_0000a003/meta.json",
    '{"id":"0000a003","parent":"0000a002","message":"m"}',
  );
  await files.write("migrations/20260101T0002_0000a003/up.sql", renamed.stdout);
  assertEquals((await mig(["up"], options)).code, 0);
  const equal = await mig(["diff", "database", "schema.sql", "--check"], options);
  assertEquals(
    [equal.code, equal.stdout],
    [0, "-- pglite:.mig/pglite and schema.sql are equal\n"],
    equal.stderr,
  );
  const check = await mig(["diff", "head-1", "--check", "--json"], options);
  assertEquals(check.code, 3, check.stderr);
  assertEquals(JSON.parse(check.stdout).data.proven, true);
});

Deno.test("mig diff says where a schema file fails, and what a rename looks like", async () => {
  await using files = await project(CHAIN);
  await files.write("schema/1.sql", "create table t (a int);\ncreate table t (a int);\n");
  const failed = await mig(["diff", "head", "schema"], { cwd: files.folder });
  assertEquals(failed.code, 1);
  assertStringIncludes(failed.stderr, "schema/1.sql:2");
  for (const range of ["head-1..head", "head-1:head"]) {
    const { code, stderr } = await mig(["diff", range], { cwd: files.folder });
    assertEquals([code, stderr], [
      2,
      `error: cannot read "${range}" as a schema: it is a range\n` +
      "hint: name the two one after the other: `mig diff head-1 head` is what comes after head-1\n",
    ]);
  }
  const odd = async (rename: string) => {
    const { code, stderr } = await mig(["diff", "head", "base", "--rename", rename], { cwd: files.folder });
    return [code, ...stderr.split("\n").slice(0, 2)];
  };
  assertEquals(await odd("mail"), [
    2,
    'error: "mail" is no rename',
    "hint: write it as: --rename users.mail=email, or --rename 'column public.users.mail to email'",
  ]);
  assertEquals((await odd("mail=email")).slice(0, 2), [
    2,
    "error: nothing looks as if it had been renamed by --rename mail=email",
  ]);
  assertEquals((await odd("column public.users.nail to email")).slice(0, 2), [
    2,
    'error: cannot rename column public.users.nail to email: column "nail" does not exist',
  ]);
});
