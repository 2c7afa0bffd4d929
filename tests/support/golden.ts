/** Golden files: outputs that are reviewed like prose. MIG_UPDATE_GOLDEN=1 writes them anew. */

import { assertEquals } from "@std/assert";
import { ensureDir } from "@std/fs";
import { ROOT } from "./mig.ts";

/** Asserts that a text is the golden one, after what differs from run to run has been replaced. */
export async function assertGolden(
  name: string,
  text: string,
  replace: readonly (readonly [string | RegExp, string])[] = [],
): Promise<void> {
  const path = `${ROOT}tests/golden/${name}`;
  let actual = text;
  for (const [from, to] of replace) actual = actual.replaceAll(from as string, to);
  if (Deno.env.get("MIG_UPDATE_GOLDEN") === "1") {
    await ensureDir(path.replace(/\/[^/]*$/, ""));
    await Deno.writeTextFile(path, actual);
    return;
  }
  assertEquals(actual, await Deno.readTextFile(path), `differs from tests/golden/${name}`);
}
