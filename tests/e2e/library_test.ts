/** The examples of docs/library.md run, and print what the page says. */

import { assertEquals } from "@std/assert";
import { MigError, open } from "../../src/mod.ts";
import { freshDatabase } from "../support/database.ts";
import { ROOT } from "../support/mig.ts";
import { project } from "../support/project.ts";
import { assertRejects } from "@std/assert";

const page = await Deno.readTextFile(`${ROOT}docs/library.md`);
const examples = [...page.matchAll(/^## (.*)\n[^]*?```ts\n([^]*?)```\n\n```text\n([^]*?)```/gm)];

Deno.test("docs/library.md has an output for every example", () => {
  assertEquals(examples.length, page.match(/^```ts$/gm)!.length);
});

for (const [, title, code, output] of examples) {
  Deno.test(`the library's example "${title}" prints what the page says`, async () => {
    await using files = await project([]);
    for (
      const [at, [id, message, up]] of [
        ["91c07d5e", "create users", "create table users (id integer);"],
        ["3f9a1c2b", "phone number", "alter table users add phone text;"],
      ].entries()
    ) await files.add({ id, message, up: up!, parent: at === 0 ? null : "91c07d5e" }, at);
    const { imports } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
    await files.write(
      "deno.json",
      JSON.stringify({ imports: { ...imports, "@mig/mig": `${ROOT}src/mod.ts` } }),
    );
    await files.write("example.ts", code!);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "-A", "--no-lock", "example.ts"],
      cwd: files.folder,
      env: { NO_COLOR: "1" },
    }).output();
    assertEquals(new TextDecoder().decode(stderr) + new TextDecoder().decode(stdout), output);
  });
}

Deno.test("the library moves a server's database, and tells what it has done", async () => {
  await using database = await freshDatabase();
  const events: string[] = [];
  await using mig = await open({
    database: database.url,
    migrations: [
      {
        id: "1a",
        parent: null,
        message: "one",
        up: "create table one (id integer);",
        down: "drop table one;",
      },
      { id: "2b", parent: "1a", message: "two", up: "create table two (id integer);", down: null },
    ],
    onEvent: ({ type }) => events.push(type),
  });
  assertEquals((await mig.plan("up")).steps.map(({ id }) => id), ["1a", "2b"]);
  assertEquals(await database.applied(), []);
  assertEquals((await mig.up("+1")).current, [{ id: "1a", message: "one" }]);
  assertEquals(events, [
    "connected",
    "connected",
    "plan",
    "step-started",
    "statement-started",
    "statement-finished",
    "step-finished",
  ]);
  assertEquals((await mig.history()).revisions.map(({ id, current }) => [id, current]), [
    ["2b", false],
    ["1a", true],
  ]);
  assertEquals((await mig.history(":current")).revisions.map(({ id }) => id), ["1a"]);
  await mig.up();
  const irreversible = await assertRejects(() => mig.down("base"), MigError);
  assertEquals(irreversible.code, "irreversible");
  assertEquals((await mig.show("1a", { applied: true })).up, "create table one (id integer);");
  assertEquals((await mig.heads()).heads.map(({ id }) => id), ["2b"]);
});

