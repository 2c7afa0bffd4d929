/** Where mig writes to: pipes that close, disks that are full, terminals. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { freshDatabase } from "../support/database.ts";
import { shell } from "../support/mig.ts";
import { idAt, project } from "../support/project.ts";

const linux = Deno.build.os === "linux";

const bash = (line: string, cwd: string, env: Record<string, string>) => shell(line, { cwd, env });

Deno.test({
  name: "a run does not depend on whether its narration can be written",
  ignore: !linux,
  async fn() {
    for (const redirection of ["2>/dev/full", "2>&-", "2> >(true)"]) {
      await using database = await freshDatabase();
      await using files = await project([{ up: "create table t (id integer);" }, { up: "select 1;" }]);
      const { code, stdout } = await bash(`mig up ${redirection}`, files.folder, {
        DATABASE_URL: database.url,
      });
      assertEquals(code, 0, redirection);
      assertStringIncludes(stdout, "Applied 2 revisions");
      assertEquals(await database.applied(), [idAt(0), idAt(1)]);
    }
  },
});

Deno.test({
  name: "an answer that cannot be written is an error, and one that nobody reads is none",
  ignore: !linux,
  async fn() {
    await using database = await freshDatabase();
    await using files = await project([{ up: "create table t (id integer);" }]);
    const env = { DATABASE_URL: database.url };
    const full = await bash("mig up > /dev/full", files.folder, env);
    assertEquals(full.code, 1);
    assertStringIncludes(full.stderr, "cannot write the answer to standard output: no space is left");
    assert(!/^\s+at /m.test(full.stderr), full.stderr);
    assertEquals(await database.applied(), [idAt(0)]);
    const closed = await bash("mig history | true; echo ${PIPESTATUS[0]}", files.folder, env);
    assertEquals([closed.stdout, closed.stderr], ["0\n", ""]);
  },
});

Deno.test({
  name: "on a terminal a line tells which statement of how many runs, and goes when it is done",
  ignore: !linux,
  async fn() {
    await using database = await freshDatabase();
    await using files = await project([
      { message: "slow", up: "create table t (id integer);\nselect pg_sleep(0.6);", down: null },
    ]);
    const { code, stdout } = await bash("script -qec 'mig up' /dev/null", files.folder, {
      DATABASE_URL: database.url,
    });
    assertEquals(code, 0, stdout);
    const [where, drawn, ...lines] = stdout.split("\r\n");
    assertStringIncludes(where!, "on postgres://");
    assertMatch(drawn!, /\S \S*up +\S*0000a001\S* +slow +statement 2 of 2: select pg_sleep +\d+ ms/);
    assert(drawn!.includes("\r\x1b[2K\x1b[32m✓"), "the line is overwritten by what is done");
    assertEquals(lines.filter((line) => line !== "").length, 1);
    const plain = await bash("script -qec 'mig down base; NO_COLOR=1 mig status' /dev/null", files.folder, {
      DATABASE_URL: database.url,
    });
    assertStringIncludes(plain.stdout, "irreversible");
    assert(!plain.stdout.split("database  ")[1]!.includes("\x1b["), "NO_COLOR has no colours");
  },
});
