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
