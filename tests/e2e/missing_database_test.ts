/** An embedded database that is not there: only what applies something makes it. */

import { existsSync } from "node:fs";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { mig } from "../support/mig.ts";
import { project } from "../support/project.ts";

Deno.test("a mistyped path makes no database, and no answer sounds as if it were that of the real one", async () => {
  await using files = await project([{ up: "create table t (a integer);", down: "drop table t;" }]);
  const options = { cwd: files.folder };
  const run = (...args: string[]) => mig([...args, "--database", "pglite:mistyped"], options);
  const notes = await Promise.all(["status", "current", "check", "history"].map((verb) => run(verb)));
  for (const { stderr } of notes) assertStringIncludes(stderr, "pglite:mistyped is not there yet");
  assertEquals(notes.map(({ code }) => code), [0, 0, 3, 0]);
  assertStringIncludes(notes[0]!.stdout, "pglite:mistyped, not there yet (PostgreSQL");
  const refusals = await Promise.all([
    run("drift"),
    run("diff"),
    run("dump"),
    run("restore"),
    mig(["new", "x", "--auto", "--from-db", "pglite:mistyped"], options),
    mig(["diff", "head", "pglite:mistyped"], options),
  ]);
  for (const { code, stderr } of refusals) {
    assertEquals(code, 1, stderr);
    assertStringIncludes(stderr, 'there is no embedded database in "mistyped"');
  }
  assertEquals((await run("up", "--dry-run")).code, 0);
  assertEquals(existsSync(`${files.folder}/mistyped`), false);
});

Deno.test("what applies a revision makes it", async () => {
  await using files = await project([{ up: "create table t (a integer);", down: "drop table t;" }]);
  const run = (...args: string[]) => mig([...args, "--database", "pglite:new"], { cwd: files.folder });
  const up = await run("up");
  assertEquals(up.code, 0);
  assertStringIncludes(up.stderr, "pglite:new is not there yet: making it");
  const { code, stdout, stderr } = await run("drift");
  assertEquals([code, stderr.includes("not there")], [0, false]);
  assertStringIncludes(stdout, "No drift");
});
