/** What the tools and the tests rely on in `@std/fs`: the package itself and its stand-in have to pass alike. */

import { assertEquals, assertRejects } from "@std/assert";
import { copy, emptyDir, ensureDir, exists, walk } from "@std/fs";

/** A temporary folder with `a.ts`, `in/b.ts`, `in/c.sql` and a link `in/link` to `c.sql`. */
async function tree(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await Deno.makeTempDir({ prefix: "mig-fs-" });
  await Deno.mkdir(`${path}/in`);
  await Deno.writeTextFile(`${path}/a.ts`, "a");
  await Deno.writeTextFile(`${path}/in/b.ts`, "b");
  await Deno.writeTextFile(`${path}/in/c.sql`, "c");
  await Deno.symlink("c.sql", `${path}/in/link`);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** The paths that walk() gives, below the folder. */
async function paths(folder: string, options?: Parameters<typeof walk>[1]): Promise<string[]> {
  const found = await Array.fromAsync(walk(folder, options), ({ path }) => path);
  return found.map((path) => path.slice(folder.length)).sort();
}

Deno.test("ensureDir() makes a folder and those above it, and is content with one that is there", async () => {
  await using dir = await tree();
  await ensureDir(`${dir.path}/x/y`);
  await ensureDir(`${dir.path}/x/y`);
  await ensureDir(new URL(`file://${dir.path}/x/z`));
  assertEquals([await exists(`${dir.path}/x/y`), await exists(`${dir.path}/x/z`)], [true, true]);
  await assertRejects(() => ensureDir(`${dir.path}/a.ts`), Error, "expected 'dir', got 'file'");
});

Deno.test("exists() follows links", async () => {
  await using dir = await tree();
  await Deno.symlink("nowhere", `${dir.path}/broken`);
  const found = ["", "/a.ts", "/in/link", "/broken", "/other"].map((path) => exists(dir.path + path));
  assertEquals(await Promise.all(found), [true, true, true, false, false]);
});

Deno.test("emptyDir() removes what is in a folder, or makes the folder", async () => {
  await using dir = await tree();
  await emptyDir(dir.path);
  assertEquals(await paths(dir.path), [""]);
  await emptyDir(`${dir.path}/x/y`);
  assertEquals(await paths(dir.path), ["", "/x", "/x/y"]);
});

Deno.test("walk() gives everything below a folder, and the folder", async () => {
  await using dir = await tree();
  assertEquals(await paths(dir.path), ["", "/a.ts", "/in", "/in/b.ts", "/in/c.sql", "/in/link"]);
  const options = { includeDirs: false, exts: [".ts", "sql"] };
  assertEquals(await paths(dir.path, options), ["/a.ts", "/in/b.ts", "/in/c.sql"]);
});

Deno.test("walk() gives entries with clean paths", async () => {
  await using dir = await tree();
  const entries = await Array.fromAsync(walk(`${dir.path}/./in/`, { exts: ["k", ".sql"] }));
  assertEquals(entries, [{
    path: `${dir.path}/in/c.sql`,
    name: "c.sql",
    isFile: true,
    isDirectory: false,
    isSymlink: false,
  }]);
  await assertRejects(() => paths(`${dir.path}/none`), Deno.errors.NotFound);
});

Deno.test("copy() copies a folder with its links, and a file", async () => {
  await using dir = await tree();
  await copy(`${dir.path}/in`, `${dir.path}/new/in`);
  assertEquals(await Deno.readTextFile(`${dir.path}/new/in/b.ts`), "b");
  assertEquals(await Deno.readLink(`${dir.path}/new/in/link`), "c.sql");
  await copy(`${dir.path}/a.ts`, `${dir.path}/new/a.ts`);
  assertEquals(await paths(`${dir.path}/new`), ["", "/a.ts", "/in", "/in/b.ts", "/in/c.sql", "/in/link"]);
});

Deno.test("copy() writes over files only when told to, and never over links", async () => {
  await using dir = await tree();
  await ensureDir(`${dir.path}/new`);
  await Deno.writeTextFile(`${dir.path}/new/b.ts`, "old");
  await assertRejects(() => copy(`${dir.path}/in`, `${dir.path}/new`), Deno.errors.AlreadyExists);
  await copy(`${dir.path}/in`, `${dir.path}/new`, { overwrite: true });
  assertEquals(await Deno.readTextFile(`${dir.path}/new/b.ts`), "b");
  await assertRejects(
    () => copy(`${dir.path}/in`, `${dir.path}/new`, { overwrite: true }),
    Deno.errors.AlreadyExists,
  );
});

Deno.test("copy() refuses what cannot be", async () => {
  await using dir = await tree();
  const { path } = dir;
  await assertRejects(() => copy(path, `${path}/.`), Error, "cannot be the same");
  await assertRejects(() => copy(path, `${path}/in/x`), Error, "to a subdirectory of itself");
  await assertRejects(() => copy(`${path}/in`, `${path}/a.ts`), Error, "Cannot overwrite non-directory");
  await assertRejects(() => copy(`${path}/none`, `${path}/x`), Deno.errors.NotFound);
});
