import { assertEquals } from "@std/assert";
import { gunzipSync, gzipSync } from "node:zlib";
import { readCache, userCacheDir, writeCache } from "../../../src/embedded/cache.ts";

const CONTENT = new TextEncoder().encode("content");

async function inTempDir(test: (folder: string) => void | Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("userCacheDir() follows each system's custom", () => {
  assertEquals(userCacheDir("linux", { HOME: "/home/ada" }), "/home/ada/.cache/mig");
  assertEquals(userCacheDir("linux", { HOME: "/home/ada", XDG_CACHE_HOME: "/var/ada" }), "/var/ada/mig");
  assertEquals(userCacheDir("linux", { HOME: "/home/ada", XDG_CACHE_HOME: "" }), "/home/ada/.cache/mig");
  assertEquals(userCacheDir("darwin", { HOME: "/Users/ada" }), "/Users/ada/Library/Caches/mig");
  assertEquals(userCacheDir("win32", { LOCALAPPDATA: "/local" }), "/local/mig");
});

Deno.test("userCacheDir() gives null where the environment has no home", () => {
  for (const platform of ["linux", "darwin", "win32"]) assertEquals(userCacheDir(platform, {}), null);
});

Deno.test("readCache() gives what writeCache() has kept, and leaves nothing else behind", () =>
  inTempDir((folder) => {
    const cache = `${folder}/new/cache`;
    writeCache(cache, "a.gz", gzipSync(CONTENT));
    assertEquals(new Uint8Array(readCache(cache, "a.gz", gunzipSync)!), CONTENT);
    assertEquals([...Deno.readDirSync(cache)].map(({ name }) => name), ["a.gz"]);
  }));

Deno.test("readCache() ignores a file that is damaged, cut off or missing", () =>
  inTempDir((folder) => {
    const whole = gzipSync(new Uint8Array(10_000).map((_, at) => at * at));
    const damaged = Uint8Array.from(whole);
    damaged[damaged.length >> 1]! ^= 0xff;
    for (const bytes of [damaged, whole.subarray(0, -9), new Uint8Array()]) {
      writeCache(folder, "a.gz", bytes);
      assertEquals(readCache(folder, "a.gz", gunzipSync), null);
    }
    assertEquals(readCache(folder, "b.gz", gunzipSync), null);
    assertEquals(readCache(null, "a.gz", gunzipSync), null);
  }));

Deno.test("writeCache() does without a folder that cannot be made", () =>
  inTempDir((folder) => {
    Deno.writeTextFileSync(`${folder}/file`, "");
    writeCache(`${folder}/file/cache`, "a.gz", CONTENT);
    writeCache(null, "a.gz", CONTENT);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["file"]);
  }));
