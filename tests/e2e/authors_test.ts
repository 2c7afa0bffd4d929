/** Two heads, and git knows whose they are. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { mig } from "../support/mig.ts";
import { project, type TestProject } from "../support/project.ts";

const MEMORY = { DATABASE_URL: "pglite::memory:" };

/** Two branches by two people, and a third one that is not committed. */
async function team(): Promise<TestProject> {
  const files = await project([{ message: "create users", up: "create table users ();" }]);
  await git(files, "init", "-q", "-b", "main");
  await commit(files, "Grace Hopper");
  const base = "0000a001";
  await files.add({ message: "add tags", parent: base, up: "create table tags ();" }, 1);
  await commit(files, "Ada Lovelace");
  await files.add({ message: "phone number", parent: base, up: "create table phones ();" }, 2);
  await commit(files, "Alan\u001b[31m Turing");
  await files.add({ message: "billing", parent: base, up: "create table bills ();" }, 3);
  return files;
}

async function commit(files: TestProject, author: string): Promise<void> {
  await git(files, "add", ".");
  await git(files, "commit", "-q", "-m", "work", `--author=${author} <a@example.org>`);
}

async function git(files: TestProject, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("git", {
    args,
    cwd: files.folder,
    env: {
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_AUTHOR_DATE: "2026-11-22T12:00:00Z",
      GIT_COMMITTER_NAME: "c",
      GIT_COMMITTER_EMAIL: "c@example.org",
    },
  }).output();
  assert(success, new TextDecoder().decode(stderr));
}

Deno.test("the error for several heads names each with its message and its author, and the command that joins them", async () => {
  await using files = await team();
  for (const args of [["up"], ["new", "more"], ["merge", "head"]]) {
    const { code, stderr } = await mig(args, { cwd: files.folder, env: MEMORY });
    assertEquals(code, 1);
    assertStringIncludes(stderr, "0000a002/meta.json:1:7  add tags, by Ada Lovelace on 2026-11-22\n");
    // An author's name is not mig's own text: it cannot colour the terminal.
    assertStringIncludes(stderr, "phone number, by Alan\\u{1b}[31m Turing on 2026-11-22\n");
    assertStringIncludes(stderr, "billing, not committed yet\n");
    assertStringIncludes(stderr, "hint: run `mig merge` to join");
  }
});

Deno.test("programs get the authors of several heads too", async () => {
  await using files = await team();
  const { stdout } = await mig(["up", "--json"], { cwd: files.folder, env: MEMORY });
  assertEquals(JSON.parse(stdout).error.data.authors, [
    { id: "0000a002", name: "Ada Lovelace", date: "2026-11-22" },
    { id: "0000a003", name: "Alan\u001b[31m Turing", date: "2026-11-22" },
    { id: "0000a004", name: null, date: null },
  ]);
});

Deno.test("`mig check` names the authors of several heads", async () => {
  await using files = await team();
  const { code, stdout } = await mig(["check", "--no-db"], { cwd: files.folder });
  assertEquals(code, 3);
  assertStringIncludes(
    stdout,
    '0000a002 "add tags" by Ada Lovelace on 2026-11-22, 0000a003 "phone number" by',
  );
});

Deno.test("nobody is named where a shallow clone does not tell who wrote what", async () => {
  await using files = await team();
  await git(files, "clone", "-q", "--depth=1", `file://${files.folder}`, "shallow");
  const { stderr } = await mig(["up"], { cwd: `${files.folder}/shallow`, env: MEMORY });
  assertStringIncludes(stderr, "meta.json:1:7  add tags\n");
  assert(!stderr.includes("Turing"), stderr);
});

Deno.test("without git the error for several heads is as before", async () => {
  await using files = await team();
  const { code, stderr } = await mig(["up"], { cwd: files.folder, env: { ...MEMORY, PATH: "/nonexistent" } });
  assertEquals(code, 1);
  assertStringIncludes(stderr, "meta.json:1:7  add tags\n");
});
