/** The program as JavaScript: the entry, and a chunk for each part that is loaded when it is used. */

import { emptyDir } from "@std/fs";

/** What Bun resolves itself, since it comes with files beside its code. */
const LEFT_TO_BUN = ["@electric-sql/pglite"];

/**
 * Bundles main.ts into a folder.
 *
 * @throws {Error} when it cannot be bundled
 */
export async function bundle(folder: string): Promise<void> {
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
}
