/** A project that somebody else wrote: nothing in it gets out of its folder, runs by itself, or turns into a command. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { REGISTRY } from "../../src/commands/registry.ts";
import { freshDatabase } from "../support/database.ts";
import { mig } from "../support/mig.ts";
import { idAt, project, type TestProject } from "../support/project.ts";

const WINDOWS = Deno.build.os === "windows";

/** What only reads, of every command that does. */
const READING: readonly (readonly [string, ...string[]])[] = [
  ["status"],
  ["check"],
  ["check", "--no-db"],
  ["history"],
  ["graph"],
  ["current"],
  ["heads"],
  ["branches"],
  ["show", idAt(0)],
  ["show", idAt(0), "--applied"],
  ["config"],
  ["dump"],
  ["completion", "bash"],
  ["schema"],
  ["verify", "--all"],
  ["diff", "base", "head"],
  ["drift"],
  ["blame", "users"],
  ["draft-down", idAt(0), "--print"],
  ["unlock"],
  ["up", "--dry-run"],
  ["up", "--sql"],
  ["up", "--sql", "current:head"],
  ["down", "base", "--dry-run"],
  ["down", "--sql", "head:base"],
  ["goto", "head", "--dry-run"],
  ["redo", "--dry-run"],
  ["stamp", "head", "--dry-run"],
  ["__complete", "bash", "mig", "up", ""],
  ["--version"],
  ["--help"],
];

const WRITING = [
  "init",
  "new",
  "edit",
  "up",
  "down",
  "goto",
  "redo",
  "stamp",
  "baseline",
  "merge",
  "rebase",
  "accept",
  "restore",
];

/** A command line that leaves a trace wherever it is run. */
const TRACE = (files: TestProject) => `touch '${files.folder}/ran'`;

async function hasRun(files: TestProject): Promise<boolean> {
  return await Deno.stat(`${files.folder}/ran`).then(() => true, () => false);
}

Deno.test("each command of the registry is called here, or writes", () => {
  const known = new Set([...READING.map(([name]) => name), ...WRITING]);
  assertEquals(REGISTRY.map(({ name }) => name).filter((name) => !known.has(name)), []);
});

Deno.test({
  name: "no command that only reads runs a hook, an editor or a script of the project",
  ignore: WINDOWS,
  async fn() {
    await using database = await freshDatabase();
    await using files = await project([{ up: "create table users (id int);", down: "drop table users;" }]);
    const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
    assertEquals((await mig(["up"], options)).code, 0);
    const names = [
      "before_up",
      "after_up",
      "before_down",
      "after_down",
      "after_revision",
      "after_new",
      "after_edit",
    ];
    const hooks = Object.fromEntries(names.map((name) => [name, TRACE(files)]));
    await files.write("mig.json", JSON.stringify({ hooks, repeatable: "repeatable", dump: "schema.sql" }));
    await files.write("repeatable/a.sql", "create table hacked ();");
    await files.write(".env", `EDITOR=${TRACE(files)}\nVISUAL=${TRACE(files)}\nPAGER=${TRACE(files)}\n`);
    for (const name of ["git", "psql", "mig"]) {
      await files.write(name, `#!/bin/sh\n${TRACE(files)}\n`);
      await Deno.chmod(`${files.folder}/${name}`, 0o755);
    }
    for (const call of READING) {
      const { code, stderr } = await mig(call, options);
      assert(code === 0 || code === 3 || call[0] === "dump", `mig ${call.join(" ")}: ${stderr}`);
      assertEquals(await hasRun(files), false, `mig ${call.join(" ")} ran something`);
    }
    assertEquals(await database.text("select to_regclass('hacked')::text"), null);
    await mig(["edit", idAt(0)], options);
    assertEquals(await hasRun(files), false, "the editor is the user's, not that of .env");
    await mig(["new", "x"], options);
    assertEquals(await hasRun(files), true, "what the user asks for runs");
  },
});

Deno.test({
  name: "names of folders, messages and ids are never commands, paths or SQL",
  ignore: WINDOWS,
  async fn() {
    await using database = await freshDatabase();
    await using files = await project();
    const options = { cwd: files.folder, env: { DATABASE_URL: database.url, EDITOR: "true" } };
    const nasty = [
      "$(touch ran)",
      "`touch ran`",
      "; touch ran #",
      "a' || touch ran || 'b",
      'a" ; touch ran ; "b',
      "| touch ran",
      "& touch ran &",
      "-rf",
      "--help",
      "a\nb",
      "\u001b[31mred\u001b]0;title\u0007",
      "'; drop table mig_version; --",
      "x'y\"z\\",
      "%s %n ${HOME} $HOME ~",
      "größe 👍\u202e",
    ];
    const message = 'it\'s "so" $(touch ran) `touch ran`; drop table mig_version; -- ${X} \\ %n 👍';
    for (const [n, name] of nasty.entries()) {
      const folder = `migrations/${String(n).padStart(2, "0")}${name.replaceAll("/", "_")}`;
      const [id, parent] = [idAt(n), n === 0 ? null : idAt(n - 1)];
      await files.write(`${folder}/meta.json`, JSON.stringify({ id, parent, message }));
      await files.write(`${folder}/up.sql`, `create table "t${n} ""'; $x$ \\" ("a ""b" int);`);
      await files.write(`${folder}/down.sql`, `drop table "t${n} ""'; $x$ \\";`);
    }
    const after = { after_revision: "true", after_edit: "true", after_new: "true" };
    await files.write("mig.json", JSON.stringify({ hooks: after }));
    for (
      const call of [
        ["up"],
        ["status"],
        ["history"],
        ["show", idAt(0)],
        ["edit", idAt(0)],
        ["check"],
        ["redo", "3"],
        ["down", "-2"],
        ["up", "--sql", "-o", "up.sql"],
        ["graph", "--format", "svg"],
        ["graph", "--format", "dot"],
        ["graph", "--format", "mermaid"],
        ["new", message],
        ["__complete", "bash", "mig", "show", ""],
      ]
    ) {
      const { code, stdout, stderr } = await mig(call, options);
      assert(code === 0 || code === 3, `mig ${call.join(" ")}: ${stderr}`);
      // deno-lint-ignore no-control-regex -- those are what it is about
      assert(!/[\u001b\u0007]/.test(stdout + stderr), `mig ${call.join(" ")} prints a control character`);
      assertEquals(await hasRun(files), false, `mig ${call.join(" ")} ran something`);
    }
    assertEquals((await database.applied()).length, nasty.length - 2);
    const made = [...Deno.readDirSync(files.migrations)].filter(({ name }) => /_it_s_so_touch/.test(name));
    assertEquals(made.length, 1, "a new folder's name is words");
  },
});

