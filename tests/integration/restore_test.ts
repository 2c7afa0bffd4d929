/** How `mig restore` calls the folders that it writes, and how it knows those that are here. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { freshDatabase } from "../support/database.ts";
import { mig } from "../support/mig.ts";
import { idAt, project, type RevisionLiteral, type TestProject } from "../support/project.ts";

const CHAIN: readonly RevisionLiteral[] = [
  { message: "users", up: "create table users ();\n", down: "drop table users;\n" },
  { message: "Größe", up: "create table sizes ();\n", down: "drop table sizes;\n" },
];

async function git(files: TestProject, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("git", {
    args,
    cwd: files.folder,
    env: {
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_AUTHOR_NAME: "a",
      GIT_AUTHOR_EMAIL: "a@example.org",
      GIT_COMMITTER_NAME: "c",
      GIT_COMMITTER_EMAIL: "c@example.org",
    },
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

async function commit(files: TestProject): Promise<void> {
  await git(files, "add", "migrations");
  await git(files, "commit", "-q", "-m", "work");
}

async function restored(files: TestProject, url: string, ...args: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await mig(["restore", "--json", ...args], {
    cwd: files.folder,
    env: { DATABASE_URL: url },
  });
  assertEquals(code, 0, stderr + stdout);
  return JSON.parse(stdout).data.revisions.map(({ path }: { path: string }) => path);
}

Deno.test("mig restore gives a folder the path that git knows, on another branch and after a renaming", async () => {
  await using database = await freshDatabase();
  await using files = await project(CHAIN);
  const env = { DATABASE_URL: database.url };
  assertEquals((await mig(["up"], { cwd: files.folder, env })).code, 0);
  await git(files, "init", "-q", "-b", "main");
  const [users, sizes] = [`migrations/20260101T0000_${idAt(0)}`, `migrations/20260101T0001_${idAt(1)}`];
  await git(files, "add", users);
  await git(files, "commit", "-q", "-m", "users");
  await git(files, "checkout", "-q", "-b", "other");
  await commit(files);
  // By hand, so that nothing in its name tells what it is.
  await git(files, "mv", sizes, "migrations/Größe, 2nd");
  await git(files, "commit", "-q", "-m", "renamed");
  await git(files, "checkout", "-q", "main");
  await Deno.remove(`${files.folder}/${users}`, { recursive: true });
  // As git leaves it where something stood in the way.
  await Deno.mkdir(`${files.folder}/${users}`);

  assertEquals(await restored(files, database.url), [users, "migrations/Größe, 2nd"]);
  assertEquals(await git(files, "status", "--porcelain", "--", users), "");
  assertEquals((await mig(["check"], { cwd: files.folder, env })).code, 0);
});

Deno.test("mig restore overwrites nothing that stands at the path that git knows", async () => {
  await using database = await freshDatabase();
  await using files = await project(CHAIN);
  assertEquals((await mig(["up"], { cwd: files.folder, env: { DATABASE_URL: database.url } })).code, 0);
  await git(files, "init", "-q");
  await commit(files);
  const sizes = `migrations/20260101T0001_${idAt(1)}`;
  await Deno.remove(`${files.folder}/${sizes}`, { recursive: true });
  await files.write(`${sizes}/notes.md`, "mine\n");
  const [path] = await restored(files, database.url);
  assertMatch(path!, /^migrations\/\d{8}T\d{4}_0000a002_grosse$/);
  assertEquals([...Deno.readDirSync(`${files.folder}/${sizes}`)].map(({ name }) => name), ["notes.md"]);
});

Deno.test("mig restore names a folder by the time at which it was applied where git knows nothing of it", async () => {
  await using database = await freshDatabase();
  await using files = await project(CHAIN);
  assertEquals((await mig(["up"], { cwd: files.folder, env: { DATABASE_URL: database.url } })).code, 0);
  const minute = await database.text(
    `select to_char(applied_at at time zone 'UTC', 'YYYYMMDD"T"HH24MI') from mig_version where seq = 2`,
  );
  await Deno.remove(`${files.migrations}/20260101T0001_${idAt(1)}`, { recursive: true });
  assertEquals(await restored(files, database.url), [`migrations/${minute}_0000a002_grosse`]);
  const { stdout } = await mig(["restore"], { cwd: files.folder, env: { DATABASE_URL: database.url } });
  assertStringIncludes(stdout, "Nothing to do");
});

Deno.test("mig restore writes the meta.json that a folder has lost, and leaves its SQL as it is", async () => {
  await using database = await freshDatabase();
  await using files = await project([CHAIN[0]!, { ...CHAIN[1]!, labels: ["sizes"] }]);
  const run = (...args: string[]) => mig(args, { cwd: files.folder, env: { DATABASE_URL: database.url } });
  assertEquals((await run("up")).code, 0);
  const [users, sizes] = [`migrations/20260101T0000_${idAt(0)}`, `migrations/20260101T0001_${idAt(1)}`];
  const metadata = `${files.folder}/${sizes}/meta.json`;
  const before = JSON.parse(await Deno.readTextFile(metadata));
  for (const folder of [users, sizes]) await Deno.remove(`${files.folder}/${folder}/meta.json`);
  await Deno.remove(`${files.folder}/${users}/up.sql`);
  await files.write(`${sizes}/up.sql`, "-- mine\n");
  assertStringIncludes((await run("status")).stderr, "`mig restore` writes it from the database");

  const { stdout } = await run("restore");
  assertEquals(stdout.split("\n").map((line) => line.split(" ").filter(Boolean)[1]), [
    users,
    `${sizes}/meta.json`,
    "2",
    undefined,
  ]);
  assertEquals(JSON.parse(await Deno.readTextFile(metadata)), { ...before, labels: "sizes" });
  assertEquals(await Deno.readTextFile(`${files.folder}/${sizes}/up.sql`), "-- mine\n");
  assertEquals(await Deno.readTextFile(`${files.folder}/${users}/up.sql`), CHAIN[0]!.up);
  assertMatch((await run("status")).stdout, /applied +2 of 2[^]*^edited: 0000a002/m);
});

Deno.test("mig restore knows a folder without meta.json by its path in git, and refuses one that nobody knows", async () => {
  await using database = await freshDatabase();
  await using files = await project(CHAIN);
  assertEquals((await mig(["up"], { cwd: files.folder, env: { DATABASE_URL: database.url } })).code, 0);
  await Deno.rename(`${files.migrations}/20260101T0001_${idAt(1)}`, `${files.migrations}/sizes`);
  await Deno.remove(`${files.migrations}/sizes/meta.json`);
  const { code, stderr } = await mig(["restore"], { cwd: files.folder, env: { DATABASE_URL: database.url } });
  assertEquals(code, 1);
  assertStringIncludes(
    stderr,
    'the folder "migrations/sizes" has no meta.json, and nothing tells which revision',
  );
  await files.write(
    "migrations/sizes/meta.json",
    JSON.stringify({ id: idAt(1), parent: idAt(0), message: "s" }),
  );
  await git(files, "init", "-q");
  await commit(files);
  await Deno.remove(`${files.migrations}/sizes/meta.json`);
  assertEquals(await restored(files, database.url), ["migrations/sizes"]);
  // The message is another one since then, which the database does not know.
  assertEquals(
    JSON.parse(await Deno.readTextFile(`${files.migrations}/sizes/meta.json`)).message,
    CHAIN[1]!.message,
  );
});

Deno.test("mig restore fills a folder that was emptied, and says how one that is lost altogether is made", async () => {
  await using database = await freshDatabase();
  await using files = await project([]);
  const env = { DATABASE_URL: database.url };
  const run = (...args: string[]) => mig(args, { cwd: files.folder, env });
  await files.write("users.sql", CHAIN[0]!.up!);
  const made = JSON.parse((await run("new", "users", "--up", "users.sql", "--json")).stdout).data;
  assertEquals((await run("up")).code, 0);
  for (const name of ["up.sql", "down.sql", "meta.json"]) {
    await Deno.remove(`${files.folder}/${made.path}/${name}`).catch(() => {});
  }
  const [path] = await restored(files, database.url);
  assertEquals(path, made.path);
  assertStringIncludes((await run("status")).stdout, "1 of 1");
  await Deno.remove(files.migrations, { recursive: true });
  const { code, stderr } = await run("restore");
  assertEquals(code, 1);
  assertStringIncludes(stderr, "make it empty and `mig restore` writes what a database has");
});
