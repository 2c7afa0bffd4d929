import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RevisionGraph } from "../../../src/revision/graph.ts";
import { withChanges } from "../../../src/revision/revision.ts";
import { readChain } from "../../../src/storage/chain.ts";
import { openFolder } from "../../../src/storage/texts.ts";
import { faultOf, TestFolder } from "./folders.ts";

/** Making a link on Windows takes a privilege. */
const LINKS = { ignore: Deno.build.os === "windows" };

const ids = async (...folders: string[]) => (await readChain(folders)).map(({ id }) => id);

Deno.test("readChain() reads what meta.json says, whatever the folder is called", async () => {
  using folder = new TestFolder();
  folder.revision("second", "b", "a").revision("first", "a").write({ "second/note.txt": "x" });
  const [first, second] = await readChain(folder.path);
  assertEquals(withChanges(first!, {}), {
    id: "a",
    parents: [],
    dependsOn: [],
    labels: [],
    message: "make a",
    path: `${folder.path}/first`,
    reversible: true,
    metadata: '{"id":"a","parent":null,"message":"make a"}',
  });
  assertEquals(second!.parents, ["a"]);
});

Deno.test("readChain() reads the repository's own migrations", async () => {
  const graph = new RevisionGraph(
    await readChain(fileURLToPath(new URL("../../../migrations/", import.meta.url))),
  );
  assertEquals(graph.order.map(({ message }) => message), [
    "create users",
    "phone number",
    "index phone numbers",
    "touch updated_at",
    "fill in display names",
  ]);
  assertEquals(graph.order.every(({ reversible }) => reversible), true);
});

Deno.test("readChain() takes a revision without down.sql for irreversible", async () => {
  using folder = new TestFolder();
  folder.write({ "a/meta.json": '{"id":"a","parent":null,"message":""}', "a/up.sql": "" });
  assertEquals((await readChain(folder.path))[0]!.reversible, false);
});

Deno.test("readChain() leaves out files, dot and underscore folders, and folders that git left behind", async () => {
  using folder = new TestFolder();
  folder.revision("one", "a").write({
    "README.md": "hello",
    ".git/up.sql": "",
    "_templates/up.sql": "",
    ".new_3f9a/meta.json": "{",
    "left/.DS_Store": "",
  });
  mkdirSync(join(folder.path, "empty"));
  assertEquals(await ids(folder.path), ["a"]);
});

Deno.test("readChain() reads several folders, with or without a slash at the end", async () => {
  using folder = new TestFolder();
  folder.revision("core/x", "a").revision("shop/y", "b", "a");
  assertEquals(await ids(`${folder.path}/core/`, `${folder.path}/shop`), ["a", "b"]);
  assertEquals((await readChain(`${folder.path}/core/`))[0]!.path, `${folder.path}/core/x`);
});

Deno.test("readChain() says how to start where there is no migrations folder", async () => {
  using folder = new TestFolder().write({ "file": "" });
  const missing = await faultOf(() => readChain(`${folder.path}/migrations`));
  assertEquals(missing.code, "folder-missing");
  assertEquals(folder.short(missing.message), 'the migrations folder "$/migrations" does not exist');
  assertStringIncludes(missing.hints[0]!, "mig init");
  assertEquals((await faultOf(() => readChain(`${folder.path}/file`))).code, "folder-missing");
});

Deno.test("readChain() reports every broken folder at once", async () => {
  using folder = new TestFolder();
  folder.revision("fine", "f").write({
    "a/up.sql": "",
    "b/meta.json": '{"id":"b","parent":null,"mesage":""}',
    "c/meta.json": '{\n  "id": "c",\n  "parent": nil\n}',
    "c/up.sql": "",
    "d/meta.json": "x".repeat(70_000),
    "e/meta.json": new Uint8Array([0x7b, 0xff, 0x7d]),
  });
  const error = await faultOf(() => readChain(folder.path));
  assertEquals(folder.short(error.message), 'cannot read the revisions in "$": 5 faults');
  assertEquals(error.errors.map(({ message }) => folder.short(message)), [
    'the folder "$/a" has no meta.json',
    'cannot read "$/b/meta.json": 2 faults',
    'cannot read "$/c/meta.json": 2 faults',
    "meta.json is larger than 64 KiB",
    "meta.json is not UTF-8",
  ]);
  const { path, line, column } = error.errors[2]!.locations[0]!;
  assertEquals([folder.short(path), line, column], ["$/c/meta.json", 3, 13]);
});

