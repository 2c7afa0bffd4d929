/** What people type who come from Alembic: each word of it works, or says what mig has in its place. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { mig } from "../support/mig.ts";
import { project, type TestProject } from "../support/project.ts";

const REVISIONS = [
  { id: "ae1", parent: null, message: "users", up: "create table users ();", down: "drop table users;" },
  { id: "ae2", message: "tags", parent: "ae1", up: "create table tags ();", down: "drop table tags;" },
];

/** Command lines that work, one after the other in one project, with a part of what they print. */
const WORK: readonly (readonly [line: string, code: number, prints: string])[] = [
  ["current -c", 3, "not at every head"],
  ["current --check-heads", 3, "base: no revision is applied"],
  ["upgrade ae1", 0, "at ae1"],
  ["current --check-heads", 3, "not at every head"],
  ["upgrade +1", 0, "at ae2"],
  ["current -c", 0, "(head)"],
  ["current -v", 0, "parent   ae1"],
  ["current --verbose", 0, "migrations/20260101T0001_ae2"],
  ["heads -v", 0, "ae2"],
  ["branches -v", 0, "no branches"],
  ["history -r ae1:ae2 -v", 0, "parent  ae1"],
  ["history --rev-range=-1:current", 0, "ae2"],
  ["history -r :head", 0, "ae1"],
  ["downgrade -1", 0, "at ae1"],
  ["stamp --purge head", 0, "ae2"],
  ["upgrade ae1:head --sql", 0, "create table tags"],
  ["downgrade head:ae1 --sql", 0, "drop table tags"],
  ["revision -m third --rev-id=ae3", 0, "ae3"],
  ["revision -m beside --rev-id ae4 --head ae2 --branch-label side", 0, "ae4"],
  ["revision -m folder --rev-id ae5 --head side@head --version-path migrations --depends-on ae3", 0, "ae5"],
  ["merge heads -m both --rev-id ae6", 0, "ae6"],
  ["show head", 0, "both"],
];

/** Command lines that do not, with the hint. */
const HINTS: readonly (readonly [line: string, hint: string])[] = [
  ["revision -m x --head ae1 --splice", "leave it out: --parent takes any revision"],
  ["revision -m x --sql", "no database is asked"],
  ["merge ae1 ae2 --splice", "--parent <revision> --parent <revision>"],
  ["upgrade head --tag x", "hooks"],
  ["stamp head --sql", "mig up --sql"],
  ["history -i", "always marked"],
  ["history --indicate-current", "always marked"],
  ["heads --resolve-dependencies", "mig graph"],
  ["ensure_version", "`mig stamp current`"],
  ["list_templates", "migrations/_templates"],
  ["-c alembic.ini upgrade head", "mig.json"],
  ["--config=alembic.ini upgrade head", "mig.json"],
  ["-x tenant=a upgrade head", "${VAR}"],
  ["--name other upgrade head", "mig --env NAME"],
  ["--raiseerr upgrade head", "--verbose"],
];

const run = (files: TestProject, line: string) => mig(line.split(" "), { cwd: files.folder });

Deno.test("what people type who come from Alembic works", async () => {
  await using files = await project(REVISIONS);
  for (const [line, code, prints] of WORK) {
    const result = await run(files, line);
    assertEquals(result.code, code, `mig ${line}: ${result.stderr}`);
    assertStringIncludes(result.stdout, prints, `mig ${line}`);
  }
});

for (const [line, hint] of HINTS) {
  Deno.test(`\`mig ${line}\` says what mig has in its place`, async () => {
    await using files = await project(REVISIONS);
    const { code, stderr } = await run(files, line);
    assertEquals(code, 2, stderr);
    const hints = stderr.split("\n").filter((text) => text.startsWith("hint:"));
    assert(hints.some((text) => text.includes(hint)), stderr);
  });
}

Deno.test("the version table can be made alone, as by ensure_version", async () => {
  await using files = await project(REVISIONS);
  assertStringIncludes((await run(files, "stamp current")).stdout, "mig_version");
  assertStringIncludes(
    (await run(files, "status --json")).stdout,
    '"table": "\\"public\\".\\"mig_version\\""',
  );
});
