/** `mig down` where others need what goes: what is shown, what is asked, and what is done. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { assertGolden } from "../support/golden.ts";
import { mig, type RunResult } from "../support/mig.ts";
import { project, type RevisionLiteral, type TestProject } from "../support/project.ts";
import { asText, varying } from "../support/report.ts";

const table = (id: string, rest: Omit<RevisionLiteral, "up">): RevisionLiteral => ({
  id,
  message: `create ${id}`,
  up: `create table ${id} ();`,
  down: `drop table ${id};`,
  ...rest,
});

/** Two chains: the second one's end depends on the middle of the first, which also parts there. */
const CHAINS: readonly RevisionLiteral[] = [
  table("a1", { parent: null, labels: ["shop"] }),
  table("b1", { parent: "a1" }),
  table("c1", { parent: "b1" }),
  table("d1", { parent: "b1" }),
  table("x1", { parent: null, labels: ["audit"] }),
  table("x2", { parent: "x1", dependsOn: ["c1"] }),
  table("x3", { parent: "x2" }),
];

async function onChains(
  test: (
    run: (...args: string[]) => Promise<RunResult>,
    database: TestDatabase,
    files: TestProject,
  ) => Promise<void>,
): Promise<void> {
  await using database = await freshDatabase();
  await using files = await project(CHAINS);
  const run = (...args: string[]) => mig(args, { cwd: files.folder, env: { DATABASE_URL: database.url } });
  assertEquals((await run("up", "heads")).code, 0);
  await test(run, database, files);
}

for (
  const [name, args, code] of [
    ["a dry run tells why each revision goes", ["down", "a1", "--dry-run"], 0],
    ["a dry run of a branch that others need", ["down", "shop@b1", "-n"], 0],
    ["a dry run along one branch explains nothing", ["down", "audit@base", "-n"], 0],
    ["what depends on it is shown before it goes", ["down", "b1"], 2],
  ] as const
) {
  Deno.test(`mig down: ${name}`, async () => {
    await onChains(async (run, database, files) => {
      const result = await run(...args);
      assertEquals(result.code, code, result.stderr);
      await assertGolden(
        `down/${name.replaceAll(" ", "_")}.txt`,
        asText(args, result),
        varying(files, database),
      );
      assertEquals((await database.applied()).length, CHAINS.length);
    });
  });
}

Deno.test("mig down: a dry run tells what depends on the revision above it, also where the two are all that goes", async () => {
  await onChains(async (run) => {
    for (const spec of ["x2", "d1@-1"]) assertEquals((await run("down", spec)).code, 0);
    const { stdout } = await run("down", "shop@b1", "--dry-run");
    assertStringIncludes(stdout, "x2/down.sql  depends on c1");
    assertStringIncludes(stdout, "Would undo 2 revisions");
  });
});

Deno.test("mig down --yes undoes what depends on it too", async () => {
  await onChains(async (run, database) => {
    const { code, stderr } = await run("down", "b1", "--yes");
    assertEquals(code, 0, stderr);
    assertEquals(await database.applied(), ["a1", "b1", "x1"]);
  });
});

Deno.test("mig down does not ask where only what follows goes", async () => {
  await onChains(async (run, database) => {
    assertEquals((await run("down", "c1")).code, 0);
    assertEquals((await run("down", "audit@base")).code, 0);
    assertEquals((await run("down", "a1")).code, 0);
    assertEquals(await database.applied(), ["a1"]);
  });
});

Deno.test("mig down --json says of each step what had it go", async () => {
  await onChains(async (run) => {
    const { stdout } = await run("down", "b1", "--yes", "--json");
    const steps: { id: string; because: unknown }[] = JSON.parse(stdout).data.steps;
    assertEquals(Object.fromEntries(steps.map(({ id, because }) => [id, because])), {
      x3: { edge: "parent", id: "x2" },
      x2: { edge: "depends_on", id: "c1" },
      c1: { edge: "parent", id: "b1" },
      d1: { edge: "parent", id: "b1" },
    });
  });
});
