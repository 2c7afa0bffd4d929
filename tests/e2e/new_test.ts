/** Making and editing revisions with the executable. */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { assertGolden } from "../support/golden.ts";
import { mig, ROOT, type RunResult } from "../support/mig.ts";
import { project, type RevisionLiteral, type TestProject } from "../support/project.ts";

const USERS: RevisionLiteral = { message: "create users", up: "create table users (id integer);" };
const PHONE: RevisionLiteral = { message: "phone number", up: "alter table users add phone text;" };
const TAGS: RevisionLiteral = { message: "add tags", up: "create table tags ();", parent: "0000a001" };

const windows = Deno.build.os === "windows";

/** Appends to the files that it is given, and writes down how it was called. */
const EDITOR = `#!/bin/sh
echo "the editor speaks"
for word; do printf "%s\\n" "$word"; done > called
for file; do
  case $file in *.sql) echo "select 'edited';" >> "$file";; esac
done
`;

async function withEditor(files: TestProject): Promise<void> {
  await files.write("my editor/edit", EDITOR);
  await Deno.chmod(`${files.folder}/my editor/edit`, 0o755);
}

function run(
  files: TestProject,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<RunResult> {
  return mig(args, { cwd: files.folder, env });
}

/** The only file of this kind that a revision has. */
async function made(
  files: TestProject,
  id: string,
  file: string,
  folder = "migrations",
): Promise<string | null> {
  for await (const { name } of Deno.readDir(`${files.folder}/${folder}`)) {
    if (!name.includes(`_${id}`)) continue;
    return await Deno.readTextFile(`${files.folder}/${folder}/${name}/${file}`).catch(() => null);
  }
  throw new Error(`no revision ${id} in ${folder}`);
}

/** Writes SQL into a revision that `mig new` made. */
async function fill(files: TestProject, id: string, folder = "migrations"): Promise<void> {
  const [own] = [...Deno.readDirSync(`${files.folder}/${folder}`)].filter(({ name }) => name.includes(id));
  await files.write(`${folder}/${own!.name}/up.sql`, "select 1;\n");
}

/** Runs mig with SQL on its standard input. */
async function pipe(files: TestProject, args: readonly string[], input: string): Promise<RunResult> {
  await files.write("piped.sql", input);
  const command = `"${ROOT}dist/mig" ${args.join(" ")} < piped.sql`;
  const { code, stdout, stderr } = await new Deno.Command("sh", { args: ["-c", command], cwd: files.folder })
    .output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("mig new writes what it is told into meta.json, and finds revisions as other commands do", async () => {
  await using files = await project([USERS, PHONE]);
  const args = ["--id", "B1", "--parent", "BASE", "--branch-label", "billing", "--branch-label", "Money"];
  const branch = await run(files, ["new", "invoices", ...args, "--depends-on", "phone_number"]);
  assertEquals([branch.code, branch.stderr], [0, ""]);
  assertEquals(
    await made(files, "b1", "meta.json"),
    `{
  "id": "b1",
  "parent": null,
  "message": "invoices",
  "labels": ["billing", "money"],
  "depends_on": "0000a002"
}
`,
  );
  await run(files, ["new", "refunds", "--id", "b2", "--parent", "billing@head"]);
  await run(files, ["new", "all of it", "--id", "m1", "--parent", "0000a002", "--parent", "money@head"]);
  const parents = async (id: string) => JSON.parse((await made(files, id, "meta.json"))!).parent;
  assertEquals([await parents("b2"), await parents("m1")], ["b1", ["0000a002", "b2"]]);
  for (const id of ["b1", "b2", "m1"]) await fill(files, id);
  assertEquals((await run(files, ["up", "-q"])).code, 0);
});

Deno.test("mig new reports what it made, and what is next", async () => {
  await using files = await project([USERS, PHONE]);
  const args = ["new", "invoices", "--parent", "base", "--id", "b1", "--branch-label", "billing"];
  const needs = ["--depends-on", "phone_number", "--depends-on", "create_users"];
  const { stdout } = await run(files, [...args, ...needs]);
  await assertGolden("reports/new_branch.txt", stdout, [[/\d{8}T\d{4}/g, "<minute>"]]);
});

Deno.test("mig new takes the SQL from a file and from standard input, as it is", async () => {
  await using files = await project();
  await files.write("up.sql", "select '{{id}}'; -- ü\n");
  await run(files, ["new", "one", "--id", "x1", "--up", "up.sql"]);
  assertEquals([await made(files, "x1", "up.sql"), await made(files, "x1", "down.sql")], [
    "select '{{id}}'; -- ü\n",
    null,
  ]);
  const missing = await run(files, ["new", "two", "--up", "none.sql"]);
  assertEquals(missing.code, 1);
  if (windows) return;
  await pipe(files, ["new", "two", "--id", "x2", "--up", "up.sql", "--down", "-"], "select 2;\n");
  assertEquals(await made(files, "x2", "down.sql"), "select 2;\n");
  const empty = await pipe(files, ["new", "three", "--up", "-"], "\n");
  assertEquals([empty.code, (await run(files, ["heads", "--json"])).stdout.includes("three")], [1, false]);
});

Deno.test("mig new refuses what does not go together, and makes nothing", async () => {
  await using files = await project([USERS, PHONE]);
  const wrong = async (...args: string[]) => {
    const { code, stderr } = await run(files, ["new", "x", ...args], { EDITOR: "true" });
    return `${code} ${stderr.split("\n")[0]}`;
  };
  assertEquals(
    await wrong("--up", "-", "--down", "-"),
    "2 error: standard input cannot be both up.sql and down.sql",
  );
  assertEquals(
    await wrong("--up", "-", "--edit"),
    "2 error: --edit needs a terminal, and standard input is taken",
  );
  assertEquals(
    await wrong("--parent", "base", "--parent", "head"),
    "2 error: a revision that follows others is no base",
  );
  assertMatch(await wrong("--depends-on", "base"), /^2 error: nothing can depend on "base"/);
  assertMatch(await wrong("--parent", "nobody"), /^1 error: no revision is called "nobody"/);
  assertMatch(await wrong("--id", "0000A001"), /^1 error: the id "0000a001" is taken/);
  assertMatch(await wrong("--folder", "elsewhere"), /^2 error: "elsewhere" is not a migrations folder/);
  assertEquals((await Array.fromAsync(Deno.readDir(files.migrations))).length, 2);
});

Deno.test("mig new fills the project's templates in, and names folders as the project wants", async () => {
  await using files = await project([USERS]);
  await files.write("mig.json", '{ "templates": "sql", "folder_name": "{{slug}}_{{id}}" }');
  await files.write("sql/up.sql", "-- {{message}} ({{id}}) after {{parents}}\n");
  await files.write("sql/data/up.sql", "-- rows for {{message}}\n");
  await run(files, ["new", "add rows", "--id", "x1", "--template", "data"]);
  const { stdout } = await run(files, ["new", "add tags", "--id", "x2"]);
  assertStringIncludes(stdout, "made   migrations/add_tags_x2/up.sql\n");
  assertEquals(await made(files, "x1", "up.sql"), "-- rows for add rows\n");
  assertEquals(await made(files, "x2", "up.sql"), "-- add tags (x2) after x1\n");
  assertStringIncludes((await made(files, "x2", "down.sql"))!, "-- Write here");
});

Deno.test("mig works on several folders as on one, and makes revisions beside their parents", async () => {
  await using files = await project([USERS]);
  await files.write("mig.json", '{ "migrations": ["migrations", "plugins/billing"] }');
  await Deno.mkdir(`${files.folder}/plugins/billing`, { recursive: true });
  const args = ["--folder", "plugins/billing", "--parent", "head", "--branch-label", "billing"];
  await run(files, ["new", "invoices", "--id", "b1", ...args]);
  await run(files, ["new", "refunds", "--id", "b2"]);
  await run(files, ["new", "tags", "--id", "c1", "--parent", "create_users"]);
  await run(files, ["new", "all", "--id", "d1", "--parent", "heads"]);
  for (const id of ["b1", "b2"]) {
    assertEquals(typeof await made(files, id, "up.sql", "plugins/billing"), "string");
  }
  for (const id of ["c1", "d1"]) assertEquals(typeof await made(files, id, "up.sql"), "string");
  for (const [id, folder] of [["b1", "plugins/billing"], ["b2", "plugins/billing"], ["c1"], ["d1"]]) {
    await fill(files, id!, folder);
  }
  const up = await run(files, ["up"]);
  assertStringIncludes(up.stdout, 'Applied 5 revisions: the database is at d1 "all"');
  await files.write("inside/file", "");
  const below = await mig(["show", "b2"], { cwd: `${files.folder}/inside` });
  assertStringIncludes(below.stdout, "../plugins/billing/");
});

Deno.test({
  name: "mig new --edit opens both files in $VISUAL or $EDITOR, whose arguments count",
  ignore: windows,
  async fn() {
    await using files = await project();
    await withEditor(files);
    const env = { VISUAL: "'./my editor/edit' --wait -n", EDITOR: "false" };
    const result = await run(files, ["new", "users", "--id", "x1", "--edit", "--json"], env);
    // What the editor prints must not get into the answer.
    assertEquals([result.code, result.stderr], [0, "the editor speaks\n"]);
    const { path, toWrite } = JSON.parse(result.stdout).data;
    assertEquals(toWrite, []);
    const called = await Deno.readTextFile(`${files.folder}/called`);
    assertEquals(called, `--wait\n-n\n${path}/up.sql\n${path}/down.sql\n`);
    assertMatch((await made(files, "x1", "up.sql"))!, /^-- Write here.*select 'edited';\n$/s);
  },
});

Deno.test({
  name: "mig new --edit makes nothing without an editor, and keeps what it made when the editor fails",
  ignore: windows,
  async fn() {
    await using files = await project();
    const none = await run(files, ["new", "users", "--edit"], { EDITOR: " " });
    assertEquals([none.code, (await Array.fromAsync(Deno.readDir(files.migrations))).length], [2, 0]);
    await assertGolden("errors/no_editor.txt", none.stderr);
    const failed = await run(files, ["new", "users", "--id", "x1", "--edit"], { EDITOR: "sh -c 'exit 7'" });
    assertEquals(failed.code, 1);
    await assertGolden("errors/editor_failed.txt", failed.stderr, [[/\d{8}T\d{4}/g, "<minute>"]]);
    assertEquals(typeof await made(files, "x1", "up.sql"), "string");
    // A project must not choose a program to run.
    await files.write(".env", "EDITOR=true\n");
    assertEquals((await run(files, ["edit"])).code, 2);
    const missing = await run(files, ["edit"], { EDITOR: "no-such-editor" });
    assertStringIncludes(missing.stderr, "error: the editor was not found (EDITOR=no-such-editor)");
  },
});

Deno.test({
  name:
    "mig edit opens the revision that is named, counted from the database too, and tells what was changed",
  ignore: windows,
  async fn() {
    await using files = await project([USERS, PHONE, { ...TAGS, down: null, parent: "0000a002" }]);
    await withEditor(files);
    const env = { EDITOR: "'./my editor/edit'" };
    const folder = (index: number) => `migrations/20260101T000${index}_0000a00${index + 1}`;
    await run(files, ["up", "+1"]);
    const current = await run(files, ["edit", "current", "--json"], env);
    assertEquals(JSON.parse(current.stdout).data, {
      revisions: [{ id: "0000a001", message: "create users", path: folder(0) }],
      changed: [`${folder(0)}/up.sql`, `${folder(0)}/down.sql`],
    });
    const head = await run(files, ["edit", "head"], env);
    assertEquals(await Deno.readTextFile(`${files.folder}/called`), `${folder(2)}/up.sql\n`);
    await assertGolden("reports/edit.txt", head.stdout);
    const unchanged = await run(files, ["edit", "phone_number"], { EDITOR: "true" });
    assertEquals(unchanged.stdout, 'Nothing was changed in 0000a002 "phone number"\n');
    assertEquals((await run(files, ["edit", "base"], env)).code, 2);
  },
});

Deno.test("the errors of mig new where several heads are, and of a template", async () => {
  await using files = await project([USERS, PHONE, TAGS]);
  const heads = await run(files, ["new", 'the "new" one']);
  assertEquals(heads.code, 1);
  await assertGolden("errors/new_with_two_heads.txt", heads.stderr);
  await files.write("migrations/_templates/up.sql", "-- {{mesage}}\nselect 1; -- {{create_date}}\n");
  const template = await run(files, ["new", "x", "--parent", "add_tags"]);
  assertEquals(template.code, 1);
  await assertGolden("errors/template_with_unknown_placeholders.txt", template.stderr);
});