Deno.test("readChain() follows links inside, as Kubernetes mounts a ConfigMap", LINKS, async () => {
  using folder = new TestFolder();
  folder.revision("..2026_11_22/one", "a");
  symlinkSync("..2026_11_22", join(folder.path, "..data"));
  symlinkSync("..data/one", join(folder.path, "one"));
  folder.write({ "two/meta.json": '{"id":"b","parent":"a","message":""}' });
  symlinkSync("../..data/one/up.sql", join(folder.path, "two/up.sql"));
  assertEquals(await ids(folder.path), ["a", "b"]);
});

Deno.test("readChain() follows a link to the migrations folder itself", LINKS, async () => {
  using folder = new TestFolder();
  folder.revision("real/one", "a");
  symlinkSync("real", join(folder.path, "migrations"));
  assertEquals(await ids(`${folder.path}/migrations`), ["a"]);
});

Deno.test(
  "readChain() refuses links that lead out of the folder, nowhere, or in a circle",
  LINKS,
  async () => {
    using outside = new TestFolder();
    outside.revision("other", "z").write({ "secret": "password" });
    const refusal = async (name: string, target: string) => {
      using folder = new TestFolder().write({ "one/meta.json": '{"id":"a","parent":null,"message":""}' });
      symlinkSync(target, join(folder.path, name));
      // What a command needs of the files it asks for after the chain.
      const error = await faultOf(async () => {
        for (const revision of await readChain(folder.path)) {
          openFolder(folder.path).read(revision, "up");
          assert(!revision.reversible);
        }
      });
      return folder.short(error.message).replaceAll(outside.path, "OUT");
    };
    outside.revision("migrations-of-others/one", "y").revision("migrations/two", "b");
    symlinkSync("../migrations-of-others/one", join(outside.path, "migrations/one"));
    assertEquals((await faultOf(() => readChain(`${outside.path}/migrations`))).code, "file-failed");
    assertEquals(
      await refusal("one/up.sql", `${outside.path}/secret`),
      'the link "$/one/up.sql" leads out of the migrations folder, to "OUT/secret"',
    );
    assertEquals(
      await refusal("two", `${outside.path}/other`),
      'the link "$/two" leads out of the migrations folder, to "OUT/other"',
    );
    assertEquals(await refusal("two", "gone"), 'the link "$/two" leads nowhere');
    assertEquals(
      await refusal("one/down.sql", `${outside.path}/secret`),
      'the revision "a" has no up.sql',
    );
    assertEquals(await refusal("one/up.sql", "gone"), 'cannot read "$/one/up.sql": it is not there');
    assertEquals(
      await refusal("one/up.sql", "up.sql"),
      'cannot read "$/one/up.sql": its links lead in a circle',
    );
  },
);

Deno.test("readChain() refuses a folder in place of a file", async () => {
  using folder = new TestFolder();
  folder.write({
    "a/meta.json": '{"id":"a","parent":null,"message":""}',
    "a/up.sql/x": "",
    "a/down.sql/x": "",
  });
  const [revision] = await readChain(folder.path);
  const message = async (read: () => unknown) => folder.short((await faultOf(read)).message);
  assertEquals(
    await message(() => openFolder(folder.path).read(revision!, "up")),
    '"$/a/up.sql" is not a file',
  );
  assertEquals(await message(() => revision!.reversible), '"$/a/down.sql" is not a file');
  folder.write({ "b/meta.json/x": "" });
  assertEquals(await message(() => readChain(folder.path)), '"$/b/meta.json" is not a file');
});
