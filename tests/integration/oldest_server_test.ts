/** The oldest PostgreSQL that mig supports; the other tests run on the newest, or on what MIG_TEST_POSTGRES says. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { copy } from "@std/fs";
import { mig, ROOT } from "../support/mig.ts";
import { idAt, project } from "../support/project.ts";
import { TestServer } from "../support/server.ts";

Deno.test("PostgreSQL 14 goes up and down, and on after an interrupted file", async (test) => {
  await using server = await TestServer.start({ major: 14 });
  const env = { DATABASE_URL: server.url() };

  await test.step("the repository's revisions", async () => {
    const folder = await Deno.makeTempDir({ prefix: "mig-oldest-" });
    await copy(`${ROOT}migrations`, `${folder}/migrations`);
    for (const args of [["up"], ["status"], ["history"], ["down", "base"], ["up", "+2"], ["down", "base"]]) {
      const { code, stderr, stdout } = await mig(args, { cwd: folder, env });
      assertEquals(code, 0, `mig ${args.join(" ")}: ${stderr}`);
      if (args[0] === "status") assertStringIncludes(stdout, "(PostgreSQL 14.");
    }
    await Deno.remove(folder, { recursive: true });
  });

  await test.step("an interrupted no-transaction file", async () => {
    const text = (last: string) =>
      `-- mig: no-transaction\ncreate table t (id integer);\ncreate index concurrently t_id on t (id);\n${last};`;
    await using files = await project([{ up: text("select 1/0"), down: "drop table t;" }]);
    const failed = await mig(["up"], { cwd: files.folder, env });
    assertEquals(failed.code, 1);
    assertStringIncludes(failed.stderr, "up.sql:4:");
    assertStringIncludes((await mig(["status"], { cwd: files.folder, env })).stdout, idAt(0));
    await files.add({ up: text("select 1"), down: "drop table t;" }, 0);
    for (const args of [["up"], ["down", "base"]]) {
      const { code, stderr } = await mig(args, { cwd: files.folder, env });
      assertEquals(code, 0, stderr);
    }
  });

  await test.step("verify and a shadow on this server", async () => {
    await using files = await project([
      { up: "create table t (id integer primary key);", down: "drop table t;" },
      { up: "create publication news for table t;", down: "select 1;" },
    ]);
    const args = ["verify", "--all", "--no-db", "--shadow-url", server.url()];
    const { code, stdout, stderr } = await mig(args, { cwd: files.folder });
    assertEquals(code, 3, stderr);
    assertStringIncludes(stdout, `left-behind: ${idAt(1)} down.sql leaves behind publication news`);
  });
});
