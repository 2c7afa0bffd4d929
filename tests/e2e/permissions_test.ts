/** What the README names under "Permissions" is enough, and nothing of it is too much. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { freshDatabase } from "../support/database.ts";
import { mig, ROOT, type RunResult } from "../support/mig.ts";
import { project } from "../support/project.ts";

const REVISIONS = [{ up: "create table t (id int);", down: "drop table t;" }];

/** The flags of the README's command for a database. */
async function permissionsFor(database: "a server" | "the embedded database"): Promise<string[]> {
  const readme = await Deno.readTextFile(`${ROOT}README.md`);
  const [command] = new RegExp(`^deno run .* # on ${database}$`, "m").exec(readme)!;
  return command.match(/--allow-\S+/g)!;
}

/** A run with these permissions alone; nobody is asked for more. */
async function run(
  verb: string,
  cwd: string,
  permissions: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<RunResult> {
  return await mig(verb.split(" "), { cwd, env, via: "deno", permissions: ["--no-prompt", ...permissions] });
}

async function assertEnough(
  permissions: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  await using dir = await project(REVISIONS);
  for (const verb of ["up", "status", "down base"]) {
    const { code, stderr } = await run(verb, dir.folder, permissions, env);
    assertEquals(code, 0, `mig ${verb}: ${stderr}`);
  }
}

async function assertAllNeeded(
  permissions: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  for (const permission of permissions) {
    await using dir = await project(REVISIONS);
    // What only looks makes no embedded database.
    if (env.DATABASE_URL === undefined) {
      assertEquals((await run("up", dir.folder, permissions, env)).code, 0);
    }
    const others = permissions.filter((other) => other !== permission);
    for (const verb of ["up", "status"]) {
      const { code, stdout, stderr } = await run(verb, dir.folder, others, env);
      assert(code === 1 || code === 2, `mig ${verb} without ${permission} ends with ${code}`);
      assertEquals(stdout, "");
      const kind = /--allow-(\w+)/.exec(permission)![1];
      assertMatch(stderr, new RegExp(`^error: .*Requires ${kind} access\\b.*--allow-${kind}`, "m"));
      assertMatch(stderr, /^hint: .*the README lists under "Permissions"$/m);
      assert(!/^\s+at /m.test(stderr), `a stack trace: ${stderr}`);
    }
  }
}

Deno.test("on a server, mig runs with the permissions that the README names, and needs each", async () => {
  await using database = await freshDatabase();
  const permissions = await permissionsFor("a server");
  const env = { DATABASE_URL: database.url };
  await assertEnough(permissions, env);
  await assertAllNeeded(permissions, env);
  assertEquals(await database.applied(), []);
});

Deno.test("embedded, mig runs with the permissions that the README names, and needs each", async () => {
  const permissions = await permissionsFor("the embedded database");
  await assertEnough(permissions, {});
  await assertAllNeeded(permissions, {});
});

Deno.test("a permission for a part is enough where the part is: this folder and that server", async () => {
  await using database = await freshDatabase();
  await using dir = await project(REVISIONS);
  const { port } = new URL(database.url);
  const permissions = ["--allow-env", `--allow-read=${dir.folder}`, `--allow-net=127.0.0.1:${port}`];
  const { code, stderr } = await run("up", dir.folder, permissions, {
    DATABASE_URL: `${database.url}?sslmode=disable`,
  });
  assertEquals(code, 0, stderr);
  const elsewhere = [...permissions.slice(0, 2), "--allow-net=127.0.0.1:1"];
  const refused = await run("up", dir.folder, elsewhere, { DATABASE_URL: database.url });
  assertEquals(refused.code, 1);
  assertMatch(refused.stderr, /^error: cannot connect to 127.0.0.1:\d+: Requires net access/m);
});

Deno.test({
  name: "the editor needs the permission to run the shell, and no other program",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using dir = await project(REVISIONS);
    const readme = await Deno.readTextFile(`${ROOT}README.md`);
    const [shell] = /--allow-run=\w+(?=`, on Windows)/.exec(readme)!;
    const env = { EDITOR: "true" };
    const { code, stderr } = await run("edit", dir.folder, ["--allow-env", "--allow-read", shell], env);
    assertEquals(code, 0, stderr);
    const refused = await run("edit", dir.folder, ["--allow-env", "--allow-read"], env);
    assertEquals(refused.code, 1);
    assertMatch(refused.stderr, /^error: the editor cannot be started: Requires run access to "sh"/m);
    assertMatch(refused.stderr, /^hint: .*the README lists under "Permissions"$/m);
  },
});

Deno.test("deno task mig permits what the two need, who the user is, the editor's shell, pg_dump, and nothing else", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  const permitted = (tasks.mig.command as string).match(/--allow-\S+/g)!;
  const programs = "--allow-run=sh,cmd.exe,pg_dump";
  const needed = [
    ...await permissionsFor("a server"),
    ...await permissionsFor("the embedded database"),
    programs,
  ]
    .map((flag) => flag.replace("--allow-sys=uid", "--allow-sys=uid,userInfo,homedir,hostname"));
  assertEquals(permitted.sort(), [...new Set(needed)].sort());
});
