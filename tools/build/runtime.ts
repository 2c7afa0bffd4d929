/** Bun's executable for a platform, made deaf to the variables that would turn mig into something else. */

import { emptyDir, ensureDir } from "@std/fs";
import { npmFolder } from "./npm.ts";
import { BUN_VERSION, type Target } from "./target.ts";

/**
 * The variables that Bun's runtime obeys in a compiled executable too: BUN_BE_BUN=1 makes it the bun command, BUN_OPTIONS adds
 * flags to its command line. A user who has them set for other work would get another program than mig.
 */
const VARIABLES = ["BUN_BE_BUN", "BUN_OPTIONS"];

/** Bun as npm has it, for running it here. */
export async function bunExecutable(target: Target): Promise<string> {
  const folder = await npmFolder(`@oven/${target.runtime}`, BUN_VERSION, target.integrity);
  const path = `${folder}/bin/bun${target.suffix}`;
  if (Deno.build.os !== "windows") await Deno.chmod(path, 0o755);
  return path;
}

/** Bun as it goes into the executable; made once for each version. */
export async function embeddableRuntime(target: Target, cache: string): Promise<string> {
  const folder = `${cache}/${target.runtime}-${BUN_VERSION}-deaf`;
  const path = `${folder}/bun${target.suffix}`;
  try {
    await Deno.stat(path);
    return path;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const bytes = await Deno.readFile(await bunExecutable(target));
  for (const name of VARIABLES) deafen(bytes, name);
  const work = `${folder}.${Deno.pid}`;
  await emptyDir(work);
  await Deno.writeFile(`${work}/bun${target.suffix}`, bytes, { mode: 0o755 });
  await ensureDir(cache);
  // Whole or not at all: two builds may run at once.
  await Deno.rename(work, folder).catch(() => Deno.remove(work, { recursive: true }));
  return path;
}

/** Writes a name of the same length over every mention of a variable: one that no shell can set. */
function deafen(bytes: Uint8Array, name: string): void {
  const wanted = new TextEncoder().encode(name);
  let found = 0;
  for (let at = bytes.indexOf(wanted[0]!); at >= 0; at = bytes.indexOf(wanted[0]!, at + 1)) {
    if (wanted.some((byte, i) => bytes[at + i] !== byte)) continue;
    bytes.fill(UNSETTABLE, at, at + 3);
    found++;
  }
  if (found === 0) throw new Error(`${name} is not in Bun ${BUN_VERSION}: find out what has become of it`);
}

/** A control character: `\x01\x01\x01_BE_BUN`. */
const UNSETTABLE = 1;