Deno.test("a program does with revisions what the commands do", async () => {
  await using database = await freshDatabase();
  await using files = await project([{
    message: "users",
    up: "create table users ();",
    down: "drop table users;",
  }]);
  await using mig = await open({ database: database.url, migrations: files.migrations });
  const made = await mig.new("tags", { id: "b1", labels: ["shop"], up: "create table tags ();" });
  assertEquals([made.parents, made.labels, made.toWrite], [["0000a001"], ["shop"], []]);
  assertEquals(made.files.map((file) => file.split("/").at(-1)), ["up.sql", "meta.json"]);
  await mig.new("bills", {
    id: "c1",
    parent: "0000a001",
    dependsOn: ["b1"],
    up: "create table bills ();",
    down: "drop table bills;",
  });
  assertEquals((await mig.branches()).branchPoints.map(({ branches }) => branches.map(({ id }) => id)), [[
    "b1",
    "c1",
  ]]);
  const several = await assertRejects(() => mig.up(), MigError);
  assertEquals(several.code, "heads-multiple");
  assertEquals((await mig.check({ filesOnly: true })).problems.map(({ kind }) => kind), [
    "heads-multiple",
    "irreversible",
  ]);

  assertEquals((await mig.stamp("0000a001")).changes.map(({ change, id }) => `${change} ${id}`), [
    "record 0000a001",
  ]);
  assertEquals((await mig.stamp(["b1", "c1"], { dryRun: true })).changes.length, 2);
  assertEquals((await mig.stamp("base", { purge: true })).current, []);
  assertEquals((await mig.plan("goto", "c1")).steps.map(({ id }) => id), ["0000a001", "b1", "c1"]);
  await mig.goto("c1");
  assertEquals(await mig.plan("down", "0000a001").catch((error) => error.code), "irreversible");
  // What depends on it goes too, and a program is not asked.
  assertEquals((await mig.plan("redo", 1)).steps.map(({ id, direction }) => `${direction} ${id}`), [
    "down c1",
    "up c1",
  ]);
  assertEquals((await mig.redo()).current.map(({ id }) => id), ["b1", "c1"]);
  assertEquals((await mig.script("up", "b1:c1")).steps.map(({ id }) => id), ["c1"]);

  const applied = await assertRejects(() => mig.rebase("c1", { onto: "b1" }), MigError);
  assertEquals(applied.code, "revision-applied");
  assertEquals((await mig.rebase("c1", { onto: "b1", filesOnly: true })).parents, [{
    id: "b1",
    message: "tags",
  }]);
  assertEquals((await mig.merge()).created, null);
  await Deno.writeTextFile(`${made.path}/up.sql`, "create table tags (); -- of shops");
  assertEquals((await mig.accept("b1")).changed, true);
  await Deno.remove(`${(await mig.show("c1")).revision.path}`, { recursive: true });
  assertEquals((await mig.restore()).revisions.map(({ id }) => id), ["c1"]);
  assertEquals((await mig.current()).atHeads, true);
});

Deno.test("a program adopts a database by a dump", async () => {
  await using files = await project();
  await files.write("schema.sql", "create table users ();");
  await using mig = await open({ database: "pglite::memory:", migrations: files.migrations });
  assertEquals((await mig.baseline({ from: `${files.folder}/schema.sql` })).statements, 1);
  assertEquals((await mig.status()).pending, []);
});

Deno.test("revisions that are values have no folders to write to", async () => {
  await using mig = await open({
    database: "pglite::memory:",
    migrations: [
      { id: "a", parent: null, message: "a", up: "" },
      { id: "b", parent: "a", message: "b", up: "" },
      { id: "c", parent: "a", message: "c", up: "" },
    ],
  });
  for (
    const write of [
      () => mig.new("more", { parent: "b" }),
      () => mig.merge(),
      () => mig.rebase("c", { onto: "b" }),
    ]
  ) {
    assertEquals((await assertRejects(write, MigError)).code, "usage");
  }
});

Deno.test("the library refuses what no folder could hold", async () => {
  await using mig = await open({
    database: "pglite::memory:",
    migrations: [{ id: "a/b", parent: null, message: "slash", up: "" }],
  });
  assertEquals((await assertRejects(() => mig.up(), MigError)).code, "metadata-invalid");
  const wrong = await assertRejects(() => open({ database: "mysql://x", migrations: [] }), MigError);
  assertEquals(wrong.code, "url-invalid");
});

Deno.test("the library reads several folders as one chain", async () => {
  await using files = await project([{ up: "create table one ();" }]);
  await files.write("plugin/two/meta.json", '{ "id": "2b", "parent": "0000a001", "message": "two" }');
  await files.write("plugin/two/up.sql", "create table two ();");
  const migrations = [files.migrations, `${files.folder}/plugin`];
  await using mig = await open({ database: "pglite::memory:", migrations });
  assertEquals((await mig.up()).steps.map(({ id }) => id), ["0000a001", "2b"]);
});
