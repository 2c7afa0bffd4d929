/** The program as JavaScript: the entry, and a chunk for each part that is loaded when it is used. */

import { emptyDir, walk } from "@std/fs";
import { withLateBuiltins } from "./late_builtins.ts";
import { ASSETS_IMPORT, writeAssets } from "./assets.ts";

/** What Bun resolves itself: packages that have files beside their code, and the module that stands for those files. */
const LEFT_TO_BUN = ["@electric-sql/pglite", "@electric-sql/pglite-tools", ASSETS_IMPORT];

/**
 * Bundles main.ts and what it needs into a folder.
 *
 * @returns the entry
 * @throws {Error} when it cannot be bundled
 */
export async function bundle(folder: string, cache: string): Promise<string> {
  await emptyDir(folder);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "bundle",
      "--quiet",
      "--platform=deno",
      "--code-splitting",
      `--outdir=${folder}`,
      ...LEFT_TO_BUN.map((name) => `--external=${name}`),
      "main.ts",
    ],
  }).output();
  if (!success) throw new Error(`cannot bundle main.ts:\n${new TextDecoder().decode(stderr)}`);
  await loadLate(folder);
  await writeAssets(folder, cache);
  return `${folder}/main.js`;
}

/** Has the chunks load what takes long, and is seldom used, when it is used. */
async function loadLate(folder: string): Promise<void> {
  let changed = 0;
  for await (const { path } of walk(folder, { includeDirs: false, exts: [".js"] })) {
    const text = await Deno.readTextFile(path);
    const late = withLateBuiltins(text);
    if (late === text) continue;
    await Deno.writeTextFile(path, late);
    changed++;
  }
  if (changed === 0) throw new Error("no chunk imports node:crypto: find out how it is written now");
}
