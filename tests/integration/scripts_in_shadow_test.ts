/** What repeatable scripts make is there on both sides when schemas are compared at the head. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { mig } from "../support/mig.ts";
import { project, type TestProject } from "../support/project.ts";

const USERS = "create table users (id integer primary key, mail text not null);\n";
const SCRIPTS = {
  "mig.json": '{ "repeatable": "repeatable" }',
  "repeatable/1_greet.sql": "-- mig: env GREETING\n" +
    "create or replace function greet(who text) returns text language sql as $$ select '${GREETING} ' || who $$;\n",
  // Without OR REPLACE: it is there already where schema.sql has it.
  "repeatable/2_loud.sql": "create view loud as select greet(upper(mail)) as mail from users;\n",
};
const LOUD = `create function greet(who text) returns text language sql as $$ select 'hello ' || who $$;
create view loud as select greet(upper(mail)) as mail from users;
`;

async function withScripts(): Promise<
  { readonly files: TestProject; readonly run: (...args: string[]) => ReturnType<typeof mig> }
> {
  const files = await project([{ up: USERS, down: "drop table users;\n" }]);
  for (const [path, text] of Object.entries(SCRIPTS)) await files.write(path, text);
  return { files, run: (...args) => mig(args, { cwd: files.folder, env: { GREETING: "hello" } }) };
}

Deno.test("schema.sql may have what the scripts make, or leave it to them", async () => {
  const { files, run } = await withScripts();
  await using _ = files;
  for (const wanted of [USERS, USERS + LOUD]) {
    await files.write("schema.sql", wanted);
    const auto = await run("new", "--auto", "nothing");
    assertEquals([auto.code, auto.stdout.split(":")[0]], [0, "Nothing to do"], auto.stderr);
    const diff = await run("diff", "head", "schema.sql", "--check");
    assertEquals(diff.code, 0, diff.stdout + diff.stderr);
    const check = await run("check", "--no-db", "--schema");
    assertEquals(check.code, 0, check.stdout + check.stderr);
  }
  await files.write("schema.sql", "create table people (id integer);\n");
  const unfit = await run("diff", "head", "schema.sql");
  assertEquals(unfit.code, 1);
  assertStringIncludes(unfit.stderr, "cannot apply the repeatable script repeatable/2_loud.sql");
  assertStringIncludes(unfit.stderr, 'relation "users" does not exist');
});

Deno.test("a draft that has to do away with a script's view runs on a new database too", async () => {
  const { files, run } = await withScripts();
  await using _ = files;
  assertEquals((await run("up")).code, 0);
  await files.write("schema.sql", USERS.replace("text", "varchar(100)"));
  const made = await run("new", "--auto", "shorter mail", "--json");
  assertEquals(made.code, 0, made.stderr);
  const [folder] = JSON.parse(made.stdout).data.created.files;
  const up = await Deno.readTextFile(`${files.folder}/${folder.replace(/[^/]*$/, "up.sql")}`);
  assertStringIncludes(up, "-- made again by repeatable/2_loud.sql\ndrop view if exists public.loud;\n");
  assert(!up.includes("create view"), up);
  const old = await run("up", "--json");
  assertEquals(old.code, 0, old.stderr);
  assertEquals(JSON.parse(old.stdout).data.repeatable.scripts.map(({ name }: { name: string }) => name), [
    "2_loud.sql",
  ]);
  const fresh = await run("up", "--database", "pglite::memory:");
  assertEquals(fresh.code, 0, fresh.stderr);
  const verified = await run("verify", "--all");
  assertEquals(verified.code, 0, verified.stdout + verified.stderr);
  const back = await run("down", "-1");
  assertEquals(back.code, 0, back.stderr);
  const drift = await run("drift");
  assert(drift.code === 0 || drift.code === 3, drift.stderr);
});

Deno.test("elsewhere than at the head nobody knows what the scripts were", async () => {
  const { files, run } = await withScripts();
  await using _ = files;
  assertEquals((await run("new", "more", "--up", "more.sql", "--no-hooks")).code, 1);
  await files.write("more.sql", "alter table users add column name text;\n");
  const made = await run("new", "more", "--up", "more.sql");
  assertEquals(made.code, 0, made.stderr);
  const { stdout, code } = await run("diff", "head-1", "head");
  assertEquals(code, 0);
  assertStringIncludes(stdout, "create view public.loud");
});
