/** The commands that show the graph, on a project with branches, a merge and a chain of its own: golden files. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { freshDatabase } from "../support/database.ts";
import { assertGolden } from "../support/golden.ts";
import { mig } from "../support/mig.ts";
import { project, type TestProject } from "../support/project.ts";
import { asText, varying } from "../support/report.ts";

const REVISIONS: readonly Readonly<Record<string, unknown>>[] = [
  { id: "a1", parent: null, message: "create users" },
  { id: "b1", parent: "a1", message: "phone number", labels: "contact" },
  { id: "b2", parent: "b1", message: 'phone <b>"type"</b> & 100% `x` --> %%{init: {}}%%' },
  { id: "c1", parent: "a1", message: "add tags" },
  { id: "m1", parent: ["b2", "c1"], message: "merge b2 and c1" },
  { id: "d1", parent: "m1", message: "電話 \\N and more" },
  { id: "audit-1", parent: null, message: "audit log", labels: ["audit", "log"], depends_on: "b1" },
];

async function branched(): Promise<TestProject> {
  const files = await project();
  for (const [index, metadata] of REVISIONS.entries()) {
    const folder = `migrations/20260101T000${index}_${metadata.id}`;
    await files.write(`${folder}/meta.json`, JSON.stringify(metadata));
    await files.write(`${folder}/up.sql`, "select 1;\n");
    await files.write(`${folder}/down.sql`, "select 1;\n");
  }
  return files;
}

const REPORTS: readonly (readonly [name: string, args: readonly string[], code?: number])[] = [
  ["history", ["history"]],
  ["history in ascii", ["history", "--ascii"]],
  ["history verbose", ["history", "b1:", "-v", "-q"]],
  ["history of a range", ["history", "b1:m1"]],
  ["history up to current", ["history", "-1:current"]],
  ["history in alembic's way", ["history", "-r-1:current"]],
  ["history of nothing", ["history", "d1:c1"], 2],
  ["history without a database", ["history", ":b2", "--no-db"]],
  ["history counted without a database", ["history", ":current", "--no-db"], 2],
  ["history json", ["history", "audit@base:heads", "--json"]],
  ["heads", ["heads"]],
  ["branches", ["branches"]],
  ["branches json", ["branches", "--json"]],
  ["graph", ["graph"]],
  ["graph in mermaid", ["graph", "--format", "mermaid"]],
  ["graph in dot", ["graph", "--format", "dot"]],
  ["graph in svg", ["graph", "--format", "svg"]],
  ["graph in svg without a database", ["graph", "--format", "svg", "--no-db"]],
  ["graph in an unknown format", ["graph", "--format", "png"], 2],
];

for (const [name, args, code = 0] of REPORTS) {
  Deno.test(`a branched project: ${name}`, async () => {
    await using database = await freshDatabase();
    await using files = await branched();
    const options = { cwd: files.folder, env: { DATABASE_URL: database.url } };
    assertEquals((await mig(["up", "b2", "c1"], options)).code, 0);
    const result = await mig(args, options);
    assertEquals(result.code, code, result.stderr);
    // What stands behind a time is moved by the width of the user's name.
    const text = asText(args, result).replaceAll(/(UTC by \S+|pending) {2,}(?=\()/g, "$1  ")
      .replaceAll(/\s(width|height|viewBox)="[\d. ]+"/g, ' $1="…"');
    await assertGolden(`graph/${name.replaceAll(/[^a-z]+/g, "_")}.txt`, text, varying(files, database));
  });
}

Deno.test("mig graph --output writes the format that the file's name ends in, whole, and says so", async () => {
  await using files = await branched();
  const run = (...args: string[]) => mig(args, { cwd: files.folder });
  for (
    const [name, begin] of [["g.svg", "<svg "], ["g.dot", "digraph "], ["g.mmd", "flowchart "], [
      "sub/g.txt",
      "  ●",
    ]]
  ) {
    const { stdout, stderr, code } = await run("graph", "--no-db", "-o", name!);
    assertEquals([code, stderr], [0, ""]);
    assertMatch(stdout, /^made {3}\S+ {2}7 revisions as (svg|dot|mermaid|text)\n$/);
    const text = await Deno.readTextFile(`${files.folder}/${name}`);
    assert(text.startsWith(begin!), text);
  }
  assertEquals([...Deno.readDirSync(files.folder)].filter(({ name }) => name.endsWith(".tmp")), []);
});

Deno.test("mig graph draws without marks, and says why, where the database cannot be asked", async () => {
  await using files = await branched();
  const { code, stdout, stderr } = await mig(["graph", "--ascii"], {
    cwd: files.folder,
    env: { DATABASE_URL: "postgres://app@127.0.0.1:1/shop" },
  });
  assertEquals(code, 0);
  assertStringIncludes(stderr, "warning: what is applied is not marked: cannot connect");
  assert(!stdout.includes("pending"));
  const wrong = await mig(["graph"], { cwd: files.folder, env: { DATABASE_URL: "mysql://x" } });
  assertEquals(wrong.code, 2);
});

Deno.test("5,000 revisions with a thousand branches are drawn in a moment", async () => {
  await using files = await project();
  for (let i = 0; i < 5000; i++) {
    const id = `r${i}`;
    const parent = i === 0 ? null : `r${i % 5 === 0 ? Math.max(0, i - 7) : i - 1}`;
    const folder = `${files.migrations}/${String(i).padStart(5, "0")}_${id}`;
    await Deno.mkdir(folder);
    await Deno.writeTextFile(`${folder}/meta.json`, JSON.stringify({ id, parent, message: `change ${i}` }));
    await Deno.writeTextFile(`${folder}/up.sql`, "");
  }
  const started = performance.now();
  const { stdout } = await mig(["history", "--no-db"], { cwd: files.folder });
  assertEquals(stdout.match(/●/g)?.length, 5000);
  assertEquals((await mig(["graph", "--no-db", "-o", "g.svg"], { cwd: files.folder })).code, 0);
  const ms = performance.now() - started;
  assert(ms < 60_000, `it took ${ms} ms`);
});
