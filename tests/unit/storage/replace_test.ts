/** A file is replaced whole or not at all. */

import { assert, assertEquals } from "@std/assert";
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { replaceFile, saveText } from "../../../src/storage/replace.ts";
import { faultOf, TestFolder } from "./folders.ts";

const POSIX = Deno.build.os !== "windows";

Deno.test("replaceFile() writes a new file, with the folders that it needs, and leaves nothing else behind", () => {
  using folder = new TestFolder();
  replaceFile(`${folder.path}/a/b/c.txt`, "text é\n");
  assertEquals(readFileSync(`${folder.path}/a/b/c.txt`, "utf8"), "text é\n");
  assertEquals(readdirSync(`${folder.path}/a/b`), ["c.txt"]);
});

Deno.test({
  name: "replaceFile() keeps permissions, and a link stays a link",
  ignore: !POSIX,
  fn() {
    using folder = new TestFolder().write({ "real/meta.json": "old" });
    chmodSync(`${folder.path}/real/meta.json`, 0o640);
    symlinkSync("real/meta.json", `${folder.path}/link.json`);
    replaceFile(`${folder.path}/link.json`, "new");
    assert(lstatSync(`${folder.path}/link.json`).isSymbolicLink());
    assertEquals(readFileSync(`${folder.path}/real/meta.json`, "utf8"), "new");
    assertEquals(statSync(`${folder.path}/real/meta.json`).mode & 0o777, 0o640);
    assertEquals(readdirSync(`${folder.path}/real`), ["meta.json"]);
  },
});

Deno.test({
  name: "saveText() writes to what is no file, such as a pipe, and leaves it where it is",
  ignore: !POSIX,
  async fn() {
    using folder = new TestFolder();
    const path = `${folder.path}/pipe`;
    assert((await new Deno.Command("mkfifo", { args: [path] }).output()).success);
    const reader = new Deno.Command("cat", { args: [path], stdout: "piped" }).spawn();
    saveText(path, "text\n");
    const isPipe = lstatSync(path).isFIFO();
    if (!isPipe) reader.kill();
    assertEquals(new TextDecoder().decode((await reader.output()).stdout), "text\n");
    assert(isPipe);
    assertEquals(readdirSync(folder.path), ["pipe"]);
  },
});

Deno.test("saveText() overwrites what begins as it should, and nothing of anybody's own", async () => {
  using folder = new TestFolder().write({
    "ours.sql": "-- ours. 1",
    "mine.sql": "create table t ();",
    "empty.sql": "",
  });
  for (const name of ["ours.sql", "empty.sql", "new.sql"]) {
    assert(saveText(`${folder.path}/${name}`, "-- ours. 2", "-- ours."));
    assertEquals(readFileSync(`${folder.path}/${name}`, "utf8"), "-- ours. 2");
  }
  const error = await faultOf(() => saveText(`${folder.path}/mine.sql`, "-- ours. 2", "-- ours."));
  assertEquals(error.code, "already-exists");
  assertEquals(readFileSync(`${folder.path}/mine.sql`, "utf8"), "create table t ();");
});

Deno.test("replaceFile() leaves a file alone that holds something else than what was read", async () => {
  using folder = new TestFolder().write({ "meta.json": "somebody else's" });
  const error = await faultOf(() => replaceFile(`${folder.path}/meta.json`, "new", "old"));
  assertEquals(error.code, "file-failed");
  assertEquals(folder.short(error.message), '"$/meta.json" was changed while mig ran; it stays as it is');
  assertEquals(readFileSync(`${folder.path}/meta.json`, "utf8"), "somebody else's");
});

Deno.test("replaceFile() fails with the file's name, and the file as it was", async () => {
  using folder = new TestFolder().write({ "meta.json/inside": "" });
  const error = await faultOf(() => replaceFile(`${folder.path}/meta.json`, "new"));
  assertEquals(error.code, "file-failed");
  assert(error.message.includes("meta.json"));
  assertEquals(readdirSync(folder.path), ["meta.json"]);
});
