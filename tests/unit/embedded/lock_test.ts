import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type FolderWait, lockFolder } from "../../../src/embedded/lock.ts";
import { MigError } from "../../../src/error.ts";

async function inTempDir(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("lockFolder() gives the folder to one at a time", () =>
  inTempDir(async (folder) => {
    const lock = await lockFolder(folder, { waitMs: 0 });
    const error = await assertRejects(
      () => lockFolder(folder, { waitMs: 60 }),
      MigError,
      "this process uses",
    );
    assertEquals(error.code, "embedded-busy");
    assertEquals((error.data.holder as { pid: number }).pid, Deno.pid);
    lock.release();
    (await lockFolder(folder, { waitMs: 0 })).release();
  }));

Deno.test("lockFolder() keeps the lock through the attempts of others", () =>
  inTempDir(async (folder) => {
    const lock = await lockFolder(folder, { waitMs: 0 });
    for (let attempt = 0; attempt < 5; attempt++) {
      await assertRejects(() => lockFolder(folder, { waitMs: 0 }), MigError);
    }
    lock.release();
  }));

Deno.test("lockFolder() waits, tells for whom, and goes on when the folder is free", () =>
  inTempDir(async (folder) => {
    const waits: FolderWait[] = [];
    const first = await lockFolder(folder, { waitMs: 0 });
    const second = lockFolder(folder, { waitMs: 10_000, onWait: (wait) => waits.push(wait) });
    setTimeout(() => first.release(), 400);
    (await second).release();
    assertEquals(waits[0]!.holder!.pid, Deno.pid);
    assertStringIncludes(waits[0]!.holder!.since!, "T");
  }));

Deno.test("release() may be called twice, and does not take the lock from the next", () =>
  inTempDir(async (folder) => {
    const first = await lockFolder(folder, { waitMs: 0 });
    first.release();
    const second = await lockFolder(folder, { waitMs: 0 });
    first.release();
    await assertRejects(() => lockFolder(folder, { waitMs: 0 }), MigError);
    second.release();
  }));

Deno.test("lockFolder() does not mind what an earlier holder has left, or a damaged note of it", () =>
  inTempDir(async (folder) => {
    Deno.writeTextFileSync(`${folder}/holder.json`, "{");
    const lock = await lockFolder(folder, { waitMs: 0 });
    Deno.writeTextFileSync(`${folder}/holder.json`, "{");
    await assertRejects(() => lockFolder(folder, { waitMs: 0 }), MigError, "another process uses");
    lock.release();
  }));

Deno.test("lockFolder() says at once when the lock's file is something else", () =>
  inTempDir(async (folder) => {
    Deno.writeTextFileSync(
      `${folder}/lock`,
      "not a database, but long enough to be taken for one ".repeat(10),
    );
    const started = performance.now();
    const error = await assertRejects(() => lockFolder(folder, { waitMs: 5000 }), MigError, "cannot lock");
    assertEquals(error.code, "file-failed");
    assertEquals(performance.now() - started < 2000, true);
  }));

Deno.test("lockFolder() refuses a folder that is not there", async () => {
  await assertRejects(() => lockFolder("/nowhere/at/all", { waitMs: 0 }), MigError, "cannot lock");
});
