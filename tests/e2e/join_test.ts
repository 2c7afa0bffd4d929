/** What `mig merge` and `mig rebase` print, and how they refuse: golden files. */

import { assertEquals } from "@std/assert";
import { assertGolden } from "../support/golden.ts";
import { mig } from "../support/mig.ts";
import { project, type TestProject } from "../support/project.ts";

/** Two branches of a1, and an old merge below them. */
async function branched(): Promise<TestProject> {
  const files = await project([
    { id: "01", parent: null, message: "first", up: "select 1;" },
    { id: "02", parent: "01", message: "one side", up: "select 1;" },
    { id: "03", parent: "01", message: "other side", up: "select 1;" },
    { id: "a1", parent: ["02", "03"], message: "both", up: "select 1;" },
    { id: "b1", parent: "a1", message: "phone number", up: "select 1;" },
    { id: "b2", parent: "b1", message: "phone type", up: "select 1;" },
    { id: "c1", parent: "a1", message: "add tags", up: "select 1;" },
  ]);
  return files;
}

const NO_DB = "--no-db";
const CASES: readonly (readonly [name: string, args: readonly string[], code?: number])[] = [
  ["merge", ["merge", "--id", "d1"]],
  ["merge with a message", [
    "merge",
    "c1",
    "b2",
    "-m",
    "phones and tags",
    "--id",
    "d1",
    "--branch-label",
    "both",
  ]],
  ["merge json", ["merge", "--id", "d1", "--json"]],
  ["merge of one", ["merge", "b2"], 2],
  ["merge of what is no head", ["merge", "b1", "c1"], 2],
  ["merge of head", ["merge", "head"], 1],
  ["merge of a message", ["merge", "phones and tags"], 1],
  ["merge of a word", ["merge", "b2", "joined"], 1],
  ["rebase", ["rebase", "c1", "--onto", "head", NO_DB]],
  ["rebase json", ["rebase", "c1", "--onto", "b2", NO_DB, "--json"]],
  ["rebase again", ["rebase", "c1", "--onto", "a1", NO_DB]],
  ["rebase onto the base", ["rebase", "c1", "--onto", "base", NO_DB]],
  ["rebase of a merge", ["rebase", "a1", "--onto", "02", "--from", "03", NO_DB], 2],
  ["rebase of a merge without from", ["rebase", "a1", "--onto", "01", NO_DB], 1],
  ["rebase of a merge with from", ["rebase", "a1", "--onto", "01", "--from", "03", NO_DB]],
  ["rebase in a circle", ["rebase", "02", "--onto", "c1", NO_DB], 1],
  ["rebase without onto", ["rebase", "c1"], 2],
  ["rebase onto several", ["rebase", "01", "--onto", "heads", NO_DB], 2],
  ["rebase of base", ["rebase", "base", "--onto", "01", NO_DB], 2],
];

for (const [name, args, code = 0] of CASES) {
  Deno.test(`two heads: ${name}`, async () => {
    await using files = await branched();
    const result = await mig(args, { cwd: files.folder });
    assertEquals(result.code, code, result.stderr);
    const written = name === "merge" ? await newFiles(files) : "";
    await assertGolden(
      `join/${name.replaceAll(" ", "_")}.txt`,
      `$ mig ${
        args.join(" ")
      }\n--- standard error\n${result.stderr}--- standard output\n${result.stdout}${written}`,
      [[/\d{8}T\d{4}(?=_d1)/g, "<minute>"], [files.folder, "<folder>"]],
    );
    // Nothing that was refused has left a trace.
    if (code !== 0) assertEquals([...Deno.readDirSync(files.migrations)].length, 7);
  });
}

Deno.test("what mig merge makes is a revision that mig reads", async () => {
  await using files = await branched();
  await mig(["merge", "--id", "d1"], { cwd: files.folder });
  const { stdout, code } = await mig(["history", "b2:", "--no-db"], { cwd: files.folder });
  assertEquals([code, stdout], [0, "  d1  merge b2 and c1  (head)\n  b2  phone type\n"]);
});

async function newFiles(files: TestProject): Promise<string> {
  const folder = [...Deno.readDirSync(files.migrations)].find(({ name }) => name.includes("_d1"))!.name;
  const texts = await Promise.all(
    ["up.sql", "down.sql", "meta.json"].map(async (name) =>
      `--- ${name}\n${await Deno.readTextFile(`${files.migrations}/${folder}/${name}`)}`
    ),
  );
  return texts.join("");
}
