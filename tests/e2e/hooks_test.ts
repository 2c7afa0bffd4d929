/** Hooks by the settings: those of the verbs that write files, and those of environments. */

import { assertEquals, assertMatch } from "@std/assert";
import { labelsOf, notesOf, noting, writeHooks } from "../support/hooks.ts";
import { mig } from "../support/mig.ts";
import { project } from "../support/project.ts";

const EDITOR =
  `"${Deno.execPath()}" eval "for (const file of Deno.args) Deno.writeTextFileSync(file, '-- seen', { append: true })"`;

Deno.test("after_new and after_edit get the files by their paths from the project's folder", async () => {
  await using files = await project();
  await writeHooks(files, { after_new: noting("after_new"), after_edit: noting("after_edit") });
  await files.write("deep/er/.keep", "");
  const options = { cwd: `${files.folder}/deep/er`, env: { EDITOR, HOME: files.folder } };
  const made = await mig(["new", "one", "--id", "0000a001"], options);
  assertEquals(made.code, 0, made.stderr);
  const edited = await mig(["edit"], options);
  assertEquals(edited.code, 0, edited.stderr);
  const [first, second] = await notesOf(files);
  assertEquals([first!.env.MIG_HOOK, first!.env.MIG_REVISIONS], ["after_new", "0000a001"]);
  assertEquals(second!.env.MIG_HOOK, "after_edit");
  const names = (text: string) => text.replaceAll("\\", "/").replaceAll(/\d{8}T\d{4}/g, "MINUTE").split("\n");
  const folder = "migrations/MINUTE_0000a001_one";
  assertEquals(
    names(first!.env.MIG_FILES!),
    ["up.sql", "down.sql", "meta.json"].map((name) => `${folder}/${name}`),
  );
  assertEquals(names(second!.env.MIG_FILES!), ["up.sql", "down.sql"].map((name) => `${folder}/${name}`));

  await mig(["edit"], { ...options, env: { EDITOR: `"${Deno.execPath()}" eval ""` } });
  await mig(["new", "two", "--no-hooks"], options);
  await mig(["edit", "--no-hooks"], options);
  assertEquals(await labelsOf(files), ["after_new", "after_edit"]);
});

Deno.test("when after_new fails, mig fails, and says that the revision is made", async () => {
  await using files = await project();
  await writeHooks(files, { after_new: noting("format", 4) });
  const { code, stderr } = await mig(["new", "one", "--id", "0000a001"], { cwd: files.folder });
  assertEquals(code, 1);
  assertMatch(stderr, /^error: the hook after_new failed, exit code 4: /m);
  assertMatch(stderr, /^hint: revision 0000a001 is made; /m);
  assertEquals((await mig(["heads", "--json"], { cwd: files.folder })).stdout.includes("0000a001"), true);
});

Deno.test("a command that there is not is said to be missing", async () => {
  await using files = await project();
  await writeHooks(files, { after_new: "no_such_program --at all" });
  const { code, stderr } = await mig(["new", "one"], { cwd: files.folder });
  assertEquals(code, 1);
  if (Deno.build.os === "windows") return;
  assertMatch(
    stderr,
    /^error: the hook after_new failed, exit code 127, a command was not found: no_such_program --at all$/m,
  );
});

Deno.test("the hooks of an environment replace those of the same name; an empty list turns them off", async () => {
  await using files = await project([{ up: "select 1;" }]);
  const environments = {
    live: { database: "pglite::memory:", hooks: { before_up: noting("live") } },
    off: { database: "pglite::memory:", hooks: { before_up: [] } },
  };
  const hooks = { before_up: noting("before"), after_up: noting("after") };
  await writeHooks(files, hooks, { environments, database: "pglite::memory:" });
  for (const args of [["up"], ["up", "-e", "live"], ["up", "-e", "off"]]) {
    const { code, stderr } = await mig(args, { cwd: files.folder });
    assertEquals(code, 0, stderr);
  }
  assertEquals(await labelsOf(files), ["before", "after", "live", "after", "after"]);
  const config = await mig(["config", "-e", "off"], { cwd: files.folder });
  assertMatch(config.stdout, /^ *hooks\.before_up +not set +mig\.json:1$/m);
  assertMatch(config.stdout, /^ *hooks\.after_up +".*" run .* after 0 +mig\.json:1$/m);
});

Deno.test("a command line has the variables of .env", async () => {
  await using files = await project([{ up: "select 1;" }]);
  await writeHooks(files, { before_up: noting("it") }, { database: "pglite::memory:" });
  await files.write(".env", "MIG_OWN=from the file\n");
  const { code, stderr } = await mig(["up"], { cwd: files.folder });
  assertEquals(code, 0, stderr);
  assertEquals((await notesOf(files))[0]!.env.MIG_OWN, "from the file");
});
