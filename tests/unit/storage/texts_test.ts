import { assertEquals } from "@std/assert";
import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { readChain } from "../../../src/storage/chain.ts";
import { openFolder } from "../../../src/storage/texts.ts";
import { faultOf, TestFolder } from "./folders.ts";

Deno.test("openFolder() reads the SQL of a revision when it is asked for", async () => {
  using folder = new TestFolder().revision("one", "a");
  const [revision] = await readChain(folder.path);
  const texts = openFolder(folder.path);
  assertEquals(texts.read(revision!, "up"), "create table a ();\n");
  assertEquals(texts.read(revision!, "down"), "drop table a;\n");
  assertEquals(texts.pathOf(revision!, "down"), `${folder.path}/one/down.sql`);
});

Deno.test("openFolder() gives null for a down.sql that is not there", async () => {
  using folder = new TestFolder().revision("one", "a");
  const [revision] = await readChain(folder.path);
  rmSync(join(folder.path, "one/down.sql"));
  assertEquals(openFolder(folder.path).read(revision!, "down"), null);
});

Deno.test("openFolder() names the file that is gone, or not UTF-8", async () => {
  using folder = new TestFolder().revision("one", "a");
  const [revision] = await readChain(folder.path);
  folder.write({ "one/up.sql": new Uint8Array([0x2d, 0x2d, 0xe9, 0x0a]) });
  assertEquals((await faultOf(() => openFolder(folder.path).read(revision!, "up"))).code, "sql-unreadable");
  rmSync(join(folder.path, "one/up.sql"));
  const gone = await faultOf(() => openFolder(folder.path).read(revision!, "up"));
  assertEquals([gone.code, folder.short(gone.message)], [
    "file-failed",
    'the revision "a" has no up.sql',
  ]);
});

Deno.test("openFolder() refuses a file that became a link out of the folder", {
  // Making a link on Windows takes a privilege.
  ignore: Deno.build.os === "windows",
}, async () => {
  using outside = new TestFolder().write({ secret: "select 'password';" });
  using folder = new TestFolder().revision("one", "a");
  const [revision] = await readChain(folder.path);
  rmSync(join(folder.path, "one/up.sql"));
  symlinkSync(join(outside.path, "secret"), join(folder.path, "one/up.sql"));
  assertEquals((await faultOf(() => openFolder(folder.path).read(revision!, "up"))).code, "file-failed");
});

Deno.test("openFolder() says how to start where there is no migrations folder", async () => {
  using folder = new TestFolder();
  assertEquals((await faultOf(() => openFolder(`${folder.path}/none`))).code, "folder-missing");
});
