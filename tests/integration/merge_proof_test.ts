/** `mig merge` replays the branches in both orders before it joins them. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { mig } from "../support/mig.ts";
import { idAt, project } from "../support/project.ts";

/** Two branches of one table. */
async function branches(left: string, right: string) {
  return await project([
    { up: "create table users (id integer primary key, name text);", down: "drop table users;" },
    { parent: idAt(0), message: "left", up: left, down: "select 1;" },
    { parent: idAt(0), message: "right", up: right, down: "select 1;" },
  ]);
}

Deno.test("branches that lead to the same in both orders are joined without a question", async () => {
  await using files = await branches(
    "alter table users add a text;",
    "create table b (id integer); alter table users add c text;",
  );
  const { code, stdout, stderr } = await mig(["merge"], { cwd: files.folder });
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "proven: every order of the branches leads to the same schema");
});

Deno.test("where the order decides, mig merge names the object, and asks", async () => {
  await using files = await branches(
    "create or replace view v as select 1 as one;",
    "create or replace view v as select 2 as one;",
  );
  const refused = await mig(["merge"], { cwd: files.folder });
  assertEquals(refused.code, 2, refused.stderr);
  assertStringIncludes(refused.stderr, "the branches clash on view public.v");
  assertStringIncludes(refused.stderr, "--yes");
  const unanswered = JSON.parse((await mig(["merge", "--json"], { cwd: files.folder })).stdout).error;
  assertEquals([unanswered.code, unanswered.data], ["usage", { proof: "clash" }]);
  assertEquals([...Deno.readDirSync(files.migrations)].length, 3);
  const joined = await mig(["merge", "--yes", "--json"], { cwd: files.folder });
  assertEquals([joined.code, JSON.parse(joined.stdout).data.proof], [0, "clash"], joined.stderr);
});

Deno.test("branches whose difference pg_dump does not show are not taken for equal", async () => {
  await using files = await branches(
    "alter role current_user set lock_timeout = '1s'; alter database postgres set lock_timeout = '1s';",
    "alter role current_user set lock_timeout = '2s'; alter database postgres set lock_timeout = '2s';",
  );
  const refused = await mig(["merge"], { cwd: files.folder });
  assertEquals(refused.code, 2, refused.stderr);
  assertStringIncludes(refused.stderr, "clash on what only the system catalogs tell");
  assertStringIncludes(refused.stderr, "lock_timeout=1s");
});

Deno.test("where one cannot be applied after the other, mig merge says which, and where", async () => {
  await using files = await branches(
    "alter table users drop name;",
    "create index users_name on users (name);",
  );
  const refused = await mig(["merge"], { cwd: files.folder });
  assertEquals(refused.code, 2, refused.stderr);
  assertStringIncludes(refused.stderr, `after ${idAt(1)}, ${idAt(2)} cannot be applied`);
  assertStringIncludes(refused.stderr, 'column "name" does not exist');
  const skipped = await mig(["merge", "--no-proof", "--json"], { cwd: files.folder });
  assertEquals([skipped.code, JSON.parse(skipped.stdout).data.proof], [0, "skipped"], skipped.stderr);
});

Deno.test("where neither can be applied after the other, mig merge says so, and asks", async () => {
  await using files = await branches(
    "alter table users add x int default 1;",
    "alter table users add x int default 2;",
  );
  const refused = await mig(["merge"], { cwd: files.folder });
  assertEquals(refused.code, 2, refused.stderr);
  assertStringIncludes(
    refused.stderr,
    `after ${idAt(1)}, ${idAt(2)} cannot be applied, nor the other way round`,
  );
  assertStringIncludes(refused.stderr, 'column "x" of relation "users" already exists');
  assertEquals([...Deno.readDirSync(files.migrations)].length, 3);

  // Whatever else replays both says what they are to each other, and speaks of no hand in the shadow.
  const clash = [
    `hint: ${idAt(2)} does not follow ${
      idAt(1)
    }, which was replayed before it: if the two clash, mend one of them while it is \
not applied anywhere`,
    "hint: as long as nothing joins them, `mig merge` tries them in both orders",
    "hint: nothing was done to any database but the shadow",
  ];
  const hints = (text: string) => text.split("\n").filter((line) => line.startsWith("hint: "));
  const schema = await mig(["schema"], { cwd: files.folder });
  assertEquals([schema.code, ...hints(schema.stderr)], [1, ...clash]);
  const verify = await mig(["verify", "--no-db", "--no-rows"], { cwd: files.folder });
  assertEquals([verify.code, ...hints(verify.stdout).slice(-3)], [3, ...clash]);
});

Deno.test("what an earlier revision has made is told as such, where no branch is in the way", async () => {
  await using files = await project([{ up: "create table t ();" }, { up: "create table t ();" }]);
  const { code, stderr } = await mig(["schema"], { cwd: files.folder });
  assertEquals(code, 1);
  assertStringIncludes(
    stderr,
    "hint: it is there already: an earlier revision has made it, or the shadow's setup\n",
  );
});

Deno.test("branches that cannot be replayed at all are joined with a warning", async () => {
  await using files = await branches("grant select on users to reader;", "alter table users add c text;");
  const { code, stdout, stderr } = await mig(["merge", "--json"], { cwd: files.folder });
  assertEquals([code, JSON.parse(stdout).data.proof], [0, "unproven"], stderr);
  assert(/warning: .*could not be tried.*"reader" does not exist/.test(stderr), stderr);
});
