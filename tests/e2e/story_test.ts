/** The repository's own migrations go up and down: on a server and embedded, from the executable and with Deno. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { copy } from "@std/fs";
import { freshDatabase } from "../support/database.ts";
import { mig, ROOT, type Runner } from "../support/mig.ts";

const STORY = ["91c07d5e", "3f9a1c2b", "c85e02d1", "6ab4f790", "e207b91f"];

for (const via of ["binary", "deno"] as const) {
  Deno.test(`the story goes up and down on a server, by ${via}`, async () => {
    await using database = await freshDatabase();
    const folder = await story();
    const empty = await database.schema();
    await walk(folder, via, { DATABASE_URL: database.url }, async () => {
      assertEquals(await database.applied(), STORY);
      await database.query(
        "insert into users (email, given_name, family_name, phone) values ('a@example.org', 'Ada', 'L', '030 901820')",
      )
        .catch(() => {});
    });
    assertEquals(await database.applied(), []);
    assertEquals(await database.schema(), empty);
    await Deno.remove(folder, { recursive: true });
  });

  Deno.test(`the story goes up and down embedded, by ${via}`, async () => {
    const folder = await story();
    await walk(folder, via, {}, () => Promise.resolve());
    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("two runs on one embedded database wait for each other", async () => {
  const folder = await story();
  const results = await Promise.all([1, 2, 3].map(() => mig(["up"], { cwd: folder })));
  for (const { code, stderr } of results) assertEquals(code, 0, stderr);
  assertEquals(results.filter(({ stdout }) => stdout.includes("Applied 5")).length, 1);
  await Deno.remove(folder, { recursive: true });
});

async function walk(
  folder: string,
  via: Runner,
  env: Readonly<Record<string, string>>,
  atHead: () => Promise<void>,
): Promise<void> {
  const run = async (...args: string[]) => {
    const result = await mig(args, { cwd: folder, env, via });
    assertEquals(result.code, 0, `mig ${args.join(" ")}: ${result.stderr}`);
    return result;
  };
  await run("up");
  await atHead();
  const { data } = JSON.parse((await run("status", "--json")).stdout);
  assertEquals([data.applied, data.pending, data.problems], [5, [], []]);
  for (let step = 1; step <= STORY.length; step++) {
    await run("down", "-1");
    await run("up", "+1");
    await run("down", "-1");
  }
  assertStringIncludes((await run("current")).stdout, "base");
  await run("up", "heads");
  await run("down", "base");
}

async function story(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "mig-story-" });
  await copy(`${ROOT}migrations`, `${folder}/migrations`);
  return folder;
}
