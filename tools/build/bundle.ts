/** The program as JavaScript: the entry, and a chunk for each part that is loaded when it is used. */

import { emptyDir } from "@std/fs";
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
      "--keep-names",
      `--outdir=${folder}`,
      ...LEFT_TO_BUN.map((name) => `--external=${name}`),
      "main.ts",
    ],
  }).output();
  if (!success) throw new Error(`cannot bundle main.ts:\n${new TextDecoder().decode(stderr)}`);
  await writeAssets(folder, cache);
  return `${folder}/main.js`;
}