Deno.test("no file is made or read outside of the project by a name that goes up", async () => {
  await using files = await project([{ up: "select 1;", down: "select 1;" }]);
  await files.write("outside/up.sql", "create table outside ();");
  await files.write("inner/mig.json", "{}");
  await files.write("inner/migrations/README.md", "");
  const options = { cwd: `${files.folder}/inner`, env: { DATABASE_URL: "pglite::memory:" } };
  const refused = [
    ["new", "x", "--id", "../../outside"],
    ["new", "x", "--id", "..%2f"],
    ["new", "x", "--branch-label", "../x"],
    ["new", "x", "--template", "../../outside"],
    ["new", "x", "--template", "/etc"],
    ["new", "x", "--folder", "../outside"],
    ["show", "../../outside"],
    ["up", "../outside"],
  ];
  for (const call of refused) {
    const { code, stderr } = await mig(call, options);
    assert(code === 1 || code === 2, `mig ${call.join(" ")}: ${code}`);
    assertMatch(stderr, /^error: /m);
  }
  for (
    const meta of [
      { id: "../../outside", parent: null, message: "x" },
      { id: "a", parent: "../outside", message: "x" },
      { id: "a", parent: null, message: "x", labels: ["../x"] },
    ]
  ) {
    await files.write("inner/migrations/one/meta.json", JSON.stringify(meta));
    await files.write("inner/migrations/one/up.sql", "select 1;");
    const { code, stderr } = await mig(["heads"], options);
    assertEquals(code, 1, stderr);
    await Deno.remove(`${files.folder}/inner/migrations/one`, { recursive: true });
  }
  const dots = await mig(["new", "../../../../etc/passwd"], options);
  assertEquals(dots.code, 0, dots.stderr);
  for (const { name, isDirectory } of Deno.readDirSync(`${files.folder}/inner/migrations`)) {
    if (isDirectory) assertMatch(name, /^\d{8}T\d{4}_[0-9a-f]{8}_etc_passwd$/);
  }
  const names = [...Deno.readDirSync(files.folder)].map(({ name }) => name).sort();
  assertEquals(names, ["inner", "mig.json", "migrations", "outside"]);
});

Deno.test({
  name: "links that leave the migrations folder, the templates or the scripts are not followed",
  ignore: WINDOWS,
  async fn() {
    await using files = await project([{ up: "select 1;", down: "select 1;" }]);
    const options = { cwd: files.folder, env: { DATABASE_URL: "pglite::memory:" } };
    const secret = await Deno.makeTempDir({ prefix: "mig-outside-" });
    await Deno.writeTextFile(`${secret}/up.sql`, "select 'TOPSECRET';");
    await Deno.writeTextFile(
      `${secret}/meta.json`,
      JSON.stringify({ id: "x", parent: null, message: "TOPSECRET" }),
    );
    const folder = `${files.migrations}/20260101T0000_0000a001`;
    const cases: readonly (readonly [link: string, target: string, ...call: string[]])[] = [
      [`${files.migrations}/linked`, secret, "history", "--no-db"],
      [`${folder}/down.sql`, `${secret}/up.sql`, "show", idAt(0)],
      [`${folder}/up.sql`, `${secret}/up.sql`, "up"],
      [`${folder}/up.sql`, "/etc/passwd", "up", "--sql"],
      [`${folder}/meta.json`, `${secret}/meta.json`, "heads"],
      [`${files.folder}/repeatable/a.sql`, `${secret}/up.sql`, "check", "--no-db"],
      [`${files.folder}/repeatable/b`, secret, "up"],
    ];
    await files.write("repeatable/.keep", "");
    await files.write("mig.json", JSON.stringify({ repeatable: "repeatable" }));
    for (const [link, target, ...call] of cases) {
      const before = await Deno.readTextFile(link).catch(() => null);
      if (before !== null) await Deno.remove(link);
      await Deno.symlink(target, link);
      const { code, stdout, stderr } = await mig(call, options);
      assertEquals(code, 1, `${link}: ${stderr}`);
      assertMatch(stderr, /leads out of the /, link);
      assert(
        !(stdout + stderr).includes("TOPSECRET") && !(stdout + stderr).includes("root:"),
        stdout + stderr,
      );
      await Deno.remove(link);
      if (before !== null) await Deno.writeTextFile(link, before);
    }
    await Deno.remove(secret, { recursive: true });
  },
});
