import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { claimFolder, prepareData } from "../../../src/embedded/folder.ts";
import type { TarEntry } from "../../../src/embedded/tar.ts";
import { MigError } from "../../../src/error.ts";

const FILES: readonly TarEntry[] = [
  { name: "PG_VERSION", content: new TextEncoder().encode("18\n") },
  { name: "base", content: null },
  { name: "base/1/112", content: new Uint8Array(8192) },
];

const give = () => Promise.resolve(FILES);
const refuse = () => Promise.reject(new Error("no data directory is to be made"));

async function inTempDir(test: (folder: string) => void | Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("prepareData() makes a data directory once", () =>
  inTempDir(async (folder) => {
    claimFolder(`${folder}/deep/down`);
    const data = await prepareData(`${folder}/deep/down`, give);
    assertEquals(Deno.readTextFileSync(`${data}/PG_VERSION`), "18\n");
    assertEquals(Deno.statSync(`${data}/base/1/112`).size, 8192);
    if (Deno.build.os !== "windows") assertEquals(Deno.statSync(data).mode! & 0o777, 0o700);
    assertEquals(await prepareData(`${folder}/deep/down`, refuse), data);
    claimFolder(`${folder}/deep/down`);
  }));

Deno.test("prepareData() begins again where it was killed half-way", () =>
  inTempDir(async (folder) => {
    Deno.mkdirSync(`${folder}/data.new/base`, { recursive: true });
    Deno.writeTextFileSync(`${folder}/data.new/half`, "");
    claimFolder(folder);
    const data = await prepareData(folder, give);
    assertEquals([...Deno.readDirSync(data)].map(({ name }) => name).sort(), ["PG_VERSION", "base"]);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), ["data", "pglite.json"]);
  }));

Deno.test("prepareData() leaves nothing that counts when it cannot write all of it", () =>
  inTempDir(async (folder) => {
    const half = () => Promise.resolve([...FILES, { name: "PG_VERSION/1", content: new Uint8Array(1) }]);
    await assertRejects(() => prepareData(folder, half), MigError, "cannot make the embedded database");
    assertEquals(Deno.readTextFileSync(`${await prepareData(folder, give)}/PG_VERSION`), "18\n");
  }));

Deno.test("prepareData() refuses data of another version of PGlite and says what to do", () =>
  inTempDir(async (folder) => {
    await prepareData(folder, give);
    Deno.writeTextFileSync(`${folder}/pglite.json`, '{"pglite": "0.3.2"}');
    const error = await assertRejects(() => prepareData(folder, refuse), MigError, "0.3.2");
    assertEquals(error.code, "embedded-version");
    assertStringIncludes(error.hints.join("\n"), `delete the folder "${folder}"`);
    assertEquals(Deno.readTextFileSync(`${folder}/data/PG_VERSION`), "18\n");
  }));

Deno.test("prepareData() refuses data whose marker or PG_VERSION is missing or damaged", async () => {
  const faults: [string, (folder: string) => void][] = [
    ["pglite.json", (folder) => Deno.removeSync(`${folder}/pglite.json`)],
    ["pglite.json", (folder) => Deno.writeTextFileSync(`${folder}/pglite.json`, "{")],
    ["PG_VERSION", (folder) => Deno.removeSync(`${folder}/data/PG_VERSION`)],
    ["PG_VERSION", (folder) => Deno.writeTextFileSync(`${folder}/data/PG_VERSION`, "")],
  ];
  for (const [name, damage] of faults) {
    await inTempDir(async (folder) => {
      await prepareData(folder, give);
      damage(folder);
      const error = await assertRejects(() => prepareData(folder, refuse), MigError, name);
      assertEquals(error.code, "embedded-failed");
    });
  }
});

Deno.test("claimFolder() refuses a folder in which there is something else", () =>
  inTempDir((folder) => {
    Deno.writeTextFileSync(`${folder}/thesis.txt`, "");
    const error = assertThrows(() => claimFolder(folder), MigError, '"thesis.txt"');
    assertEquals(error.code, "embedded-failed");
    assertEquals([...Deno.readDirSync(folder)].length, 1);
  }));

Deno.test("claimFolder() says of a data directory that it is one which mig did not make", () =>
  inTempDir((folder) => {
    Deno.writeTextFileSync(`${folder}/PG_VERSION`, "18\n");
    assertThrows(() => claimFolder(folder), MigError, "a data directory of PostgreSQL");
  }));

Deno.test("claimFolder() takes an empty folder, and one with nothing but dot files", () =>
  inTempDir((folder) => {
    claimFolder(folder);
    Deno.writeTextFileSync(`${folder}/.gitignore`, "*\n");
    claimFolder(folder);
  }));

Deno.test("claimFolder() says when a file is in the way", () =>
  inTempDir((folder) => {
    Deno.writeTextFileSync(`${folder}/file`, "");
    for (const path of [`${folder}/file`, `${folder}/file/below`]) {
      assertEquals(assertThrows(() => claimFolder(path), MigError).code, "file-failed");
    }
  }));
