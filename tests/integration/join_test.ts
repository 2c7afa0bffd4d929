/** Two heads, and the two ways to one: a merge, or a rebase of what is not applied yet. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { idAt, type RevisionLiteral } from "../support/project.ts";
import { type Target, targetTests } from "../support/target.ts";

/** A base, and two revisions that follow it, from two pull requests. */
const FORK: readonly RevisionLiteral[] = [
  { message: "users", up: "create table users (id integer);", down: "drop table users;" },
  { message: "phone", up: "alter table users add phone text;", down: "alter table users drop phone;" },
  {
    message: "tags",
    parent: idAt(0),
    up: "alter table users add tags text;",
    down: "alter table users drop tags;",
  },
];
const [USERS, PHONE, TAGS] = [idAt(0), idAt(1), idAt(2)];

const on = targetTests();
const test = (name: string, hold: (target: Target) => Promise<void>) => on.test(name, FORK, hold);
const testOnBoth = (name: string, hold: (target: Target) => Promise<void>) => on.testOnBoth(name, FORK, hold);

async function ok(target: Target, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await target.run(...args);
  assertEquals(code, 0, `mig ${args.join(" ")}: ${stderr}`);
  return stdout + stderr;
}

testOnBoth("mig merge joins two heads, and its revision goes up and down like any other", async (target) => {
  const refused = await target.run("up");
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.stderr, "run `mig merge` to join them");
  const said = await ok(target, "merge");
  assertMatch(said, new RegExp(`revision [0-9a-f]{8} follows ${PHONE}, ${TAGS}\nnext: mig up\n`));
  const id = /revision ([0-9a-f]{8})/.exec(said)![1]!;
  await ok(target, "up");
  assertEquals((await target.applied()).sort(), [USERS, PHONE, TAGS, id].sort());
  assertStringIncludes(await ok(target, "check", "--ignore", "irreversible"), "All is well");
  assertStringIncludes(await ok(target, "show", id), "It needs no SQL");
  await ok(target, "down", "base");
  assertEquals(await target.applied(), []);
  assertStringIncludes(
    await ok(target, "merge"),
    `Nothing to merge: there is one head, ${id} "merge ${PHONE} and ${TAGS}"`,
  );
});

test("the rebase that mig up proposes makes one chain, which mig up applies", async (target) => {
  await ok(target, "up", PHONE);
  const { code, stderr } = await target.run("up");
  assertEquals(code, 1);
  const command = /`mig (rebase \S+ --onto \S+)`/.exec(stderr)![1]!;
  assertEquals(command, `rebase ${TAGS} --onto ${PHONE}`);
  assertStringIncludes(await ok(target, "status"), `mig ${command}`);
  const said = await ok(target, ...command.split(" "));
  assertStringIncludes(said, `meta.json: parent ${USERS} -> ${PHONE}\n`);
  assertStringIncludes(said, `the head is ${TAGS} "tags"\nnext: mig up\n`);
  await ok(target, "up");
  assertEquals(await target.applied(), [USERS, PHONE, TAGS]);
  assertStringIncludes(await ok(target, "check"), "All is well");
});

test("what is applied is not rebased, whichever is younger; the other branch is proposed and can be", async (target) => {
  await ok(target, "up", TAGS);
  const meta = `${target.files.migrations}/20260101T0002_${TAGS}/meta.json`;
  const before = await Deno.readTextFile(meta);
  const refused = await target.run("rebase", TAGS, "--onto", PHONE);
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.stderr, "it is applied in");
  assertEquals(await Deno.readTextFile(meta), before);
  assertStringIncludes(await ok(target, "status"), `mig rebase ${PHONE} --onto ${TAGS}`);
  await ok(target, "rebase", PHONE, "--onto", "head");
  await ok(target, "up");
  assertEquals(await target.applied(), [USERS, TAGS, PHONE]);
});

test("the hint of a refused rebase is right: undone, the revision can be rebased", async (target) => {
  await ok(target, "up", "heads");
  const { stderr } = await target.run("rebase", TAGS, "--onto", PHONE);
  const command = /`mig (down [^`]+)`/.exec(stderr)![1]!;
  await ok(target, ...command.split(" "));
  assertEquals((await target.applied()).sort(), [USERS, PHONE].sort());
  await ok(target, "rebase", TAGS, "--onto", PHONE);
});

test("--no-db rebases without asking, and says so; the file keeps its form", async (target) => {
  await ok(target, "up", TAGS);
  const meta = `migrations/20260101T0002_${TAGS}/meta.json`;
  const text =
    `\uFEFF{\r\n  "message" : "tags",\r\n\t"parent": "${USERS.toUpperCase()}",\r\n  "id": "${TAGS}" }`;
  await target.files.write(meta, text);
  const said = await ok(target, "rebase", TAGS, "--onto", PHONE, "--no-db");
  assertStringIncludes(
    said,
    `warning: no database was asked: where ${TAGS} is applied already, undo this change`,
  );
  const after = await Deno.readTextFile(`${target.files.folder}/${meta}`);
  // Deno's readTextFile() takes the byte order mark off.
  assertEquals(after.replace("\uFEFF", ""), text.replace("\uFEFF", "").replace(USERS.toUpperCase(), PHONE));
  const [mark] = await Deno.readFile(`${target.files.folder}/${meta}`);
  assertEquals(mark, 0xef);
  assert(!(await ok(target, "rebase", TAGS, "--onto", PHONE, "--no-db")).includes("changed"));
});
